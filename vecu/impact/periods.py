"""The period a figure is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

FIRST_YEAR = 2000


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


def period_of(code: str | None, today: date | None = None) -> Period:
    """`12` for the last twelve months (also for anything unreadable), or a year as four digits."""
    day = today or timezone.localdate()
    if code and re.fullmatch(r"[0-9]{4}", code) and FIRST_YEAR <= int(code) <= day.year:
        return Period(date(int(code), 1, 1), min(date(int(code), 12, 31), day), code)
    return Period(day - timedelta(days=364), day, LAST_12_MONTHS)


def choices(today: date | None = None) -> list[Period]:
    """The last twelve months, this year and the two before."""
    day = today or timezone.localdate()
    return [period_of(code, day) for code in (LAST_12_MONTHS, *(str(day.year - back) for back in range(3)))]
