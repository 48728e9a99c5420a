from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, make_cast, sign_in


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def enter(client: Client, cast: Cast) -> Any:
    """Sign in as one of the cast."""
    return lambda name: sign_in(client, getattr(cast, name))
