"""Who sees which threads, messages and notices: set equality, in a world of two organisations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from vecu.messaging import actions
from vecu.messaging.models import Message, Notice, Participant, Thread
from vecu.messaging.panels import unread_by_thread
from vecu.messaging.tests.factories import Exchange, actor_for, make_exchange, member
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import STORED_ROLES, Role
from vecu.people.tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> list[Exchange]:
    """Two exchanges here, one in the other organisation, each with a line from both."""
    here, there = OrganisationFactory(), OrganisationFactory()
    exchanges = [make_exchange(here), make_exchange(here), make_exchange(there)]
    for exchange in exchanges:
        exchange.write("bonjour")
        exchange.write("merci", by="person")
    return exchanges


def test_each_of_the_two_sees_their_thread_and_no_other(world: list[Exchange]) -> None:
    for exchange in world:
        for actor in (exchange.peer_actor, exchange.person_actor):
            assert set(Thread.objects.visible_to(actor)) == {exchange.thread}
            assert set(Message.objects.visible_to(actor)) == set(Message.objects.filter(thread=exchange.thread))
            assert {seat.person_id for seat in Participant.objects.visible_to(actor)} == {actor.person_id}


@pytest.mark.parametrize("role", [role for role in STORED_ROLES if role not in (Role.PEER, Role.BENEFICIARY)])
def test_no_role_has_a_standing_right_to_read(world: list[Exchange], role: Role) -> None:
    organisation = world[0].organisation
    actor = actor_for(member(organisation, role), organisation, role)
    # Even with a peer's rights besides, one sees one's own threads: none.
    for held in (actor, replace(actor, roles=frozenset({role, Role.PEER, Role.BENEFICIARY}))):
        assert set(Thread.objects.visible_to(held)) == set()
        assert set(Message.objects.visible_to(held)) == set()


def test_visitors_see_nothing(world: list[Exchange]) -> None:
    for model in (Thread, Message, Participant, Notice):
        assert set(model.objects.visible_to(PUBLIC)) == set()


def test_vecu_itself_sees_all(world: list[Exchange]) -> None:
    assert Thread.objects.visible_to(system()).count() == 3


def test_leaving_takes_away_sight_and_blocking_does_not(world: list[Exchange]) -> None:
    actions.leave(world[0].thread, actor=world[0].person_actor)
    actions.block(world[1].thread, actor=world[1].person_actor)
    assert set(Message.objects.visible_to(world[0].person_actor)) == set()
    assert Message.objects.visible_to(world[0].peer_actor).count() == 2
    assert Message.objects.visible_to(world[1].person_actor).count() == 2


def test_blocked_with_goes_both_ways(world: list[Exchange]) -> None:
    first, second, _other = world
    actions.block(first.thread, actor=first.person_actor)
    assert Participant.objects.blocked_with(first.peer.pk) == {first.person.pk}
    assert Participant.objects.blocked_with(first.person.pk) == {first.peer.pk}
    assert Participant.objects.blocked_with(second.peer.pk) == set()


def test_unread_by_thread(world: list[Exchange]) -> None:
    exchange = world[0]
    exchange.write("un", "deux")
    ids = [each.thread.pk for each in world]
    assert unread_by_thread(exchange.person_actor, ids) == {exchange.thread.pk: 2}
    # The peer wrote last, so has read everything.
    assert unread_by_thread(exchange.peer_actor, ids) == {}
    assert unread_by_thread(system(), ids) == {}
