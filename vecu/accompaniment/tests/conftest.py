from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, make_cast, sign_in
from vecu.accompaniment.models import Programme
from vecu.accompaniment.tests.factories import ProgrammeFactory


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def programme(cast: Cast) -> Programme:
    return ProgrammeFactory(organisation=cast.committee)


@pytest.fixture
def claire(client: Client, cast: Cast) -> Client:
    return sign_in(client, cast.claire)
