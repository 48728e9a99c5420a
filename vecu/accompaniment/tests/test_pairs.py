"""Contacts, follow-ups, endings, questions at the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.accompaniment import panels
from vecu.accompaniment.actions import closing, contacts, evaluations, follow_ups, pairs
from vecu.accompaniment.enums import (
    EVALUATED_CLOSINGS,
    FollowUpKind,
    PairClosing,
    PairState,
    RequestClosing,
    RequestState,
)
from vecu.accompaniment.models import Contact, Evaluation, FollowUp, Pair, SupportRequest
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core.errors import Denied, Refused
from vecu.core.tables import Job, JournalEntry
from vecu.messaging.actions import messages, threads
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Notice
from vecu.people import actions as people_actions
from vecu.people.actor import system
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.models import Person
from vecu.people.tests.factories import MembershipFactory
from vecu.safeguarding.models import TalkRequest

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def pair(world: World) -> Pair:
    return world.pair(now=at(-10))


def log(pair: Pair, world: World, day: int = 0, **fields: Any) -> Contact:
    given = {"channel": "phone", "duration": "half_hour", "feeling": "good", "happened_on": at(day).date(), **fields}
    return contacts.log_contact(pair, actor=world.helene_actor, **given)


class TestContact:
    def test_the_first_one_starts_the_pair(self, world: World, pair: Pair) -> None:
        log(pair, world, day=-8)
        pair.refresh_from_db()
        world.request.refresh_from_db()
        assert pair.state == PairState.ONGOING
        assert timezone.localdate(pair.first_contact_at) == at(-8).date()
        assert world.request.first_contact_at == pair.first_contact_at
        assert pair.silent_from == pair.first_contact_at + timedelta(days=30)
        after_first = pair.follow_ups.get(kind=FollowUpKind.AFTER_FIRST)
        assert after_first.due_on == at(-1).date()

    def test_an_older_one_does_not_turn_the_clock_back(self, world: World, pair: Pair) -> None:
        log(pair, world, day=-2)
        log(pair, world, day=-5)
        pair.refresh_from_db()
        assert timezone.localdate(pair.last_contact_at) == at(-2).date()

    @pytest.mark.parametrize(("day", "code"), [(1, "in_the_future"), (-11, "too_early")])
    def test_unlikely_days(self, world: World, pair: Pair, day: int, code: str) -> None:
        with pytest.raises(Refused) as refusal:
            log(pair, world, day=day)
        assert refusal.value.code == code

    @pytest.mark.parametrize("field", ["channel", "duration", "feeling"])
    def test_an_answer_outside_the_list(self, world: World, pair: Pair, field: str) -> None:
        with pytest.raises(Refused):
            log(pair, world, **{field: "<script>"})

    def test_unknown_themes_are_dropped(self, world: World, pair: Pair) -> None:
        assert log(pair, world, themes=["work", "x", "fear"]).themes == ["work", "fear"]

    def test_needing_to_talk_reaches_the_psychologist(self, world: World, pair: Pair) -> None:
        log(pair, world, feeling="hard", needs_support=True)
        assert TalkRequest.objects.get().person_id == world.cast.helene.pk

    def test_nobody_else_logs(self, world: World, pair: Pair) -> None:
        for actor in (world.claire, world.nadia_actor, world.marc_actor, actor_of(world.cast.aicha)):
            with pytest.raises(Denied):
                contacts.log_contact(
                    pair, actor=actor, happened_on=at(0).date(), channel="phone", duration="hour", feeling="good"
                )

    def test_closed_is_closed(self, world: World, pair: Pair) -> None:
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        with pytest.raises(Refused):
            log(pair, world)

    def test_a_message_is_a_contact_too(self, world: World, pair: Pair) -> None:
        messages.send_message(pair.thread, actor=world.nadia_actor, body="Bonjour")
        pair.refresh_from_db()
        assert pair.state == PairState.STARTING  # she waits for the peer's first step
        messages.send_message(pair.thread, actor=world.helene_actor, body="Bonjour Nadia")
        pair.refresh_from_db()
        assert pair.state == PairState.ONGOING

    def test_a_reminder_once_a_week_at_most(self, world: World, pair: Pair) -> None:
        log(pair, world, day=-8)
        pairs.note_message(pair.thread_id, world.cast.nadia.pk, at(-1))
        assert contacts.remind_to_log(at(0)) == 0
        assert contacts.remind_to_log(at(2)) == 1
        assert contacts.remind_to_log(at(3)) == 0
        assert contacts.remind_to_log(at(12)) == 0
        pairs.note_message(pair.thread_id, world.cast.nadia.pk, at(20))
        assert contacts.remind_to_log(at(23)) == 1


class TestFollowUp:
    def test_recorded_once(self, world: World, pair: Pair) -> None:
        point = pair.follow_ups.first()
        follow_ups.record(point, actor=world.claire, outcome="goes_well")
        with pytest.raises(Refused):
            follow_ups.record(FollowUp.objects.get(pk=point.pk), actor=world.claire, outcome="to_watch")

    def test_not_reached_is_tried_again(self, world: World, pair: Pair) -> None:
        point = pair.follow_ups.get(kind=FollowUpKind.ONE_MONTH)
        follow_ups.record(point, actor=world.claire, outcome="not_reached")
        again = pair.follow_ups.get(kind=FollowUpKind.ONE_MONTH, done_at=None)
        assert again.due_on == timezone.localdate() + timedelta(days=7)

    def test_a_change_that_is_needed_waits_on_the_first_screen(self, world: World, pair: Pair) -> None:
        """Said once, to the other coordinators only; not about an exchange that has ended."""
        other = MembershipFactory(organisation=world.organisation, coordinator=True).person
        first, second = pair.follow_ups.all()[:2]
        follow_ups.record(first, actor=world.claire, outcome="change", now=at(0))
        follow_ups.record(second, actor=world.claire, outcome="change", now=at(1))
        pair.refresh_from_db()
        assert pair.change_asked_at == at(0)
        (shown,) = panels.pairs_today(world.claire, at(0)).asked
        assert shown.what == "souhaiterait un autre pair"
        told = Notice.objects.filter(kind="change_asked").values_list("person_id", flat=True)
        assert set(told) == {other.pk}
        entry = JournalEntry.objects.get(verb="pair.ask_change")
        assert (entry.actor_id, entry.object_id) == (world.cast.claire.pk, str(pair.pk))

    def test_no_change_is_needed_where_all_has_ended(self, world: World, pair: Pair) -> None:
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        point = follow_ups.with_the_person(pair, timezone.localdate())
        follow_ups.record(point, actor=world.claire, outcome="change")
        pair.refresh_from_db()
        assert pair.change_asked_at is None and point.outcome == "change"

    def test_silence_is_for_the_coordinator_only(self, world: World, pair: Pair) -> None:
        log(pair, world, day=-9)
        before = set(Notice.objects.filter(person=world.cast.nadia).values_list("pk", flat=True))
        assert follow_ups.look_at_silent(at(20)) == 0
        assert follow_ups.look_at_silent(at(22)) == 1
        assert follow_ups.look_at_silent(at(23)) == 0
        assert set(Notice.objects.filter(person=world.cast.nadia).values_list("pk", flat=True)) == before
        point = pair.follow_ups.get(kind=FollowUpKind.SILENCE)
        follow_ups.record(point, actor=world.claire, outcome="goes_well", now=at(23))
        assert follow_ups.look_at_silent(at(24)) == 0
        assert follow_ups.look_at_silent(at(54)) == 1

    def test_others_do_not_record(self, world: World, pair: Pair) -> None:
        for actor in (world.helene_actor, world.nadia_actor, actor_of(world.cast.youssef), actor_of(world.cast.solene)):
            with pytest.raises(Denied):
                follow_ups.record(pair.follow_ups.first(), actor=actor, outcome="goes_well")


class TestClosing:
    def test_everything_ends(self, world: World, pair: Pair) -> None:
        closing.close_pair(pair, actor=world.claire, closing="need_met", told=["person", "invented"], now=at(0))
        pair.refresh_from_db()
        world.request.refresh_from_db()
        world.helene.refresh_from_db()
        pair.thread.refresh_from_db()
        assert (pair.state, pair.told) == (PairState.CLOSED, ["person"])
        assert pair.expires_on.year == at(365).year
        assert (world.request.state, world.request.closing) == (RequestState.CLOSED, RequestClosing.PAIR_ENDED)
        assert world.helene.active_pairs == 0
        assert pair.thread.state == ThreadState.CLOSED
        assert not pair.follow_ups.filter(done_at=None, cancelled_at=None).exists()

    @pytest.mark.parametrize("reason", ["", "invented", "stopped", "left", "death"])
    def test_reasons_that_cannot_be_picked(self, world: World, pair: Pair, reason: str) -> None:
        with pytest.raises(Refused):
            closing.close_pair(pair, actor=world.claire, closing=reason)

    def test_twice_is_stale(self, world: World, pair: Pair) -> None:
        again = Pair.objects.get(pk=pair.pk)
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        with pytest.raises(Refused) as refusal:
            closing.close_pair(again, actor=world.claire, closing="moved")
        assert refusal.value.code == "stale"
        world.helene.refresh_from_db()
        assert world.helene.active_pairs == 0

    def test_looking_again_never_with_this_peer(self, world: World, pair: Pair) -> None:
        closing.close_pair(pair, actor=world.claire, closing="mismatch", looks_again=True)
        world.request.refresh_from_db()
        assert world.request.state == RequestState.OPEN
        with pytest.raises(Refused):
            world.propose()
        assert world.propose(peer=world.marc).rank == 1

    def test_change_is_asked_without_a_reason_and_done_without_blame(self, world: World, pair: Pair) -> None:
        closing.ask_change(pair, actor=world.nadia_actor)
        with pytest.raises(Refused):
            closing.ask_change(Pair.objects.get(pk=pair.pk), actor=world.nadia_actor)
        assert not Notice.objects.filter(person=world.cast.helene, kind="change_asked").exists()
        assert Notice.objects.filter(person=world.cast.claire, kind="change_asked").exists()
        request = closing.change_peer(pair, actor=world.claire)
        assert request.state == RequestState.OPEN
        assert not Evaluation.objects.exists()

    def test_leaving_at_once_ends_the_pair(self, world: World, pair: Pair) -> None:
        threads.leave(pair.thread, actor=world.nadia_actor)
        pair.refresh_from_db()
        world.request.refresh_from_db()
        assert (pair.state, pair.closing) == (PairState.CLOSED, PairClosing.LEFT)
        assert world.request.state == RequestState.CLOSED

    def test_a_peer_who_leaves_gives_the_request_back(self, world: World, pair: Pair) -> None:
        threads.leave(pair.thread, actor=world.helene_actor)
        world.request.refresh_from_db()
        assert world.request.state == RequestState.OPEN

    def test_only_staff_of_the_organisation_close(self, world: World, pair: Pair) -> None:
        for actor in (world.helene_actor, world.nadia_actor, actor_of(world.cast.youssef), actor_of(world.cast.solene)):
            with pytest.raises(Denied):
                closing.close_pair(pair, actor=actor, closing="need_met")

    def test_the_time_to_keep_is_over(self, world: World, pair: Pair) -> None:
        log(pair, world)
        closing.close_pair(pair, actor=world.claire, closing="need_met", now=at(0))
        assert closing.erase_expired(at(300)) == 0
        assert closing.erase_expired(at(370)) == 1
        assert closing.erase_expired(at(370)) == 0
        pair.refresh_from_db()
        assert pair.beneficiary_id is None
        assert pair.contacts.count() == 1

    def test_contact_consent_taken_back(self, world: World, pair: Pair) -> None:
        closing.follow_withdrawn_consent(world.cast.nadia.pk, world.organisation.pk, ConsentPurpose.CONTACT, at(0))
        closing.follow_withdrawn_consent(world.cast.nadia.pk, world.organisation.pk, ConsentPurpose.CONTACT, at(0))
        pair.refresh_from_db()
        assert (pair.state, pair.closing) == (PairState.CLOSED, PairClosing.PERSON_WISH)
        assert not Evaluation.objects.exists()


class TestEvaluation:
    def agree(self, world: World) -> None:
        people_actions.record_consent(
            world.cast.nadia,
            ConsentPurpose.EVALUATION,
            actor=world.claire,
            organisation=world.organisation,
            channel=ConsentChannel.ORAL,
        )

    @pytest.mark.parametrize("reason", sorted(set(PairClosing.values) - closing.NOT_PICKED - {"death"}))
    def test_asked_only_when_the_reason_allows_it(self, world: World, pair: Pair, reason: str) -> None:
        self.agree(world)
        closing.close_pair(pair, actor=world.claire, closing=reason)
        assert Evaluation.objects.count() == (2 if reason in EVALUATED_CLOSINGS else 0)

    def test_the_person_is_asked_only_if_they_agreed(self, world: World, pair: Pair) -> None:
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        assert list(Evaluation.objects.values_list("side", flat=True)) == ["peer"]

    def test_answered_once_by_the_one_asked(self, world: World, pair: Pair) -> None:
        self.agree(world)
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        row = Evaluation.objects.get(side="beneficiary")
        for actor in (world.helene_actor, world.claire):
            with pytest.raises((Denied, Refused)):
                evaluations.answer(row, actor=actor, first=5)
        evaluations.answer(row, actor=world.nadia_actor, first=4, word="Merci")
        row.refresh_from_db()
        assert (row.first, row.second, row.word) == (4, None, "Merci")
        with pytest.raises(Refused):
            evaluations.answer(row, actor=world.nadia_actor, first=1)

    def test_told_by_phone_by_someone_without_an_account(self, world: World, pair: Pair) -> None:
        self.agree(world)
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        Person.objects.filter(pk=world.cast.nadia.pk).update(user=None)
        for_her, for_the_peer = Evaluation.objects.order_by("side")
        with pytest.raises(Refused):
            evaluations.answer(for_the_peer, actor=world.claire, first=5)
        evaluations.answer(for_her, actor=world.claire, first=5, word="Merci")
        for_her.refresh_from_db()
        assert (for_her.first, for_her.word) == (5, "Merci")
        entry = JournalEntry.objects.get(verb="evaluation.answer_by_phone")
        assert (entry.actor_id, entry.subject_id) == (world.cast.claire.pk, world.cast.nadia.pk)

    @pytest.mark.parametrize("bad", [0, 6, -1, 2**40])
    def test_out_of_range(self, world: World, pair: Pair, bad: int) -> None:
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        with pytest.raises(Refused):
            evaluations.answer(Evaluation.objects.get(), actor=world.helene_actor, first=bad)


class TestCall:
    def test_asked_then_planned(self, world: World, pair: Pair) -> None:
        pairs.ask_for_call(pair, actor=world.nadia_actor)
        with pytest.raises(Refused):
            pairs.ask_for_call(Pair.objects.get(pk=pair.pk), actor=world.helene_actor)
        pairs.plan_call(pair, actor=world.claire, call_at=at(2))
        pair.refresh_from_db()
        assert (pair.call_asked_at, pair.call_planned_at) == (None, at(2))

    def test_whoever_reads_nothing_here_is_called(self, world: World) -> None:
        """A ward's request, or one said on the phone: no message is ever read, hence none is a first contact."""
        request = world.ask()
        Person.objects.filter(pk=request.person_id).update(user=None)
        pair = world.pair(SupportRequest.objects.get(pk=request.pk), choice_reason="story")
        assert pair.awaits_call and pair in Pair.objects.that_wait(timezone.now())
        to_arrange = Notice.objects.unread().filter(person=world.cast.claire, kind="call_asked", about=pair.pk)
        assert to_arrange.exists()
        pairs.note_message(pair.thread_id, world.cast.helene.pk, timezone.now())
        pair.refresh_from_db()
        assert (pair.state, pair.first_contact_at) == (PairState.STARTING, None)
        pairs.plan_call(pair, actor=world.claire, call_at=at(2))
        assert not pair.awaits_call and not to_arrange.exists()
        assert contacts.remind_to_log(at(3)) == 0
        assert contacts.remind_to_log(at(5)) == 1
        assert contacts.remind_to_log(at(6)) == 0
        reminders = Notice.objects.unread().filter(about=pair.pk, kind="log_reminder")
        assert reminders.exists()
        pairs.plan_call(pair, actor=world.claire, call_at=at(9))
        assert not reminders.exists(), "it did not take place: another hour was found"
        log(Pair.objects.get(pk=pair.pk), world)
        pair.refresh_from_db()
        assert (pair.state, pair.awaits_call) == (PairState.ONGOING, False)
        assert not Notice.objects.unread().filter(about=pair.pk, kind="call_planned").exists()

    def test_an_account_opened_later_reads_and_answers(self, world: World) -> None:
        request = world.ask()
        user_id = request.person.user_id
        Person.objects.filter(pk=request.person_id).update(user=None)
        pair = world.pair(SupportRequest.objects.get(pk=request.pk), choice_reason="story")
        reader = request.person_id
        messages.send_message(pair.thread, actor=world.helene_actor, body="Bonjour")
        Person.objects.filter(pk=reader).update(user=user_id)
        pair = Pair.objects.get(pk=pair.pk)
        assert (pair.state, pair.awaits_call) == (PairState.STARTING, False)
        assert pair not in Pair.objects.that_wait(timezone.now())
        to_arrange = Notice.objects.unread().filter(about=pair.pk, kind="call_asked")
        assert to_arrange.exists()
        messages.send_message(pair.thread, actor=actor_of(Person.objects.get(pk=reader)), body="Merci")
        pair.refresh_from_db()
        assert pair.state == PairState.ONGOING, "the peer had written: this is the answer"
        assert not to_arrange.exists()

    def test_a_call_asked_for_outlives_a_first_message(self, world: World, pair: Pair) -> None:
        pairs.ask_for_call(pair, actor=world.nadia_actor)
        pairs.note_message(pair.thread_id, world.cast.helene.pk, timezone.now())
        pair.refresh_from_db()
        assert pair.state == PairState.ONGOING
        assert pair.call_asked_at is not None

    def test_who_asks_first_is_not_yet_in_touch(self, world: World, pair: Pair) -> None:
        pairs.note_message(pair.thread_id, world.cast.nadia.pk, timezone.now())
        pair.refresh_from_db()
        assert pair.state == PairState.STARTING, "the peer makes the first step"

    def test_not_in_the_past_nor_by_others(self, world: World, pair: Pair) -> None:
        with pytest.raises(Refused):
            pairs.plan_call(pair, actor=world.claire, call_at=at(-1))
        with pytest.raises(Denied):
            pairs.plan_call(pair, actor=world.helene_actor, call_at=at(1))
        with pytest.raises((Denied, Refused)):
            pairs.ask_for_call(pair, actor=world.claire)


def test_no_job_names_anyone(world: World, pair: Pair) -> None:
    """What waits in the queue holds identifiers only."""
    log(pair, world, feeling="hard", needs_support=True)
    closing.close_pair(pair, actor=world.claire, closing="need_met")
    payloads = " ".join(str(job.payload) for job in Job.objects.all())
    for word in ("Nadia", "Hélène", "sep", "travail"):
        assert word not in payloads
    assert system(world.organisation.pk)
