"""The copy of a peer says nothing of what the person they followed went through, nor why that person stopped."""

from __future__ import annotations

from typing import Any

import pytest

from vecu.accompaniment.actions import closing, follow_ups
from vecu.accompaniment.enums import FollowUpKind, PairClosing
from vecu.accompaniment.exports import met
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.people import actions as people_actions
from vecu.people.enums import StopReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def said(person: Any) -> str:
    """All the words of this part of someone's copy."""
    return " ".join(str(value) for section in met(person) for row in section.rows for value in row.values())


def test_a_change_of_peer_gives_the_peer_no_reason(world: World) -> None:
    closing.change_peer(world.pair(), actor=world.claire)
    reason = str(PairClosing.CHANGE_OF_PEER.label)
    assert reason in said(world.cast.nadia)
    assert reason not in said(world.cast.helene)


def test_a_peer_who_ended_it_reads_why_they_did(world: World) -> None:
    pair = world.pair()
    closing.close_pair(pair, actor=world.claire, closing="need_met")
    assert str(PairClosing.NEED_MET.label) not in said(world.cast.helene)
    type(pair).objects.filter(pk=pair.pk).update(closed_by=world.cast.helene)
    assert str(PairClosing.NEED_MET.label) in said(world.cast.helene)


def test_a_death_is_not_read_in_a_copy(world: World) -> None:
    world.pair()
    people_actions.stop_person(world.cast.nadia, actor=world.claire, reason=StopReason.DEATH)
    words = said(world.cast.helene)
    assert str(PairClosing.DEATH.label) not in words
    assert str(FollowUpKind.BEREAVEMENT.label) not in words


def test_a_silence_is_the_coordinators_watch(world: World) -> None:
    pair = world.pair(now=at(-90))
    follow_ups.first_contact(pair, at=at(-80), now=at(-80))
    assert follow_ups.look_at_silent(at(0)) == 1
    for person in (world.cast.helene, world.cast.nadia):
        assert str(FollowUpKind.SILENCE.label) not in said(person)
        assert str(FollowUpKind.ONE_MONTH.label) in said(person)
