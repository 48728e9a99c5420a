"""One world for all the threats: that of the access tests, made once for a worker, each test taken back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from tests.access.world import World, at_the_usual_hour, make_world
from vecu.core import vault


@pytest.fixture(scope="package")
def whole_world(django_db_setup: Any, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), at_the_usual_hour(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture
def world(whole_world: World, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        renew(whole_world)
        yield whole_world
        transaction.set_rollback(True)
    vault.forget()


def renew(world: World) -> None:
    """What the test before did was taken back in the database; the rows at hand are read again."""
    for person in world.cast.people.values():
        person.refresh_from_db()
    for side in (world.here, world.there):
        for name, row in side.rows.items():
            if isinstance(row, Model):
                side.rows[name] = type(row)._base_manager.get(pk=row.pk)


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Refusals are what these tests look for: their log lines only hide what is wrong."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
