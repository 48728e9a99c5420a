"""The left column of « Trouver un pair »: who is looked for first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from vecu.accompaniment import context
from vecu.accompaniment.context import waiting
from vecu.accompaniment.tests.factories_pairs import World, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_a_near_date_comes_first_however_many_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Received last, with an operation in three days: not cut off behind those who asked before."""
    monkeypatch.setattr(waiting, "QUEUE_LENGTH", 2)
    world.ask(received_at=at(-9))
    dated = world.ask(received_at=at(-1), fixed_on=timezone.localdate() + timedelta(days=3))
    shown = context.queue(world.claire, None, timezone.now())
    assert (shown[0].pk, shown[0].badge) == (dated.pk, "Date fixe")
    assert len(shown) == 2


def test_a_date_that_has_passed_is_no_date(world: World) -> None:
    passed = world.ask(received_at=at(-2), fixed_on=timezone.localdate() - timedelta(days=1))
    shown = context.queue(world.claire, None, timezone.now())
    assert [item.pk for item in shown] == [world.request.pk, passed.pk]
    assert [item.badge for item in shown] == ["La plus ancienne", ""]
