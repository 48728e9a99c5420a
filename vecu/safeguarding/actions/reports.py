"""Reports: a queue with delays, an answer to whoever reported, and every opening of lines told to both people."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.dates import add_months, add_working_days
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.safeguarding.enums import ReportOutcome, ReportReason
from vecu.safeguarding.events import ReportAnswered, ReportRead, ReportReceived
from vecu.safeguarding.models import Report, ReportReading
from vecu.safeguarding.workflows import REPORT

ANSWER_WORKING_DAYS = 2
KEPT_MONTHS = 12
READING_WINDOW = timedelta(minutes=30)


@transaction.atomic
def receive_report(
    *,
    organisation_id: UUID,
    thread_key: UUID,
    message_key: UUID,
    reporter: Person,
    reported: Person,
    reason: ReportReason,
    words: str = "",
    now: datetime | None = None,
) -> Report:
    """Queue a reported line, with a day by which the reporter gets an answer. Reporting twice is one report."""
    standing = Report.objects.filter(message_key=message_key, reporter=reporter).first()
    if standing is not None:
        return standing
    moment = now or timezone.now()
    report = Report.objects.create(
        organisation_id=organisation_id,
        vault=vault.new_key("report"),
        thread_key=thread_key,
        message_key=message_key,
        reporter=reporter,
        reported=reported,
        reason=reason,
        words=words,
        reported_at=moment,
        answer_by=add_working_days(moment, ANSWER_WORKING_DAYS),
    )
    publish(ReportReceived(report.pk, organisation_id))
    return report


@transaction.atomic
def take_report(report: Report, *, actor: Actor) -> None:
    """A named person looks at it. Nobody handles a report about themselves or one they made."""
    require(actor, Can.HANDLE_REPORT, report)
    if actor.person_id in (report.reporter_id, report.reported_id):
        raise Refused("own_report", _("Someone else must look at this report: it concerns you."))
    REPORT.apply(report, "take", actor=actor, owner_id=actor.person_id)


@transaction.atomic
def record_reading(report: Report, *, actor: Actor, message_keys: list[UUID], now: datetime | None = None) -> None:
    """Lines were opened: who, when, which; both people are told. Only by the owner of a report being looked at."""
    require(actor, Can.HANDLE_REPORT, report)
    if report.owner_id != actor.person_id or not REPORT.allows(report, "answer"):
        raise Refused("not_taken", _("Take this report in hand before opening the reported lines."))
    moment = now or timezone.now()
    recent = report.readings.filter(reader_id=actor.person_id, read_at__gt=moment - READING_WINDOW)
    if recent.exists():
        return
    ReportReading.objects.create(
        organisation_id=report.organisation_id,
        report=report,
        reader_id=actor.person_id,
        read_at=moment,
        message_keys=[str(key) for key in message_keys],
    )
    journal.write(actor, "report.open_lines", report, reason=report.reason)
    assert actor.person_id is not None  # noqa: S101  (require() let only a person through)
    publish(ReportRead(report.pk, report.organisation_id, actor.person_id, (report.reporter_id, report.reported_id)))


def is_open_for(report: Report, *, actor: Actor, now: datetime | None = None) -> bool:
    """Has this actor opened the lines within the last half hour, of a report still in their hands?"""
    since = (now or timezone.now()) - READING_WINDOW
    is_mine = report.owner_id == actor.person_id and REPORT.allows(report, "answer")
    return is_mine and report.readings.filter(reader_id=actor.person_id, read_at__gt=since).exists()


@transaction.atomic
def answer_report(
    report: Report, *, actor: Actor, outcome: ReportOutcome, answer: str, now: datetime | None = None
) -> None:
    """Decide, and tell whoever reported. The decision is a code, the answer their own words."""
    require(actor, Can.HANDLE_REPORT, report)
    if report.owner_id != actor.person_id:
        raise Refused("not_yours", _("The person who took this report in hand answers it."))
    if not answer.strip():
        raise Refused("answer_missing", _("Write a few words to the person who reported."))
    moment = now or timezone.now()
    report.answer = answer
    report.save(update_fields=["answer", "updated_at"])
    REPORT.apply(
        report,
        "answer",
        actor=actor,
        outcome=outcome,
        answered_at=moment,
        expires_on=add_months(timezone.localdate(moment), KEPT_MONTHS),
    )
    publish(ReportAnswered(report.pk, report.organisation_id, report.reporter_id, str(outcome), report.thread_key))
