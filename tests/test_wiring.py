"""What follows what: the right people are told, and nobody else."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment.actions import contacts, proposals
from vecu.accompaniment.enums import ProposalState, RequestState
from vecu.accompaniment.events import RequestOpened, RequestReceived
from vecu.accompaniment.models import Proposal
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core import jobs
from vecu.core.errors import Refused
from vecu.messaging.enums import NoticeKind, WhyReported
from vecu.messaging.models import Notice
from vecu.peers import actions as peer_actions
from vecu.people import actions as people_actions
from vecu.people.actor import system
from vecu.people.enums import ConsentPurpose, StopReason
from vecu.safeguarding.actions import alerts, reports, talks
from vecu.safeguarding.enums import AlertKind, ReportOutcome, ReportReason
from vecu.safeguarding.models import Report, TalkRequest
from vecu.safeguarding.tests.factories import make_duty
from vecu.wiring import support

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def told(kind: str) -> set[uuid.UUID]:
    return set(Notice.objects.filter(kind=kind).values_list("person_id", flat=True))


def test_an_alert_tells_the_person_on_duty_then_wider_circles(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.solene, now)
    alerts.open_alert(cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia, now=now)
    jobs.run_due(now=now + timedelta(seconds=1))
    assert told("alert") == {cast.solene.pk}
    jobs.run_due(now=now + timedelta(minutes=16))
    assert told("alert") == {cast.solene.pk, cast.claire.pk}


def test_nobody_is_told_of_an_alert_about_themselves(cast: Cast) -> None:
    now = timezone.now()
    make_duty(cast.committee, cast.claire, now)
    alerts.open_alert(cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.claire, now=now)
    jobs.run_due(now=now + timedelta(minutes=61))
    assert cast.claire.pk not in told("alert")


def test_a_call_for_help_goes_to_the_psychologist_only(cast: Cast) -> None:
    talks.ask_to_talk(actor=actor_of(cast.helene), person_id=cast.helene.pk, organisation_id=cast.committee.pk)
    assert told("talk") == {cast.solene.pk}


def report(cast: Cast) -> Report:
    return reports.receive_report(
        organisation_id=cast.committee.pk,
        thread_key=uuid.uuid4(),
        message_key=uuid.uuid4(),
        reporter=cast.nadia,
        reported=cast.helene,
        reason=ReportReason.MEDICAL,
    )


def test_both_people_are_told_that_reported_lines_were_opened(cast: Cast) -> None:
    found = report(cast)
    reports.take_report(found, actor=actor_of(cast.claire))
    reports.record_reading(found, actor=actor_of(cast.claire), message_keys=[found.message_key])
    assert told("data_read") == {cast.nadia.pk, cast.helene.pk}


def test_whoever_reported_gets_an_answer(cast: Cast) -> None:
    found = report(cast)
    reports.take_report(found, actor=actor_of(cast.claire))
    reports.answer_report(found, actor=actor_of(cast.claire), outcome=ReportOutcome.REMINDER, answer="Merci.")
    assert told("report_answered") == {cast.nadia.pk}


@pytest.fixture
def world() -> World:
    return World()


def test_a_peer_who_takes_the_agreement_back_is_asked_nothing_more(world: World) -> None:
    """What was asked is taken back at once, and the person who waits is looked at again."""
    helene, here = world.cast.helene, world.organisation
    given = people_actions.give_consent(
        helene, ConsentPurpose.SHARED_EXPERIENCE, actor=world.helene_actor, organisation=here
    )
    proposal = world.propose()
    people_actions.withdraw_consent(given, actor=world.helene_actor)
    proposal.refresh_from_db()
    world.request.refresh_from_db()
    world.helene.refresh_from_db()
    assert (proposal.state, world.request.state) == (ProposalState.WITHDRAWN, RequestState.OPEN)
    assert world.helene.active_pairs == 0
    with pytest.raises(Refused):
        world.propose()
    people_actions.give_consent(helene, ConsentPurpose.SHARED_EXPERIENCE, actor=world.helene_actor, organisation=here)
    assert world.propose().state == ProposalState.ASKED


@pytest.mark.parametrize("end", ["accept", "decline", "withdraw", "expire"])
def test_the_notice_of_a_proposal_goes_with_it(world: World, end: str) -> None:
    """« Quelqu’un aimerait parler avec un pair » stays no longer than the question itself."""
    proposal = world.propose()
    waiting = Notice.objects.unread().filter(person=world.cast.helene, kind=NoticeKind.PROPOSAL)
    assert waiting.count() == 1
    if end == "expire":
        proposals.expire_overdue(proposal.answer_by + timedelta(hours=1))
    else:
        actor = world.claire if end == "withdraw" else world.helene_actor
        getattr(proposals, end)(proposal, actor=actor)
    assert not waiting.exists()


def test_what_follows_bears_the_moment_of_the_fact(world: World) -> None:
    """A contact logged, a pause, an end or a stop that happened yesterday is followed as of yesterday."""
    yesterday = timezone.now() - timedelta(days=1)
    pair = world.pair(now=yesterday - timedelta(days=3))
    contacts.log_contact(
        pair,
        actor=world.helene_actor,
        happened_on=timezone.localdate(yesterday),
        channel="phone",
        duration="hour",
        feeling="hard",
        needs_support=True,
        now=yesterday,
    )
    assert TalkRequest.objects.get().asked_at == yesterday
    asked = [world.propose(world.ask(), world.marc, choice_reason="story", now=yesterday)]
    peer_actions.pause(world.marc, actor=world.marc_actor, now=yesterday)
    asked.append(
        world.propose(world.ask(), world.helene, choice_reason="story", load_reason="Elle le souhaite", now=yesterday)
    )
    people_actions.stop_person(world.cast.nadia, actor=world.claire, reason=StopReason.DISTRESS, now=yesterday)
    peer_actions.end_engagement(world.helene, actor=world.claire, now=yesterday)
    assert [Proposal.objects.get(pk=one.pk).answered_at for one in asked] == [yesterday] * 2
    pair.refresh_from_db()
    assert pair.closed_at == yesterday


@pytest.mark.parametrize("end", ["stopped", "erased"])
def test_a_peer_gets_a_word_and_someone_to_talk_with(world: World, client: Client, end: str) -> None:
    """Whoever they followed is gone: no reason, nobody's fault, and the offer to talk."""
    pair = world.pair()
    if end == "stopped":
        people_actions.stop_person(world.cast.nadia, actor=world.claire, reason=StopReason.RELAPSE)
    else:
        people_actions.erase_person(world.cast.nadia, actor=system())
    assert told("pair_stopped") == {world.cast.helene.pk}
    page = sign_in(client, world.cast.helene).get(reverse("exchange", args=[pair.pk])).content.decode()
    main = page[page.index("<main") :]
    assert "ce n’est la faute de personne" in main and reverse("talk_ask") in main
    assert reverse("worry", args=[pair.pk]) not in main and "echute" not in main
    assert sign_in(client, world.cast.helene).get(reverse("worry", args=[pair.pk])).status_code == 404


