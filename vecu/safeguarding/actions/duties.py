"""Duty hours, shifts and the crisis path."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from itertools import pairwise

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can
from vecu.safeguarding.enums import ON_DUTY_ROLES
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift


@transaction.atomic
def set_duty_hours(organisation: Organisation, *, actor: Actor, hours: Iterable[tuple[int, time, time]]) -> None:
    """Replace the weekly hours. Each is (weekday, from, to); two of a day may not overlap."""
    require(actor, Can.MANAGE_DUTY, None)
    _same_organisation(organisation, actor)
    wanted = sorted(set(hours))
    if any(ends <= starts for _day, starts, ends in wanted):
        raise Refused("order", _("These hours end before they start."))
    for (day, _starts, ends), (next_day, next_starts, _ends) in pairwise(wanted):
        if day == next_day and next_starts < ends:
            raise Refused("overlap", _("Two hours of the same day overlap. Make them one, or leave a gap."))
    DutyHours.objects.filter(organisation=organisation).delete()
    for day, starts, ends in wanted:
        DutyHours.objects.create(organisation=organisation, weekday=day, starts=starts, ends=ends)
    journal.write(actor, "duty.hours", organisation)


@transaction.atomic
def add_shift(
    organisation: Organisation,
    *,
    actor: Actor,
    person: Person,
    starts_at: datetime,
    ends_at: datetime,
    rank: int = 1,
    phone: str = "",
    rings_outside_hours: bool = False,
) -> DutyShift:
    """Name someone on duty. It counts only once that person says yes; naming oneself is saying yes. A line answered
    outside the duty hours is one that the programme pays for: it has a number."""
    require(actor, Can.MANAGE_DUTY)
    _same_organisation(organisation, actor)
    if ends_at <= starts_at:
        raise Refused("order", _("This shift ends before it starts."))
    members = Membership.objects.filter(organisation=organisation, person=person).current()
    if not members.with_role(*ON_DUTY_ROLES).exists():
        raise Refused("not_staff", _("Only a coordinator or a psychologist of this organisation can be on duty."))
    if rings_outside_hours and not phone.strip():
        raise Refused("no_phone", _("Give the number that is answered outside duty hours."))
    shift = DutyShift.objects.create(
        organisation=organisation,
        person=person,
        starts_at=starts_at,
        ends_at=ends_at,
        rank=rank,
        phone=phone.strip(),
        rings_outside_hours=rings_outside_hours,
        confirmed_at=timezone.now() if person.pk == actor.person_id else None,
    )
    journal.write(actor, "duty.shift", shift)
    return shift


@transaction.atomic
def confirm_shift(shift: DutyShift, *, actor: Actor, now: datetime | None = None) -> None:
    """Only the person named can say yes."""
    require(actor, Can.HANDLE_ALERT)
    if shift.person_id != actor.person_id:
        raise Refused("not_yours", _("Only the person named can say yes."))
    shift.confirmed_at = now or timezone.now()
    shift.save(update_fields=["confirmed_at", "updated_at"])
    journal.write(actor, "duty.confirm", shift)


@transaction.atomic
def remove_shift(shift: DutyShift, *, actor: Actor) -> None:
    """Take a shift off the roster; the hole it leaves shows on the first screen."""
    require(actor, Can.MANAGE_DUTY, shift)
    journal.write(actor, "duty.remove", shift)
    shift.delete()


@transaction.atomic
def write_crisis_path(
    organisation: Organisation, *, actor: Actor, steps: str, referent: Person, head: Person, phone: str = ""
) -> CrisisPath:
    """A new version, approved today by whoever writes it; older versions stay readable."""
    require(actor, Can.MANAGE_DUTY)
    _same_organisation(organisation, actor)
    if not steps.strip():
        raise Refused("empty", _("Write at least one step: who does what first."))
    last = CrisisPath.objects.filter(organisation=organisation).first()
    path = CrisisPath.objects.create(
        organisation=organisation,
        version=last.version + 1 if last else 1,
        steps=steps,
        phone=phone,
        referent=referent,
        head=head,
        approved_on=timezone.localdate(),
    )
    journal.write(actor, "crisis_path.write", path)
    return path


def _same_organisation(organisation: Organisation, actor: Actor) -> None:
    if actor.organisation_id is not None and organisation.pk != actor.organisation_id:
        raise Refused("elsewhere", _("This belongs to another organisation."))
