"""Half-days: added, moved, taken out; whoever is enrolled is told, and reminded the day before."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.actions import rows
from vecu.agenda.enums import EnrolmentState, GatheringState
from vecu.agenda.events import GatheringReminderDue, HalfDayMoved
from vecu.agenda.models import Attendance, Gathering, HalfDay
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Site
from vecu.people.policy import Can


@transaction.atomic
def add_half_day(
    gathering: Gathering,
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    site: Site | None = None,
    place: str = "",
) -> HalfDay:
    """One more half-day; those enrolled are told."""
    require(actor, Can.RUN_GATHERINGS, gathering)
    held = rows.locked(gathering)
    rows.refuse_not_planned(held)
    half_day = write_half_day(held, starts_at=starts_at, ends_at=ends_at, site=site, place=place)
    rows.keep_dates(held)
    journal.write(actor, "half_day.add", half_day)
    _tell(half_day)
    return half_day


@transaction.atomic
def move_half_day(
    half_day: HalfDay,
    *,
    actor: Actor,
    starts_at: datetime,
    ends_at: datetime,
    site: Site | None = None,
    place: str = "",
) -> HalfDay:
    """Another moment or place; those enrolled are told. Not once presence is recorded: it would be of another day.

    Sent without a change it tells nobody.
    """
    require(actor, Can.RUN_GATHERINGS, half_day)
    held = rows.locked(half_day.gathering)
    rows.refuse_not_planned(held)
    half_day.refresh_from_db()
    _refuse_fixed(half_day)
    rows.refuse_strange_times(starts_at, ends_at)
    rows.refuse_other_site(held.organisation_id, site)
    rows.refuse_overlap(held, starts_at, ends_at, but=half_day.pk)
    before = (half_day.starts_at, half_day.ends_at, half_day.site_id, half_day.place)
    half_day.starts_at, half_day.ends_at, half_day.site, half_day.place = starts_at, ends_at, site, place.strip()
    if before == (half_day.starts_at, half_day.ends_at, half_day.site_id, half_day.place):
        return half_day
    half_day.sequence += 1
    half_day.reminded_at = None
    rows.checked(half_day)
    half_day.save()
    rows.keep_dates(held)
    journal.write(actor, "half_day.move", half_day)
    _tell(half_day)
    return half_day


@transaction.atomic
def remove_half_day(half_day: HalfDay, *, actor: Actor, now: datetime | None = None) -> None:
    """Take one half-day out; those enrolled are told. The last one is not taken out: the gathering is cancelled."""
    require(actor, Can.RUN_GATHERINGS, half_day)
    held = rows.locked(half_day.gathering)
    rows.refuse_not_planned(held)
    half_day.refresh_from_db()
    _refuse_fixed(half_day)
    if not held.half_days.filter(removed_at=None).exclude(pk=half_day.pk).exists():
        raise Refused("last_half_day", _("This is its only half-day: cancel the gathering instead."))
    half_day.removed_at = now or timezone.now()
    half_day.sequence += 1
    half_day.save(update_fields=["removed_at", "sequence", "updated_at"])
    rows.keep_dates(held)
    journal.write(actor, "half_day.remove", half_day)
    _tell(half_day)


@transaction.atomic
def remind_of(day: date, *, now: datetime) -> int:
    """Whoever has a place in a half-day that begins that day is told once, the day before; returns how many
    gatherings. Moved to another day, it is told again."""
    found = HalfDay.objects.standing().on(day).filter(reminded_at=None, gathering__state=GatheringState.PLANNED)
    by_gathering: dict[Gathering, HalfDay] = {}
    for half_day in found.select_related("gathering").order_by("starts_at"):
        by_gathering.setdefault(half_day.gathering, half_day)
    for gathering, first in by_gathering.items():
        people = (*rows.people_of(gathering, EnrolmentState.ENROLLED), gathering.host_id)
        publish(GatheringReminderDue(gathering.pk, gathering.organisation_id, people, first.starts_at))
    HalfDay.objects.filter(pk__in=[row.pk for row in found]).update(reminded_at=now)
    return len(by_gathering)


def write_half_day(
    gathering: Gathering, *, starts_at: datetime, ends_at: datetime, site: Site | None, place: str
) -> HalfDay:
    """The row of a half-day whose times and place hold; the gathering's own dates are kept by the caller."""
    rows.refuse_strange_times(starts_at, ends_at)
    rows.refuse_other_site(gathering.organisation_id, site)
    rows.refuse_overlap(gathering, starts_at, ends_at)
    half_day = HalfDay(
        organisation_id=gathering.organisation_id,
        gathering=gathering,
        starts_at=starts_at,
        ends_at=ends_at,
        site=site,
        place=place.strip(),
    )
    rows.checked(half_day)
    half_day.save()
    return half_day


def _refuse_fixed(half_day: HalfDay) -> None:
    if half_day.removed_at is not None:
        raise Refused("removed", _("This half-day was already taken out."))
    if Attendance.objects.filter(half_day=half_day).exists():
        raise Refused("recorded", _("Presence is already recorded for this half-day: it stays where it was."))


def _tell(half_day: HalfDay) -> None:
    people = rows.people_of(half_day.gathering)
    publish(HalfDayMoved(half_day.pk, half_day.gathering_id, half_day.organisation_id, people))
