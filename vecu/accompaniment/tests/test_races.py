"""Two coordinators, one second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from tests.cast import actor_of
from vecu.accompaniment.actions import proposals, requests
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import ProposalState, RequestSource
from vecu.accompaniment.models import Pair, Proposal, SupportRequest
from vecu.accompaniment.tests.factories_pairs import World
from vecu.core.errors import Refused
from vecu.peers.models import Peer
from vecu.people.tests.factories import MembershipFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world() -> World:
    return World()


def at_once(*verbs: Callable[[], Any]) -> list[str]:
    """Run these at the same moment; what each came to: "done" or the code of its refusal."""
    gate, outcomes = threading.Barrier(len(verbs)), []

    def run(verb: Callable[[], Any]) -> None:
        gate.wait()
        try:
            verb()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=[verb]) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


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
    assert outcomes == ["done", "stale"]
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
