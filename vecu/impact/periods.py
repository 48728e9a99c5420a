"""The period a figure is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR = 2000
FIRST_FULL_MONTH = 4  # before it, a year says less than the one before


@dataclass(frozen=True)
class Period:
    """Whole local days, both ends included."""

    first: date
    last: date
    code: str

    @property
    def starts_at(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time()))

    @property
    def ends_at(self) -> datetime:
        """The first moment after the period."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time()))

    def __str__(self) -> str:
        if self.code == LAST_12_MONTHS:
            return str(_("last 12 months"))
        return self.code


LAST_12_MONTHS = "12"


def period_of(code: str | None, today: date | None = None, *, is_rolling: bool = True) -> Period:
    """`12` for the last twelve months, or a year as four digits; anything unreadable gives the usual one.

    The last twelve months overlap the years: whoever does not know the people by name gets whole years only, so that
    nothing is found by taking one period from another (`is_rolling` false).
    """
    day = today or timezone.localdate()
    if code and re.fullmatch(r"[0-9]{4}", code) and FIRST_YEAR <= int(code) <= day.year:
        return Period(date(int(code), 1, 1), min(date(int(code), 12, 31), day), code)
    if is_rolling:
        return Period(day - timedelta(days=364), day, LAST_12_MONTHS)
    return period_of(str(day.year if day.month >= FIRST_FULL_MONTH else day.year - 1), day)


def choices(today: date | None = None, *, is_rolling: bool = True) -> list[Period]:
    """The last twelve months if they may be looked at, this year and the two before."""
    day = today or timezone.localdate()
    years = [str(day.year - back) for back in range(3)]
    return [period_of(code, day) for code in ([LAST_12_MONTHS] if is_rolling else []) + years]