def test_after_a_death_the_peer_is_told_by_a_human(world: World) -> None:
    world.pair()
    people_actions.stop_person(world.cast.nadia, actor=world.claire, reason=StopReason.DEATH)
    assert told("pair_stopped") == set()


def test_a_peer_who_is_stopped_is_told_nothing(world: World) -> None:
    world.pair()
    people_actions.stop_person(world.cast.helene, actor=world.claire, reason=StopReason.RELAPSE)
    assert told("pair_stopped") == set()


def test_the_two_lists_of_reasons_are_one() -> None:
    """Siblings cannot import each other: what messaging offers is what safeguarding understands."""
    assert set(WhyReported.values) == set(ReportReason.values)


# -- what is done is no longer said to be waiting


def waiting(kind: NoticeKind) -> int:
    return Notice.objects.unread().filter(kind=kind).count()


def test_once_somebody_has_called_the_request_is_new_to_nobody(world: World) -> None:
    request = world.ask()
    support.tell_coordinators(RequestReceived(request.pk, world.organisation.pk))
    assert waiting(NoticeKind.REQUEST_RECEIVED) == 1
    support.put_request_away(RequestOpened(request.pk, world.organisation.pk))
    assert waiting(NoticeKind.REQUEST_RECEIVED) == 0


def test_a_logged_contact_puts_the_beginning_and_the_reminder_away(world: World) -> None:
    pair = world.pair(now=at(-3))
    assert waiting(NoticeKind.PAIR_OPENED) == 2
    log = {"happened_on": at(-1).date(), "channel": "phone", "duration": "hour", "feeling": "good"}
    contacts.log_contact(pair, actor=world.helene_actor, **log)
    assert waiting(NoticeKind.PAIR_OPENED) == 0


def test_a_talk_that_has_its_hour_is_not_to_be_answered_twice(cast: Cast) -> None:
    talk = talks.ask_to_talk(
        actor=actor_of(cast.helene), person_id=cast.helene.pk, organisation_id=cast.committee.pk, now=timezone.now()
    )
    assert waiting(NoticeKind.TALK) == 1
    talks.promise_call(talk, actor=actor_of(cast.solene), call_at=timezone.now() + timedelta(days=1))
    assert waiting(NoticeKind.TALK) == 0


def test_the_first_screen_does_not_say_again_what_has_its_card(world: World) -> None:
    world.pair(now=at(-3))
    page = sign_in(Client(), world.cast.helene).get(reverse("today")).content.decode()
    assert "Votre pair est là" not in page
