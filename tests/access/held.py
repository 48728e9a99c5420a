"""One world a worker, for all the tests that look at it or take back what they do: making it takes seconds.

It is held in an open transaction, from the first test that asks for it to the first one that knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Model

from tests.access.world import World, at_the_usual_hour, make_world
from vecu.core import vault


class Held:
    """A plugin of pytest too: it hears of each test before the test begins."""

    def __init__(self, blocker: Any) -> None:
        self.blocker, self.opened = blocker, ExitStack()
        self.world: World | None = None
        self.users = 0

    @contextmanager
    def shared(self) -> Iterator[World]:
        """The world, for a module or a package of tests, with its rows as they were when it was made."""
        with self.blocker.unblock():
            if self.world is None:
                self.opened.enter_context(at_the_usual_hour())
                self.opened.enter_context(transaction.atomic())
                self.world = make_world()
            else:
                renew(self.world)
            self.users += 1
            try:
                yield self.world
            finally:
                self.users -= 1

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        if not self.users and "held" not in getattr(item, "fixturenames", ()):
            self.let_go()

    def let_go(self) -> None:
        if self.world is not None:
            with self.blocker.unblock():
                transaction.set_rollback(True)
                self.opened.close()
            self.world = None
            vault.forget()


def renew(world: World) -> None:
    """What the tests before did was taken back in the database; the rows at hand are read again."""
    sides = (world.here, world.there)
    known = [*world.cast.people.values(), *world.others.values()]
    known += [person for side in sides for person in (side.psychologist, side.person)]
    for person in known:
        person.refresh_from_db()
    for side in sides:
        for name, row in side.rows.items():
            if isinstance(row, Model):
                side.rows[name] = type(row)._base_manager.get(pk=row.pk)
    vault.forget()
