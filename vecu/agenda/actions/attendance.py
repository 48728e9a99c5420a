"""Who was there, half-day by half-day, and their signature. What was said there is written nowhere."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import signatures
from vecu.agenda.actions import rows
from vecu.agenda.enums import GatheringState, Presence
from vecu.agenda.events import PresenceRecorded
from vecu.agenda.models import Attendance, Enrolment, HalfDay
from vecu.core import journal, moments
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can

# The list is opened when people arrive; by oneself one signs until the next day.
EARLY = timedelta(hours=1)
OWN_DELAY = timedelta(hours=24)


@transaction.atomic
def record_presence(
    half_day: HalfDay, person: Person, presence: str, *, actor: Actor, now: datetime | None = None
) -> Attendance:
    """Present, absent or excused, by whoever runs it. Said again, it corrects the one line there is; someone corrected
    to absent is no longer signed for."""
    require(actor, Can.RUN_GATHERINGS, half_day)
    if presence not in Presence.values:
        raise Refused("unknown_choice", _("Choose present, absent or excused."))
    now = now or timezone.now()
    attendance = _line(half_day, person, presence, now)
    if attendance.pk and attendance.presence == presence and not attendance._state.adding:
        return attendance
    attendance.presence = presence
    if presence != Presence.PRESENT:
        attendance.signed_at, attendance.signature = None, ""
    return _write(attendance, actor, "attendance.record", now)


@transaction.atomic
def record_list(
    half_day: HalfDay, people: dict[str, Person], chosen: dict[str, str], *, actor: Actor, now: datetime | None = None
) -> int:
    """The whole list at once, all of it or none, in the order of keys; returns how many lines were noted."""
    require(actor, Can.RUN_GATHERINGS, half_day)
    for key in sorted(chosen):
        record_presence(half_day, people[key], chosen[key], actor=actor, now=now)
    return len(chosen)


@transaction.atomic
def sign_presence(
    half_day: HalfDay, person: Person, *, actor: Actor, signature: str, now: datetime | None = None
) -> Attendance:
    """The person signs that they were there: on the host's tablet, or by themselves until the next day.

    `signature` is what they drew (strokes) or their name, typed; see `vecu.agenda.signatures`. Signed once.
    """
    is_own = person.pk == actor.person_id
    require(actor, Can.JOIN_GATHERINGS if is_own else Can.RUN_GATHERINGS, half_day)
    now = now or timezone.now()
    if is_own and now > half_day.ends_at + OWN_DELAY:
        raise Refused("too_late", _("It is too late to sign by yourself. Tell whoever led it: they add you."))
    kept = signatures.read(signature)
    attendance = _line(half_day, person, Presence.PRESENT, now)
    if attendance.signed_at is not None:
        return attendance
    if not attendance._state.adding and attendance.presence != Presence.PRESENT and is_own:
        raise Refused("not_present", _("You were noted as not there. Tell whoever led it: they correct it, you sign."))
    attendance.presence, attendance.signature, attendance.signed_at = Presence.PRESENT, kept, now
    return _write(attendance, actor, "attendance.sign", now)


def _line(half_day: HalfDay, person: Person, presence: str, now: datetime) -> Attendance:
    """The one line of this person for this half-day, made if there is none; both are held until it is written."""
    gathering = rows.locked(half_day.gathering)
    if gathering.state == GatheringState.CANCELLED or half_day.removed_at is not None:
        raise Refused("cancelled", _("This half-day does not take place: nobody is counted."))
    if presence != Presence.EXCUSED and now < half_day.starts_at - EARLY:
        raise Refused(
            "too_early",
            _("Presence is noted from one hour before: on %(moment)s.")
            % {"moment": moments.say_datetime(half_day.starts_at, weekday=True)},
        )
    # Held, so that someone is not counted in two places at the same second.
    held = Person.objects.select_for_update().get(pk=person.pk)
    if not Enrolment.objects.enrolled().filter(gathering=gathering, person=held).exists():
        raise Refused("not_enrolled", _("This person has no place in this gathering. Enrol them first."))
    if presence == Presence.PRESENT:
        _refuse_elsewhere(half_day, held)
    found = Attendance.objects.filter(half_day=half_day, person=held).first()
    return found or Attendance(organisation_id=half_day.organisation_id, half_day=half_day, person=held)


def _refuse_elsewhere(half_day: HalfDay, person: Person) -> None:
    """Nobody is in two places at once: the same hours are never counted twice."""
    elsewhere = Attendance.objects.present().filter(
        person=person,
        half_day__starts_at__lt=half_day.ends_at,
        half_day__ends_at__gt=half_day.starts_at,
    )
    if elsewhere.exclude(half_day=half_day).exists():
        raise Refused("elsewhere", _("This person is already counted somewhere else at the same hours."))


def _write(attendance: Attendance, actor: Actor, verb: str, now: datetime) -> Attendance:
    attendance.recorded_at, attendance.recorded_by_id = now, actor.person_id
    rows.checked(attendance)
    attendance.save()
    half_day = attendance.half_day
    journal.write(actor, verb, attendance, subject=attendance.person_id)
    publish(
        PresenceRecorded(
            attendance.pk,
            half_day.pk,
            half_day.gathering_id,
            attendance.organisation_id,
            attendance.person_id,
            attendance.presence,
            actor.person_id,
        )
    )
    return attendance
