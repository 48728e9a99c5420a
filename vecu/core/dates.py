"""Working days and clocks, in the instance's time zone."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.utils import timezone

SATURDAY = 5
# Days off every year in France: 1 January, 1 and 8 May, 14 July, 15 August, 1 and 11 November, Christmas.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# Easter Monday, Ascension, Whit Monday, counted from Easter Sunday.
EASTER_HOLIDAYS = (1, 39, 50)


def add_working_days(start: datetime, days: int) -> datetime:
    """The same local hour, `days` working days later: a promise never counts a weekend nor a public holiday."""
    local = timezone.localtime(start)
    left = days
    while left > 0:
        local += timedelta(days=1)
        if is_working_day(local.date()):
            left -= 1
    # Adding days keeps the hour on the wall; the way through UTC mends an hour that does not exist (summer time).
    return timezone.localtime(local.astimezone(UTC))


def is_working_day(day: date) -> bool:
    """Monday to Friday, public holidays of metropolitan France excepted."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


@cache
def holidays(year: int) -> frozenset[date]:
    """The eleven public holidays of a year."""
    sunday = easter(year)
    fixed = {date(year, month, day) for month, day in FIXED_HOLIDAYS}
    return frozenset(fixed | {sunday + timedelta(days=after) for after in EASTER_HOLIDAYS})


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous method of 1876)."""
    golden, century, rest = year % 19, year // 100, year % 100
    moon_shift = (8 * century + 13) // 25
    epact = (19 * golden + century - century // 4 - moon_shift + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_days_between(start: datetime, end: datetime) -> int:
    """Whole local days from one moment to another, never negative."""
    return max(0, (timezone.localdate(end) - timezone.localdate(start)).days)
