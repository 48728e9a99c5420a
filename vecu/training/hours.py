"""Hours towards a course: counted in minutes of presence, half-day by half-day, with what is missing by name.

A half-day missed here and followed with another cohort of the same course counts. Thirty minutes short is short.
Where the course says so, modules followed to their end online count too, apart from presence and never above its cap.
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
from vecu.training.models import Cohort, CourseModule, ModuleFollowing

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
    """Where someone stands: minutes done, minutes asked, half-days missed and half-days to come. Of the minutes done,
    `online` were not spent together; `online_left` is what modules online may still give."""

    minutes: int
    target: int
    missed: tuple[Part, ...] = ()
    to_come: tuple[Part, ...] = ()
    last_on: date | None = None
    online: int = 0
    online_left: int = 0

    @property
    def is_complete(self) -> bool:
        return self.minutes >= self.target

    @property
    def lacking(self) -> int:
        """Minutes that will be missing even once all that is to come is followed."""
        return max(0, self.target - self.minutes - self.online_left - sum(part.minutes for part in self.to_come))

    @property
    def online_needed(self) -> int:
        """Of the minutes asked, those that were online: presence counts first, what is beyond is no part of them."""
        return min(self.online, max(0, self.target - (self.minutes - self.online)))

    @property
    def words(self) -> str:
        return _("%(done)s of %(all)s") % {"done": say_minutes(self.minutes), "all": say_minutes(self.target)}

    @property
    def online_words(self) -> str:
        """« dont 1 h en ligne »; nothing when none counts."""
        return _("of which %(time)s online") % {"time": say_minutes(self.online)} if self.online else ""

    @property
    def missing_words(self) -> str:
        """« Il manque 6 h : jeudi 12 mars, après-midi »; what is to come is not missing yet."""
        if not self.lacking:
            return ""
        missing = _("%(time)s missing") % {"time": say_minutes(self.lacking)}
        named = " ; ".join(part.name for part in self.missed)
        return _("%(what)s: %(half_days)s") % {"what": missing, "half_days": named} if named else missing


def of_cohort(cohort: Cohort, person_ids: Iterable[UUID], now: datetime | None = None) -> dict[UUID, Hours]:
    """Each of these people, in the same few queries whatever their number."""
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
    online = _online(cohort, ids)
    over = [part for part in parts if part.starts_at <= now]
    to_come = tuple(part for part in parts if part.starts_at > now)
    return {
        person_id: Hours(
            minutes.get(person_id, 0) + online[person_id].minutes,
            cohort.course.minutes,
            tuple(part for part in over if part.pk not in seen.get(person_id, ())),
            to_come,
            _last_day(last.get(person_id), online[person_id].last_on),
            online[person_id].minutes,
            online[person_id].left,
        )
        for person_id in ids
    }


@dataclass(frozen=True, slots=True)
class Online:
    """What counts of the modules somebody followed to their end, what may still, and the day of the last one."""

    minutes: int = 0
    left: int = 0
    last_on: date | None = None


def _online(cohort: Cohort, ids: list[UUID]) -> dict[UUID, Online]:
    """Each module once, with whichever cohort it was followed; never above what the course says. Nothing is asked of
    the database where nothing online counts."""
    most = cohort.course.online_minutes
    if not most:
        return dict.fromkeys(ids, Online())
    offered = dict(
        CourseModule.objects.filter(course=cohort.course_id, online_minutes__gt=0, pages__isnull=False)
        .distinct()
        .values_list("pk", "online_minutes")
    )
    ended: dict[UUID, dict[UUID, tuple[int, date]]] = {person_id: {} for person_id in ids}
    rows = ModuleFollowing.objects.ended().filter(trainee__person__in=ids, trainee__cohort__course=cohort.course_id)
    for pk, person_id, module_id, minutes, day in rows.order_by("-minutes", "ended_on").values_list(
        "pk", "trainee__person_id", "module_id", "minutes", "ended_on"
    ):
        # Followed twice, the longer one counts. A module taken out since counts for whoever followed it.
        ended[person_id].setdefault(module_id or pk, (minutes, day))
    return {person_id: _counted(done, offered, most) for person_id, done in ended.items()}


def _counted(done: dict[UUID, tuple[int, date]], offered: dict[UUID, int], most: int) -> Online:
    minutes = min(most, sum(spent for spent, _day in done.values()))
    left = sum(length for module_id, length in offered.items() if module_id not in done)
    days = [day for spent, day in done.values() if spent]
    return Online(minutes, min(left, most - minutes), max(days, default=None))


def _last_day(present_at: datetime | None, online_on: date | None) -> date | None:
    """The day on which the last of it was followed; nobody has been there online alone."""
    if present_at is None:
        return None
    day = timezone.localdate(present_at)
    return max(day, online_on) if online_on else day


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
