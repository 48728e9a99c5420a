"""Two coordinators, one second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from tests.cast import actor_of
from tests.races import at_once
from vecu.accompaniment.actions import closing, contacts, pairs, proposals, requests
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import PairState, ProposalState, RequestSource, RequestState
from vecu.accompaniment.models import Pair, Proposal, SupportRequest
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core.errors import Refused
from vecu.peers.models import Peer
from vecu.people.tests.factories import MembershipFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return World()


def crossing(first: Callable[[], Any], second: Callable[[], Any]) -> str:
    """`first` is done and not yet committed when `second` starts, and waits for it: what the second one came to."""
    done, code = threading.Event(), []

    def run() -> None:
        done.wait(timeout=20)
        try:
            second()
            code.append("done")
        except Refused as refusal:
            code.append(refusal.code)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    with transaction.atomic():
        first()
        done.set()
        someone_waits()
    thread.join(timeout=30)
    return code[0]


def someone_waits() -> None:
    """Until another session is held up by what this transaction wrote."""
    for _try in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.02)
    raise AssertionError("nobody waited")


def test_everything_stops_although_a_peer_says_yes_in_that_second(world: World) -> None:
    proposal = world.propose()
    came_to = crossing(
        lambda: proposals.accept(Proposal.objects.get(pk=proposal.pk), actor=world.helene_actor),
        lambda: closing.stop_accompaniment(world.cast.nadia.pk, reason="distress", actor=world.claire),
    )
    assert came_to == "done"
    assert Pair.objects.get().state == PairState.CLOSED
    assert SupportRequest.objects.get(pk=world.request.pk).state == RequestState.CLOSED


def test_a_pause_stands_although_the_peer_says_no_in_that_second(world: World) -> None:
    proposal = world.propose()
    came_to = crossing(
        lambda: proposals.decline(Proposal.objects.get(pk=proposal.pk), actor=world.helene_actor),
        lambda: proposals.withdraw_from_peer(world.helene, actor=world.claire),
    )
    proposal.refresh_from_db()
    assert (came_to, proposal.state) == ("done", ProposalState.DECLINED)


def test_a_first_message_is_not_refused_by_a_first_contact_logged(world: World) -> None:
    pair, now = world.pair(now=at(-2)), at(0)
    came_to = crossing(
        lambda: contacts.log_contact(
            pair, actor=world.helene_actor, happened_on=at(-1).date(), channel="phone", duration="hour", feeling="good"
        ),
        lambda: note(pair, world, now),
    )
    found = Pair.objects.get(pk=pair.pk)
    assert (came_to, found.state, found.last_contact_at) == ("done", PairState.ONGOING, now)


@transaction.atomic
def note(pair: Pair, world: World, now: datetime) -> None:
    pairs.note_message(pair.thread_id, world.cast.helene.pk, now)


def test_the_last_place_is_given_once(world: World) -> None:
    world.helene.max_pairs = 1
    world.helene.save()
    requests = [world.request, world.ask(), world.ask(), world.ask()]
    outcomes = at_once(
        *(
            lambda request=request: proposals.propose(
                request, Peer.objects.get(pk=world.helene.pk), actor=world.claire, choice_reason="story"
            )
            for request in requests
        )
    )
    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", "full", "not_possible"}
    world.helene.refresh_from_db()
    assert (world.helene.active_pairs, Proposal.objects.count()) == (1, 1)


def test_one_request_is_proposed_once(world: World) -> None:
    outcomes = at_once(
        lambda: proposals.propose(world.request, world.helene, actor=world.claire, choice_reason="story"),
        lambda: proposals.propose(world.request, world.marc, actor=world.claire, choice_reason="story"),
    )
    assert outcomes.count("done") == 1
    assert Proposal.objects.count() == 1
    taken = Peer.objects.filter(pk__in=[world.helene.pk, world.marc.pk]).values_list("active_pairs", flat=True)
    assert sorted(taken) == [0, 1]


def test_yes_and_take_back_at_once_leave_one_story(world: World) -> None:
    proposal = world.propose()
    outcomes = at_once(
        lambda: proposals.accept(Proposal.objects.get(pk=proposal.pk), actor=world.helene_actor),
        lambda: proposals.withdraw(Proposal.objects.get(pk=proposal.pk), actor=world.claire),
    )
    assert sorted(outcomes) == ["done", "stale"]
    proposal.refresh_from_db()
    world.helene.refresh_from_db()
    accepted = proposal.state == ProposalState.ACCEPTED
    assert (Pair.objects.count(), world.helene.active_pairs) == ((1, 1) if accepted else (0, 0))


def test_requests_of_the_same_second_get_numbers_that_follow(world: World) -> None:
    """Numbers are read out on the phone: two people never hold the same one, and none is skipped."""
    first = world.request.number
    people = [MembershipFactory(organisation=world.organisation, beneficiary=True).person for _n in range(6)]
    outcomes = at_once(
        *(
            # Known here already, so that nothing is written before the number is drawn.
            lambda person=person: requests.receive_request(
                world.programme,
                actor=actor_of(person),
                source=RequestSource.ONLINE,
                asker=Asker(given_name=person.given_name),
                told=Told(),
            )
            for person in people
        )
    )
    assert outcomes == ["done"] * 6
    numbers = SupportRequest.objects.exclude(pk=world.request.pk).values_list("number", flat=True)
    assert sorted(numbers) == list(range(first + 1, first + 7))
