"""One world for all the threats: that of the access tests, made once for a worker, each test taken back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.access.held import Held, renew
from tests.access.world import World
from vecu.core import vault


@pytest.fixture(scope="package")
def whole_world(held: Held) -> Iterator[World]:
    with held.shared() as world:
        yield world


@pytest.fixture
def world(whole_world: World, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        renew(whole_world)
        yield whole_world
        transaction.set_rollback(True)
    vault.forget()


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Refusals are what these tests look for: their log lines only hide what is wrong."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
