"""One action stops everything about someone; then every job there is runs, and nothing leaves."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import sign_in
from vecu.accompaniment.actions import closing, contacts, evaluations, follow_ups, plans
from vecu.accompaniment.enums import FollowUpKind, PairClosing, PairState, ProposalState, RequestState
from vecu.accompaniment.models import Evaluation, FollowUp, Pair, PlanLine, Proposal, SupportRequest
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core import jobs
from vecu.core.errors import Refused
from vecu.core.tables import Job
from vecu.messaging.actions import messages
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Notice
from vecu.people import actions as people_actions
from vecu.people.enums import ConsentChannel, ConsentPurpose, StopReason

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def stop(world: World, person: Any, reason: StopReason = StopReason.DEATH) -> None:
    people_actions.stop_person(person, actor=world.claire, reason=reason)


# Copies the database file, which a test inside a transaction cannot do; tells nothing to anyone.
NOT_HERE = {"core.backup"}


def run_every_job(*days: int) -> int:
    """Each periodic job on each of these days to come, and all that they queue."""
    count = 0
    for day in days or (0, 1, 2, 3, 8, 31, 95, 200, 370, 400):
        now = at(day, hour=23)
        jobs.tick(now)
        Job.objects.filter(kind__in=NOT_HERE).delete()
        count += jobs.run_due(now=now + timedelta(days=3), limit=500)
    return count


class TestThePersonFollowed:
    def test_death_in_the_middle_of_an_exchange(self, world: World, mailoutbox: list[Any]) -> None:
        pair = world.pair(now=at(-10))
        contacts.log_contact(
            pair,
            actor=world.helene_actor,
            happened_on=at(-9).date(),
            channel="phone",
            duration="hour",
            feeling="good",
        )
        messages.send_message(pair.thread, actor=world.helene_actor, body="À demain")
        jobs.run_due(now=at(1))
        mailoutbox.clear()
        told = Notice.objects.filter(person=world.cast.nadia).count()

        stop(world, world.cast.nadia)

        pair.refresh_from_db()
        world.request.refresh_from_db()
        world.helene.refresh_from_db()
        pair.thread.refresh_from_db()
        assert (pair.state, pair.closing) == (PairState.CLOSED, PairClosing.DEATH)
        assert world.request.state == RequestState.CLOSED
        assert world.helene.active_pairs == 0
        assert pair.thread.state == ThreadState.CLOSED
        assert not Evaluation.objects.exists()
        standing = pair.follow_ups.filter(done_at=None, cancelled_at=None)
        assert [row.kind for row in standing] == [FollowUpKind.BEREAVEMENT]

        assert run_every_job() > 0
        assert [mail for mail in mailoutbox if "nadia" in "".join(mail.to)] == []
        assert mailoutbox == []
        assert Notice.objects.filter(person=world.cast.nadia).count() <= told
        assert not Notice.objects.filter(person=world.cast.helene, kind="pair_closed").exists()
        # The counts stay.
        assert (Pair.objects.count(), pair.contacts.count(), SupportRequest.objects.count()) == (1, 1, 1)

    def test_while_a_peer_is_asked(self, world: World, mailoutbox: list[Any]) -> None:
        proposal = world.propose()
        stop(world, world.cast.nadia, StopReason.DISTRESS)
        proposal.refresh_from_db()
        world.request.refresh_from_db()
        assert proposal.state == ProposalState.WITHDRAWN
        assert world.request.state == RequestState.CLOSED
        mailoutbox.clear()
        run_every_job()
        assert [mail for mail in mailoutbox if "nadia" in "".join(mail.to)] == []

    def test_while_on_a_plan(self, world: World) -> None:
        plans.make_plan(actor=world.claire)
        assert PlanLine.objects.filter(request=world.request).exists()
        stop(world, world.cast.nadia)
        assert not PlanLine.objects.filter(request=world.request).exists()

    def test_after_the_end_while_questions_wait(self, world: World, mailoutbox: list[Any]) -> None:
        people_actions.record_consent(
            world.cast.nadia,
            ConsentPurpose.EVALUATION,
            actor=world.claire,
            organisation=world.organisation,
            channel=ConsentChannel.ORAL,
        )
        pair = world.pair()
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        assert Evaluation.objects.waiting().count() == 2
        stop(world, world.cast.nadia)
        assert not Evaluation.objects.waiting().exists()
        assert Evaluation.objects.exclude(cancelled_at=None).count() == 2, "that they were asked is not rewritten"
        with pytest.raises(Refused, match="cancelled"):
            evaluations.answer(pair.evaluations.get(side="peer"), actor=world.helene_actor, first=5)
        mailoutbox.clear()
        run_every_job()
        assert [mail for mail in mailoutbox if "nadia" in "".join(mail.to)] == []

    def test_nothing_is_proposed_afterwards(self, world: World) -> None:
        stop(world, world.cast.nadia, StopReason.RELAPSE)
        with pytest.raises(Refused):
            world.propose(SupportRequest.objects.get(pk=world.request.pk))

    def test_done_twice_changes_nothing(self, world: World) -> None:
        world.pair()
        stop(world, world.cast.nadia)
        closing.stop_accompaniment(world.cast.nadia.pk, reason="death", actor=world.claire)
        assert FollowUp.objects.filter(kind=FollowUpKind.BEREAVEMENT).count() == 1


class TestThePeer:
    def test_the_person_followed_is_looked_for_again(self, world: World) -> None:
        pair = world.pair()
        stop(world, world.cast.helene, StopReason.RELAPSE)
        pair.refresh_from_db()
        world.request.refresh_from_db()
        assert (pair.state, pair.closing) == (PairState.CLOSED, PairClosing.STOPPED)
        assert world.request.state == RequestState.OPEN
        assert str(world.helene.pk) in world.request.wishes["excluded_peers"]

    @pytest.mark.parametrize("reason", [StopReason.DEATH, StopReason.RELAPSE])
    def test_the_person_followed_is_told_by_a_human_and_is_not_mourned(
        self, world: World, client: Client, reason: StopReason
    ) -> None:
        pair = world.pair()
        stop(world, world.cast.helene, reason)
        point = pair.follow_ups.get(done_at=None, cancelled_at=None)
        assert (point.kind, point.due_on) == (FollowUpKind.TELL_PERSON, at(0).date())
        staff = sign_in(client, world.cast.claire)
        page = staff.get(reverse("pair_detail", args=[pair.pk])).text
        assert "Avec la personne" in page and "Des mots pour le dire" not in page
        assert "Appelez, n’écrivez pas" in staff.get(reverse("follow_up_record", args=[point.pk])).text
        follow_ups.record(point, actor=world.claire, outcome="not_reached")
        assert pair.follow_ups.get(done_at=None, cancelled_at=None).kind == FollowUpKind.TELL_PERSON

    def test_nobody_calls_the_person_once_all_stops_for_them_too(self, world: World) -> None:
        pair = world.pair()
        stop(world, world.cast.helene)
        stop(world, world.cast.nadia)
        assert not pair.follow_ups.filter(done_at=None, cancelled_at=None).exists()

    def test_words_of_grief_are_put_away_with_their_point(self, world: World, client: Client) -> None:
        pair = world.pair()
        stop(world, world.cast.nadia)
        staff, words = sign_in(client, world.cast.claire), "Des mots pour le dire"
        address = reverse("pair_detail", args=[pair.pk])
        assert words in staff.get(address).text
        pair.follow_ups.filter(kind=FollowUpKind.BEREAVEMENT).update(cancelled_at=at(0))
        assert words not in staff.get(address).text

    def test_what_was_asked_of_the_peer_is_taken_back(self, world: World) -> None:
        proposal = world.propose()
        stop(world, world.cast.helene)
        proposal.refresh_from_db()
        world.request.refresh_from_db()
        assert (proposal.state, world.request.state) == (ProposalState.WITHDRAWN, RequestState.OPEN)
        assert Proposal.objects.count() == 1
