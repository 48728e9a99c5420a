"""The world of the access tests, made once for a worker and taken back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.world import World, at_the_usual_hour, make_world


@pytest.fixture(scope="package")
def world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), at_the_usual_hour(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Hundreds of refusals are what these tests look for: their log lines only hide what is wrong."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
