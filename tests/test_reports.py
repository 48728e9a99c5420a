"""What is decided about a reported message is done, and at the moment it was decided."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import actor_of, sign_in
from vecu.accompaniment.enums import PairClosing, PairState, RequestState
from vecu.accompaniment.models import Pair
from vecu.accompaniment.tests.factories_pairs import PeerFactory, World
from vecu.core import journal
from vecu.core.tables import JournalEntry
from vecu.core.tests.photos import photo
from vecu.messaging import actions as messaging
from vecu.messaging.enums import NoticeKind, ThreadState, WhyReported
from vecu.messaging.models import Notice
from vecu.people import actions as people_actions
from vecu.people.enums import Role
from vecu.people.models import Membership, Person
from vecu.people.tests.factories import MembershipFactory
from vecu.safeguarding.actions import reports
from vecu.safeguarding.enums import ReportOutcome
from vecu.safeguarding.models import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def reported_by_nadia(world: World) -> tuple[Pair, Report]:
    """Nadia reports a line of Hélène, her peer; Claire takes the report in hand."""
    pair = world.pair()
    line = messaging.send_message(pair.thread, actor=world.helene_actor, body="Arrêtez ce traitement.")
    messaging.report_message(line, actor=world.nadia_actor, reason=WhyReported.MEDICAL)
    found = Report.objects.get()
    reports.take_report(found, actor=world.claire)
    return pair, found


def decide(report: Report, outcome: ReportOutcome, world: World) -> None:
    reports.answer_report(report, actor=world.claire, outcome=outcome, answer="Merci de l’avoir dit.")
    report.refresh_from_db()


def test_whoever_reported_her_peer_is_looked_for_another_one(world: World) -> None:
    pair, report = reported_by_nadia(world)
    decide(report, ReportOutcome.EXCHANGE_CLOSED, world)
    pair.refresh_from_db()
    assert (pair.state, pair.closing, pair.closed_at) == (PairState.CLOSED, PairClosing.LEFT, report.answered_at)
    assert pair.thread.state == ThreadState.CLOSED
    world.request.refresh_from_db()
    assert world.request.state == RequestState.OPEN
    assert str(pair.peer_id) in world.request.wishes["excluded_peers"]


def roles_of(person: Person) -> set[tuple[str, str]]:
    held = Membership.objects.filter(person=person).current()
    return {(row.organisation.name, row.role) for row in held.select_related("organisation")}


def test_someone_who_may_no_longer_exchange_here_still_does_elsewhere(world: World) -> None:
    helene, elsewhere = world.cast.helene, world.cast.other_hospital
    MembershipFactory(person=helene, organisation=elsewhere, role=Role.PEER)
    other = PeerFactory(organisation=elsewhere, person=helene)
    pair, report = reported_by_nadia(world)
    decide(report, ReportOutcome.MEMBER_SUSPENDED, world)
    assert not Pair.objects.active().filter(peer=pair.peer).exists()
    pair.peer.refresh_from_db()
    other.refresh_from_db()
    assert pair.peer.ended_on == timezone.localdate(report.answered_at)
    assert other.ended_on is None
    assert roles_of(helene) == {(elsewhere.name, Role.PEER)}
    helene.refresh_from_db()
    assert not helene.is_stopped, "letters about the other organisation still leave"


def test_two_reports_decided_the_same_way_suspend_once(world: World) -> None:
    _pair, report = reported_by_nadia(world)
    decide(report, ReportOutcome.MEMBER_SUSPENDED, world)
    people_actions.suspend_member(world.cast.helene, actor=world.claire, organisation=world.organisation)
    assert JournalEntry.objects.filter(verb="member.suspend").count() == 1


def test_a_reported_image_is_seen_under_the_same_rule_as_words(world: World) -> None:
    """By its opener only, for half an hour, journaled for both; never the image of a neighbouring line."""
    pair = world.pair()
    line = messaging.send_message(pair.thread, actor=world.helene_actor, body="", image=photo(), image_alt="Ordonnance")
    messaging.send_message(pair.thread, actor=world.helene_actor, body="", image=photo(), image_alt="Un jardin")
    messaging.report_message(line, actor=world.nadia_actor, reason=WhyReported.MEDICAL)
    report = Report.objects.get()
    url, page = (reverse(name, args=[report.pk]) for name in ("report_image", "report_detail"))
    claire, solene = (sign_in(CheckedClient(), person) for person in (world.cast.claire, world.cast.solene))
    reports.take_report(report, actor=world.claire)
    assert claire.get(url).status_code == 404, "taken, not opened"
    claire.post(reverse("report_open", args=[report.pk]))
    seen = claire.get(page).content.decode()
    assert seen.count("<img") == 1 and f'src="{url}" alt="Ordonnance"' in seen and "Un jardin" in seen
    answer = claire.get(url)
    assert answer["Content-Type"] == "image/jpeg" and answer.content[:3] == b"\xff\xd8\xff"
    assert "no-store" in answer["Cache-Control"]
    for person in (world.cast.helene, world.cast.nadia):
        reasons = [entry.reason for entry in journal.for_subject(person.pk) if entry.verb == "message.lines_read"]
        assert len(reasons) == 2, "the page, then the image"
    assert solene.get(url).status_code == 404, "somebody else has not opened it"
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        claire = sign_in(CheckedClient(), world.cast.claire)
        assert claire.get(url).status_code == 404


@pytest.mark.parametrize("outcome", [ReportOutcome.REMINDER, ReportOutcome.NOTHING_FOUND])
def test_the_exchange_goes_on_after_a_reminder(world: World, outcome: ReportOutcome) -> None:
    pair, report = reported_by_nadia(world)
    decide(report, outcome, world)
    assert Pair.objects.active().filter(pk=pair.pk).exists()


@pytest.mark.parametrize("verb", [messaging.leave, messaging.block])
def test_the_other_is_sent_nothing_when_one_leaves(world: World, verb: object) -> None:
    pair = world.pair()
    Notice.objects.all().delete()
    verb(pair.thread, actor=world.nadia_actor)  # type: ignore[operator]
    told = set(Notice.objects.filter(kind=NoticeKind.PAIR_CLOSED).values_list("person_id", flat=True))
    assert told == {world.cast.claire.pk}


def test_a_message_counts_from_when_it_was_sent(world: World) -> None:
    pair = world.pair()
    sent = timezone.now() - timedelta(hours=30)
    messaging.send_message(pair.thread, actor=actor_of(world.cast.helene), body="Bonjour", now=sent)
    pair.refresh_from_db()
    assert (pair.state, pair.first_contact_at) == (PairState.ONGOING, sent)


def test_whoever_answers_reads_that_it_is_sent(world: World) -> None:
    _pair, report = reported_by_nadia(world)
    client = sign_in(CheckedClient(), world.cast.claire)
    typed = {"outcome": ReportOutcome.REMINDER, "answer": "Merci de l’avoir dit."}
    answered = client.post(reverse("report_answer", args=[report.pk]), typed)
    assert "La réponse est envoyée." in client.get(answered["Location"]).text
