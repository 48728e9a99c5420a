"""What follows alerts, sealed contacts, reports and calls for help."""

from __future__ import annotations

from uuid import UUID

from vecu.accompaniment.actions import closing
from vecu.core.events import wire
from vecu.messaging.actions import notices, threads
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Thread
from vecu.people import actions as people_actions
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.safeguarding import events as safety
from vecu.safeguarding.enums import ReportOutcome
from vecu.safeguarding.models import Report, TalkRequest
from vecu.wiring.telling import holders, nothing_follows, tell


def tell_circle(event: safety.AlertEscalated) -> None:
    tell(event.person_ids, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id)


def tell_second_person(event: safety.SealedAsked) -> None:
    """Somebody else must agree before a sealed contact is opened."""
    staff = _answering(event.organisation_id, {event.asked_by_id, event.subject_id})
    tell(staff, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id, about=event.opening_id)


def tell_of_opening_alone(event: safety.SealedOpened) -> None:
    """What one person opened alone is known to the others at once, before it is looked at the next day."""
    if event.is_alone:
        staff = _answering(event.organisation_id, {event.actor_person_id, event.subject_id})
        tell(staff, NoticeKind.ALERT, event.organisation_id, "alert_detail", event.alert_id, about=event.opening_id)


def tell_that_it_was_opened(event: safety.SealedTold) -> None:
    notices.tell(
        Person.objects.get(pk=event.person_id),
        NoticeKind.DATA_READ,
        organisation=event.organisation_id,
        url_name="sealed_contact",
        about=event.opening_id,
    )


def _answering(organisation_id: UUID, but: set[UUID | None]) -> list[UUID]:
    staff = holders(organisation_id, Role.COORDINATOR, Role.PSYCHOLOGIST)
    return [person_id for person_id in staff if person_id not in but]


def tell_report_queue(event: safety.ReportReceived) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, Role.PSYCHOLOGIST)
    tell(staff, NoticeKind.REPORT, event.organisation_id, "report_detail", event.report_id)


def tell_both_of_reading(event: safety.ReportRead) -> None:
    tell(event.person_ids, NoticeKind.DATA_READ, event.organisation_id, "reading_list")


def answer_and_close(event: safety.ReportAnswered) -> None:
    """What was decided is done. The exchange ends as if whoever was reported had left it: a patient who reported her
    peer is looked for another one."""
    reporter, actor = [event.reporter_person_id], system(event.organisation_id)
    notices.put_away(event.report_id, NoticeKind.REPORT)
    tell(reporter, NoticeKind.REPORT_ANSWERED, event.organisation_id, "report_followed", event.report_id)
    if event.outcome not in (ReportOutcome.EXCHANGE_CLOSED, ReportOutcome.MEMBER_SUSPENDED):
        return
    report = Report.objects.select_related("reported", "organisation").get(pk=event.report_id)
    thread = Thread.objects.open().filter(pk=event.thread_id).first()
    if thread is not None:
        threads.close_thread(thread, actor=actor, now=report.answered_at)
        closing.close_left(event.thread_id, report.reported_id, report.answered_at)
    if event.outcome == ReportOutcome.MEMBER_SUSPENDED:
        people_actions.suspend_member(
            report.reported, actor=actor, organisation=report.organisation, now=report.answered_at
        )


def tell_psychologist(event: safety.TalkAsked) -> None:
    staff = holders(event.organisation_id, Role.PSYCHOLOGIST) or holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.TALK, event.organisation_id, "talk_detail", event.talk_id)


def tell_when_called(event: safety.TalkPromised) -> None:
    notices.put_away(event.talk_id, NoticeKind.TALK)
    talk = TalkRequest.objects.get(pk=event.talk_id)
    notices.tell(
        Person.objects.get(pk=event.person_id),
        NoticeKind.TALK_ANSWERED,
        organisation=event.organisation_id,
        url_name="talk_ask",
        about=talk.pk,
    )


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(safety.AlertOpened, now=[nothing_follows])
    wire(safety.AlertEscalated, now=[tell_circle])
    wire(safety.SealedAsked, now=[tell_second_person])
    wire(safety.SealedOpened, now=[tell_of_opening_alone])
    wire(safety.SealedTold, now=[tell_that_it_was_opened])
    wire(safety.ReportReceived, now=[tell_report_queue])
    wire(safety.ReportRead, now=[tell_both_of_reading])
    wire(safety.ReportAnswered, now=[answer_and_close])
    wire(safety.TalkAsked, now=[tell_psychologist])
    wire(safety.TalkPromised, now=[tell_when_called])
