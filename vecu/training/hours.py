"""Hours towards a course: counted in minutes of presence, half-day by half-day, with what is missing by name.

A half-day missed here and followed with another cohort of the same course counts. Thirty minutes short is short.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vecu.agenda.models import Attendance, HalfDay
from vecu.core import moments
from vecu.core.said import said
from vecu.training.models import Cohort

HOUR = 60
NOON = 12
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Part:
    """One half-day of a cohort, as it is called."""

    pk: UUID
    starts_at: datetime
    minutes: int
    place: str

    @property
    def name(self) -> str:
        return say_half_day(timezone.localtime(self.starts_at).date(), timezone.localtime(self.starts_at).hour < NOON)


@dataclass(frozen=True, slots=True)
class Hours:
    """Where someone stands: minutes done, minutes asked, half-days missed and half-days to come."""

    minutes: int
    target: int
    missed: tuple[Part, ...] = ()
    to_come: tuple[Part, ...] = ()
    last_at: datetime | None = None

    @property
    def is_complete(self) -> bool:
        return self.minutes >= self.target

    @property
    def lacking(self) -> int:
        """Minutes that will be missing even once all that is to come is followed."""
        return max(0, self.target - self.minutes - sum(part.minutes for part in self.to_come))

    @property
    def words(self) -> str:
        return _("%(done)s of %(all)s") % {"done": say_minutes(self.minutes), "all": say_minutes(self.target)}

    @property
    def missing_words(self) -> str:
        """« Il manque 6 h : jeudi 12 mars, après-midi »; what is to come is not missing yet."""
        if not self.lacking:
            return ""
        missing = _("%(time)s missing") % {"time": say_minutes(self.lacking)}
        named = " ; ".join(part.name for part in self.missed)
        return _("%(what)s: %(half_days)s") % {"what": missing, "half_days": named} if named else missing


def of_cohort(cohort: Cohort, person_ids: Iterable[UUID], now: datetime | None = None) -> dict[UUID, Hours]:
    """Each of these people, in three queries whatever their number."""
    now, ids = now or timezone.now(), list(person_ids)
    parts = parts_of(cohort)
    there = Attendance.objects.present().filter(
        person_id__in=ids, half_day__removed_at=None, half_day__gathering__cohort__course_id=cohort.course_id
    )
    minutes = there.minutes_by_person()
    seen: dict[UUID, set[UUID]] = {}
    last: dict[UUID, datetime] = {}
    for person_id, half_day_id, ends_at in there.order_by("half_day__ends_at").values_list(
        "person_id", "half_day_id", "half_day__ends_at"
    ):
        seen.setdefault(person_id, set()).add(half_day_id)
        last[person_id] = ends_at
    over = [part for part in parts if part.starts_at <= now]
    to_come = tuple(part for part in parts if part.starts_at > now)
    return {
        person_id: Hours(
            minutes.get(person_id, 0),
            cohort.course.minutes,
            tuple(part for part in over if part.pk not in seen.get(person_id, ())),
            to_come,
            last.get(person_id),
        )
        for person_id in ids
    }


def parts_of(cohort: Cohort) -> list[Part]:
    """The half-days of a cohort in their order."""
    rows = HalfDay.objects.filter(gathering=cohort.gathering_id, removed_at=None).order_by("starts_at")
    return [
        Part(pk, starts_at, int((ends_at - starts_at).total_seconds() // 60), site or place)
        for pk, starts_at, ends_at, place, site in rows.values_list("pk", "starts_at", "ends_at", "place", "site__name")
    ]


@said
def say_minutes(minutes: int) -> str:
    """« 40 h », « 39 h 30 », « 45 min »."""
    hours, rest = divmod(minutes, HOUR)
    if not hours:
        return f"{rest}{NBSP}min"
    words = f"{hours}{NBSP}h"
    if not rest:
        return words
    return f"{words}{NBSP}{rest:02d}" if moments.is_french() else f"{words}{NBSP}{rest}"


@said
def say_half_day(day: date, is_morning: bool) -> str:
    """« jeudi 12 mars, matin »."""
    when = pgettext("half-day", "morning") if is_morning else pgettext("half-day", "afternoon")
    return f"{moments.say_date(day, weekday=True, year=False)}, {when}"
