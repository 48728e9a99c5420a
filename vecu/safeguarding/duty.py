"""Who answers, now and in the days to come: the true state, never a promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from vecu.core import jobs
from vecu.safeguarding.models import DutyHours, DutyShift

LOOK_AHEAD_DAYS = 7


@dataclass(frozen=True)
class DutyState:
    """`is_on_duty`: a named person has said yes for now, within hours, and the relay works.

    `until` is when that ends; `next_at` when someone is next on duty (None: nobody is named).
    """

    is_on_duty: bool
    is_relayed: bool
    until: datetime | None
    next_at: datetime | None


@dataclass(frozen=True)
class Hole:
    """A part of the duty hours for which nobody has said yes."""

    starts_at: datetime
    ends_at: datetime


def state(organisation_id: UUID, now: datetime | None = None) -> DutyState:
    """The duty state shown on every exchange page (two queries and the worker's heartbeat)."""
    moment = now or timezone.now()
    spans = spans_of_hours(organisation_id, timezone.localdate(moment), LOOK_AHEAD_DAYS + 1)
    shifts = list(
        DutyShift.objects.filter(organisation_id=organisation_id, ends_at__gt=moment)
        .exclude(confirmed_at=None)
        .values_list("starts_at", "ends_at")
    )
    covered = sorted(
        (max(start, shift_start), min(end, shift_end))
        for start, end in spans
        for shift_start, shift_end in shifts
        if max(start, shift_start) < min(end, shift_end)
    )
    is_relayed = jobs.worker_is_alive(moment)
    until = max((end for start, end in covered if start <= moment < end), default=None)
    next_at = min((start for start, _end in covered if start > moment), default=None)
    return DutyState(until is not None and is_relayed, is_relayed, until, next_at)


def spans_of_hours(organisation_id: UUID, first: date, days: int) -> list[tuple[datetime, datetime]]:
    """The duty hours of `days` days from `first`, as moments: right on daylight-saving nights too."""
    hours = list(DutyHours.objects.filter(organisation_id=organisation_id).values_list("weekday", "starts", "ends"))
    return sorted(
        (_moment(day, starts), _moment(day, ends))
        for day in (first + timedelta(days=number) for number in range(days))
        for weekday, starts, ends in hours
        if weekday == day.weekday()
    )


def holes(organisation_id: UUID, now: datetime | None = None) -> list[Hole]:
    """Hours of the next seven days with nobody confirmed: red on the coordinator's first screen."""
    moment = now or timezone.now()
    shifts = list(
        DutyShift.objects.filter(organisation_id=organisation_id, ends_at__gt=moment)
        .exclude(confirmed_at=None)
        .order_by("starts_at")
        .values_list("starts_at", "ends_at")
    )
    found = []
    for start, end in spans_of_hours(organisation_id, timezone.localdate(moment), LOOK_AHEAD_DAYS):
        if end > moment:
            found += _uncovered(max(start, moment), end, shifts)
    return found


def _uncovered(start: datetime, end: datetime, shifts: Sequence[tuple[datetime, datetime]]) -> list[Hole]:
    left = start
    found = []
    for shift_start, shift_end in shifts:
        if shift_end <= left or shift_start >= end:
            continue
        if shift_start > left:
            found.append(Hole(left, shift_start))
        left = max(left, shift_end)
    if left < end:
        found.append(Hole(left, end))
    return found


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
