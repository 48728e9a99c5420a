"""The world of the access tests serves here too, for a file of tests: some of these make a world of their own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.conftest import _silence
from tests.access.world import World, at_the_usual_hour, make_world

__all__ = ["_silence"]


@pytest.fixture(scope="module")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), at_the_usual_hour(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)
