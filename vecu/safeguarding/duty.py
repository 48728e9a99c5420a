"""Who answers, now and in the days to come: the true state, never a promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import DateField, DateTimeField, UUIDField
from django.utils import timezone

from vecu.core import jobs
from vecu.core.prepared import Asked, Prepared
from vecu.safeguarding.models import DutyHours, DutyShift

LOOK_AHEAD_DAYS = 7
Hours = tuple[int, time, time]  # weekday, from, to
Span = tuple[datetime, datetime]

# Asked on every exchange page: written once.
HERE = Asked("organisation_id", UUIDField())
HOURS = Prepared(lambda: DutyHours.objects.filter(organisation_id=HERE).values_list("weekday", "starts", "ends"))
SHIFTS = Prepared(
    lambda: (
        DutyShift.objects.confirmed(Asked("today", DateField()))
        .filter(organisation_id=HERE, ends_at__gt=Asked("now", DateTimeField()))
        .order_by("starts_at", "rank")
        .values_list("starts_at", "ends_at", "phone", "rings_outside_hours")
    )
)


class Shift(NamedTuple):
    """What is asked of a shift that someone has said yes to."""

    starts_at: datetime
    ends_at: datetime
    phone: str = ""
    rings_outside_hours: bool = False

    def covers(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


@dataclass(frozen=True)
class DutyState:
    """`is_on_duty`: a named person has said yes for now, within hours, and the relay works.

    `until` is when that ends; `next_at` when someone is next on duty (None: nobody is named). `phone` is the duty
    line that someone answers now, outside hours too if the programme pays for it; empty when nobody does.
    """

    is_on_duty: bool
    is_relayed: bool
    until: datetime | None
    next_at: datetime | None
    phone: str = ""


@dataclass(frozen=True)
class Hole:
    """A part of the duty hours for which nobody has said yes."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Roster:
    """What an organisation has written about its duty: hours of the week, and shifts that someone has said yes to."""

    hours: Sequence[Hours]
    shifts: Sequence[Shift]

    def state(self, moment: datetime) -> DutyState:
        covered = sorted(
            (max(start, shift_start), min(end, shift_end))
            for start, end in spans(self.hours, timezone.localdate(moment), LOOK_AHEAD_DAYS + 1)
            for shift_start, shift_end, *_line in self.shifts
            if max(start, shift_start) < min(end, shift_end)
        )
        is_relayed = jobs.worker_is_alive(moment)
        until = max((end for start, end in covered if start <= moment < end), default=None)
        next_at = min((start for start, _end in covered if start > moment), default=None)
        return DutyState(until is not None and is_relayed, is_relayed, until, next_at, self.phone(moment))

    def phone(self, moment: datetime) -> str:
        """The duty line that someone answers now: within hours, or outside them if that is paid for."""
        is_open = self._is_within_hours(moment)
        now = (shift for shift in self.shifts if shift.covers(moment) and (is_open or shift.rings_outside_hours))
        return next((shift.phone for shift in now if shift.phone), "")

    def counts_from(self, moment: datetime) -> datetime:
        """When the clocks of something raised now start: at once within hours or while a paid line is answered, else
        at the next hours. A hole in the roster stops no clock, and without any hours nobody is left to wait."""
        if self._is_within_hours(moment) or any(s.covers(moment) and s.rings_outside_hours for s in self.shifts):
            return moment
        days = spans(self.hours, timezone.localdate(moment), LOOK_AHEAD_DAYS + 1)
        return min((start for start, _end in days if start > moment), default=moment)

    def _is_within_hours(self, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in spans(self.hours, timezone.localdate(moment), 1))

    def holes(self, moment: datetime) -> list[Hole]:
        found = []
        for start, end in spans(self.hours, timezone.localdate(moment), LOOK_AHEAD_DAYS):
            if end > moment:
                found += _uncovered(max(start, moment), end, self.shifts)
        return found


def roster(organisation_id: UUID, moment: datetime) -> Roster:
    """The hours, and the shifts that are not over: two queries."""
    shifts = SHIFTS.rows(organisation_id=organisation_id, now=moment, today=timezone.localdate(moment))
    return Roster(hours=HOURS.rows(organisation_id=organisation_id), shifts=[Shift(*row) for row in shifts])


def state(organisation_id: UUID, now: datetime | None = None) -> DutyState:
    """The duty state shown on every exchange page (two queries and the worker's heartbeat)."""
    moment = now or timezone.now()
    return roster(organisation_id, moment).state(moment)


def holes(organisation_id: UUID, now: datetime | None = None) -> list[Hole]:
    """Hours of the next seven days with nobody confirmed: red on the coordinator's first screen."""
    moment = now or timezone.now()
    return roster(organisation_id, moment).holes(moment)


def spans(hours: Sequence[Hours], first: date, days: int) -> list[Span]:
    """The duty hours of `days` days from `first`, as moments: right on daylight-saving nights too."""
    return sorted(
        (_moment(day, starts), _moment(day, ends))
        for day in (first + timedelta(days=number) for number in range(days))
        for weekday, starts, ends in hours
        if weekday == day.weekday()
    )


def _uncovered(start: datetime, end: datetime, shifts: Sequence[Shift]) -> list[Hole]:
    left = start
    found = []
    for shift_start, shift_end, *_line in shifts:
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
