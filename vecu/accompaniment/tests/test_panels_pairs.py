"""What each is shown of pairs in the morning, in a fixed number of queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import actor_of
from vecu.accompaniment import panels
from vecu.accompaniment.actions import closing, contacts, follow_ups, pairs, proposals
from vecu.accompaniment.enums import FollowUpKind
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core import vault
from vecu.people import actions as people_actions
from vecu.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def test_the_coordinator_sees_what_is_late_and_what_is_asked(world: World) -> None:
    world.propose(now=at(-4))
    pair = world.pair(world.ask(), world.marc, now=at(-5), choice_reason="story")
    assert len(panels.pairs_today(world.claire, at(8)).late) == 2
    closing.ask_change(pair, actor=actor_of(pair.beneficiary))
    shown = panels.pairs_today(world.claire, at(8))
    assert (len(shown.late), len(shown.asked)) == (1, 1)
    assert shown.points


def test_it_is_said_that_others_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "SHOWN", 1)
    world.pair(now=at(-5))
    shown = panels.pairs_today(world.claire, at(4))
    assert (len(shown.late), shown.has_more) == (1, False)
    world.pair(world.ask(), world.marc, now=at(-5), choice_reason="story")
    shown = panels.pairs_today(world.claire, at(4))
    assert (len(shown.late), shown.has_more) == (1, True)


def test_silence_hard_contacts_and_grief(world: World) -> None:
    pair = world.pair(now=at(-3))
    contacts.log_contact(
        pair,
        actor=world.helene_actor,
        happened_on=at(-1).date(),
        channel="phone",
        duration="hour",
        feeling="mixed",
        needs_support=True,
    )
    assert len(panels.pairs_today(world.claire, at(0)).asked) == 1
    assert len(panels.pairs_today(world.claire, at(40)).late) == 1
    people_actions.stop_person(world.cast.nadia, actor=world.claire, reason="death")
    after = panels.pairs_today(world.claire, at(40))
    assert (len(after.late), len(after.points)) == (0, 1)


def test_the_peer_sees_what_is_asked_then_the_exchange(world: World) -> None:
    proposal = world.propose()
    assert len(panels.peer_today(world.helene_actor, at(0)).proposals) == 1
    proposals.accept(proposal, actor=world.helene_actor, now=at(-5))
    shown = panels.peer_today(world.helene_actor, at(0))
    assert (len(shown.proposals), len(shown.pairs)) == (0, 1)


def test_the_person_sees_her_exchange(world: World) -> None:
    world.pair()
    assert len(panels.beneficiary_today(world.nadia_actor, at(0)).pairs) == 1


def test_other_organisation_sees_nothing(world: World) -> None:
    world.pair()
    for person in (world.cast.youssef, world.cast.bertrand, world.cast.etienne):
        assert panels.pairs_today(actor_of(person), at(30)).count == 0


def test_same_queries_with_more_pairs(world: World) -> None:
    def cost(call: Any) -> int:
        vault.forget()
        with CaptureQueriesContext(connection) as found:
            call()
        return len(found)

    calls = [
        lambda: panels.pairs_today(world.claire, at(60)),
        lambda: panels.peer_today(world.helene_actor, at(60)),
        lambda: panels.beneficiary_today(world.nadia_actor, at(60)),
    ]
    world.helene.max_pairs = 9
    world.helene.save()
    world.pair(now=at(-9))
    world.pair(world.ask(), now=at(-9), choice_reason="story")
    pairs.ask_for_call(world.pair(world.ask(), now=at(-9), choice_reason="story"), actor=world.helene_actor)
    few = [cost(call) for call in calls]
    for _n in range(4):
        world.pair(world.ask(), now=at(-9), choice_reason="story")
        world.propose(world.ask(), world.new_peer(), now=at(-4), choice_reason="story")
    assert [cost(call) for call in calls] == few


def test_each_line_says_what_its_day_is(world: World) -> None:
    """A bare date says nothing: promised, last heard of, asked, due."""
    pair = world.pair(now=at(-3))
    world.propose(world.ask(), world.marc, now=at(-4), choice_reason="story")
    late = panels.pairs_today(world.claire, at(20)).late
    assert [line.when.split(" le ")[0] for line in late] == ["réponse attendue", "premier contact prévu"]
    closing.ask_change(pair, actor=actor_of(pair.beneficiary))
    (asked,) = panels.pairs_today(world.claire, at(20)).asked
    assert asked.when.startswith("demandé le ")


def test_whoever_has_no_account_is_rung_and_late_when_nobody_did(world: World) -> None:
    request = world.ask()
    Person.objects.filter(pk=request.person_id).update(user=None)
    pair = world.pair(SupportRequest.objects.get(pk=request.pk), now=at(-3), choice_reason="story")
    (line,) = panels.pairs_today(world.claire, at(-2)).asked
    assert "un appel est à organiser" in line.what and line.when.startswith("premier contact prévu le ")
    late = panels.pairs_today(world.claire, at(5))
    assert (late.asked, [one.what for one in late.late]) == (
        [],
        ["ne se sont pas encore parlé\u00a0: un appel est à organiser"],
    )
    pairs.plan_call(pair, actor=world.claire, call_at=at(6))
    (in_time,) = panels.pairs_today(world.claire, at(5.5)).late
    assert "appel" not in in_time.what
    (missed,) = panels.pairs_today(world.claire, at(8)).late
    assert missed.what == "l’appel prévu n’est pas encore noté"


def test_a_peer_in_grief_comes_before_every_other_point(world: World) -> None:
    world.pair(world.ask(), world.marc, now=at(-60), choice_reason="story")
    world.pair(now=at(-3))
    people_actions.stop_person(world.cast.nadia, actor=world.claire, reason="death")
    points = panels.pairs_today(world.claire, at(0)).points
    assert len(points) > 1
    assert points[0].what == str(FollowUpKind.BEREAVEMENT.label)
    assert not points[0].late
    assert points[1].late.startswith("En retard de ")


def test_a_silence_is_said_once(world: World) -> None:
    """It is in the late things: the point it opened is not a second line."""
    pair = world.pair(now=at(-3))
    follow_ups.in_touch(pair, at=at(-2), now=at(-2))
    follow_ups.look_at_silent(at(60))
    assert pair.follow_ups.filter(kind=FollowUpKind.SILENCE).exists()
    shown = panels.pairs_today(world.claire, at(60))
    assert len(shown.late) == 1
    assert str(FollowUpKind.SILENCE.label) not in {point.what for point in shown.points}


def test_later_points_are_told_apart_by_their_weeks(world: World) -> None:
    pair = world.pair(now=at(0))
    later = pair.follow_ups.filter(kind=FollowUpKind.LATER)
    labels = [point.label for point in later]
    assert len(labels) > 1
    assert labels == [f"À {weeks} semaines" for weeks in pair.request.programme.follow_up_weeks]
