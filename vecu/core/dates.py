"""Working days and clocks, in the instance's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

SATURDAY = 5


def add_working_days(start: datetime, days: int) -> datetime:
    """The same local time, `days` working days later (Saturday and Sunday do not count)."""
    local = timezone.localtime(start)
    left = days
    while left > 0:
        local += timedelta(days=1)
        if local.weekday() < SATURDAY:
            left -= 1
    return timezone.make_aware(local.replace(tzinfo=None), local.tzinfo) if local.tzinfo is None else local


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or the month's last day."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    for last in (day.day, 30, 29, 28):
        if last <= day.day:
            try:
                return date(year, month, last)
            except ValueError:
                continue
    raise ValueError(f"no day {day.day} in {year}-{month}")


def full_days_between(start: datetime, end: datetime) -> int:
    """Whole local days from one moment to another, never negative."""
    return max(0, (timezone.localdate(end) - timezone.localdate(start)).days)
