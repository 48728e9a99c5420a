"""Interviews: hours offered, taken and moved by the applicant, held, and what stays with whoever held them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recruitment.actions import applications, notices, slots
from vecu.recruitment.enums import ApplicationState, InterviewOutcome
from vecu.recruitment.events import InterviewBooked, InterviewFreed, InterviewRecorded
from vecu.recruitment.models import Application, Interview, InterviewGuide, InterviewNote, InterviewSlot
from vecu.recruitment.workflows import APPLICATION

REMINDED_BEFORE = timedelta(hours=26)
GUIDE = ("motivation", "silences", "limits", "availability", "conflict")


@transaction.atomic
def remove_slot(slot: InterviewSlot, *, actor: Actor, now: datetime | None = None) -> None:
    """Take an hour back. Someone who had chosen it is told that another one awaits them."""
    require(actor, Can.HOLD_INTERVIEW, slot)
    if slot.closed_at is not None:
        raise Refused("over", _("This interview is over: it stays in the record."))
    application = slot.application
    slots.leave_agenda(slot, now or timezone.now())
    journal.write(actor, "slot.remove", slot)
    slot.delete()
    if application is not None:
        _owe_answer(application, now or timezone.now())
        notices.announce(application, f"slot-removed-{slot.pk}")


# -- by the applicant, with the code or the link


@transaction.atomic
def invite(application: Application, *, actor: Actor, now: datetime | None = None) -> Application:
    """Invite to an interview: the person chooses an hour by themselves. From « later » too, when the day has come."""
    require(actor, Can.DECIDE_APPLICATION, application)
    now = now or timezone.now()
    move = "meet_again" if application.state == ApplicationState.INTERVIEWED else "invite"
    cleared = {"outcome": "", "why": "", "talk_again_on": None, "redirected_to": ""}
    APPLICATION.apply(application, move, actor=actor, **applications.on_its_way(application, now), **cleared)
    notices.announce(application, f"invite-{now:%Y%m%d%H%M}")
    return application


@transaction.atomic
def book(application: Application, slot: InterviewSlot, *, actor: Actor, now: datetime | None = None) -> InterviewSlot:
    """The applicant takes this hour, or moves to it from the one held. Two people choosing it at the same second: one
    has it, the other is told and chooses again; whoever moves keeps their old hour until the new one is theirs."""
    require(actor, Can.APPLY)
    return _take(application, slot, actor, now or timezone.now())


@transaction.atomic
def give_hour(
    application: Application, slot: InterviewSlot, *, actor: Actor, now: datetime | None = None
) -> InterviewSlot:
    """Agreed on the phone with someone who has no e-mail: those who coordinate choose for them."""
    require(actor, Can.DECIDE_APPLICATION, application)
    require(actor, Can.HOLD_INTERVIEW, slot)
    return _take(application, slot, actor, now or timezone.now())


@transaction.atomic
def give_back(application: Application, *, actor: Actor, now: datetime | None = None) -> None:
    """The applicant cannot come: their hour is free for someone else, and they choose again when they like."""
    require(actor, Can.APPLY)
    now = now or timezone.now()
    held = InterviewSlot.objects.booked(application.pk).first()
    if held is None:
        raise Refused("no_interview", _("You have no interview at the moment."))
    if held.starts_at <= now:
        raise Refused("begun", _("Your interview has begun. Call us if you could not come."))
    slots.free_slot(held, now)
    _owe_answer(application, now)
    journal.write(actor, "slot.give_back", held)
    publish(InterviewFreed(application.organisation_id, held.pk, held.host_id))


def remind(now: datetime) -> int:
    """The day before, whoever chose an hour is reminded of it, once; returns how many."""
    due = InterviewSlot.objects.to_remind(now, now + REMINDED_BEFORE).select_related("application")
    count = 0
    for slot in due:
        with transaction.atomic():
            mine = InterviewSlot.objects.filter(pk=slot.pk, reminded_at=None, application=slot.application_id)
            if mine.update(reminded_at=now, updated_at=now):
                notices.remind(slot.application, f"remind-{slot.pk}-{slot.starts_at:%Y%m%d%H%M}")
                count += 1
    return count


# -- held


@transaction.atomic
def record_interview(
    slot: InterviewSlot,
    *,
    actor: Actor,
    outcome: str,
    guide: dict[str, str] | None = None,
    notes: str = "",
    now: datetime | None = None,
) -> Interview:
    """Whoever held it says what came of it: a code and a date for others; the guide and the notes each under their
    own key, the notes for themselves alone."""
    require(actor, Can.HOLD_INTERVIEW, slot)
    now = now or timezone.now()
    if slot.host_id != actor.person_id:
        raise Denied("record_interview of somebody else")
    if slot.application is None or slot.closed_at is not None:
        raise Refused("no_interview", _("Nobody chose this hour, or it is already recorded."))
    if slot.starts_at > now:
        raise Refused("not_yet", _("This interview is still to come."))
    if outcome not in InterviewOutcome.values:
        raise Refused("no_outcome", _("Say what came of the interview."))
    if not InterviewSlot.objects.filter(pk=slot.pk, closed_at=None).update(closed_at=now, updated_at=now):
        raise Refused("stale", _("This interview is already recorded."))
    application = slot.application
    interview = Interview.objects.create(
        organisation_id=slot.organisation_id,
        application=application,
        host_id=slot.host_id,
        held_as=slot.held_as,
        held_on=timezone.localdate(slot.starts_at),
        outcome=outcome,
    )
    _keep_words(interview, guide or {}, notes)
    if application.state in (ApplicationState.TO_MEET, ApplicationState.RECEIVED):
        APPLICATION.apply(application, "meet", actor=actor, **applications.on_its_way(application, now))
    journal.write(actor, "interview.record", interview)
    publish(InterviewRecorded(application.pk, application.organisation_id, actor.person_id))
    return interview


@transaction.atomic
def note_absence(slot: InterviewSlot, *, actor: Actor, now: datetime | None = None) -> InterviewSlot:
    """They did not come. Nothing is concluded from it: another hour may be chosen."""
    require(actor, Can.HOLD_INTERVIEW, slot)
    now = now or timezone.now()
    if slot.application is None or slot.starts_at > now:
        raise Refused("no_interview", _("Nobody chose this hour, or it is still to come."))
    if not InterviewSlot.objects.filter(pk=slot.pk, closed_at=None).update(closed_at=now, updated_at=now):
        raise Refused("stale", _("This interview is already recorded."))
    slot.closed_at = now
    _owe_answer(slot.application, now)
    notices.announce(slot.application, f"absent-{slot.pk}")
    journal.write(actor, "slot.absence", slot)
    return slot


@transaction.atomic
def change_notes(note: InterviewNote, *, actor: Actor, words: str) -> InterviewNote:
    """Their author writes on."""
    require(actor, Can.KEEP_INTERVIEW_NOTES, note)
    note.words = words.strip()
    note.save(update_fields=["words", "updated_at"])
    return note


def _take(application: Application, slot: InterviewSlot, actor: Actor, now: datetime) -> InterviewSlot:
    if application.state != ApplicationState.TO_MEET or slot.organisation_id != application.organisation_id:
        raise Refused("not_to_meet", _("There is no interview to choose at this step."))
    held = InterviewSlot.objects.booked(application.pk).first()
    if held is not None and held.pk == slot.pk:
        return held
    if held is not None and held.starts_at <= now:
        raise Refused("begun", _("Your interview has begun. Call us if you could not come."))
    if held is not None:
        slots.free_slot(held, now)
    free = InterviewSlot.objects.free(now).filter(pk=slot.pk)
    try:
        with transaction.atomic():
            is_taken = free.update(application=application, taken_at=now, reminded_at=None, updated_at=now)
    except IntegrityError:
        is_taken = 0
    if not is_taken:
        raise Refused("taken", _("Someone has just chosen this hour. Choose another one: yours is unchanged."))
    slot.refresh_from_db()
    slots.enter_in_agenda(slot)
    _owe_answer(application, slot.ends_at)
    journal.write(actor, "slot.book", slot)
    publish(InterviewBooked(application.pk, application.organisation_id, slot.pk, slot.host_id))
    return slot


def _keep_words(interview: Interview, guide: dict[str, str], notes: str) -> None:
    InterviewGuide.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        vault=vault.new_key("recruitment.guide"),
        answers={name: str(guide.get(name, "")).strip() for name in GUIDE},
    )
    InterviewNote.objects.create(
        organisation_id=interview.organisation_id,
        interview=interview,
        author_id=interview.host_id,
        vault=vault.new_key("recruitment.notes"),
        words=notes.strip(),
    )


def _owe_answer(application: Application, since: datetime) -> None:
    """The delay runs again from here: an hour chosen, given back, or missed."""
    due = applications.answer_day(applications.recruitment_of(application), since)
    Application.objects.filter(pk=application.pk).update(answer_by=due, updated_at=timezone.now())
    application.answer_by = due
