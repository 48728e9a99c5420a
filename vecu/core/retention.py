"""How long each thing is kept: one table of clocks, made of the lines areas declare in their `tasks.py`.

    retention.clock("people.Invitation", starts="created_at", keep=timedelta(days=30),
                    then=_("the link is forgotten"), erase=…)

`erase` does the deed for rows past their end; without it, a job of the area does, and the clock only counts what
it forgot. Every night the clocks are applied; the board shows, line by line, what waits and what was forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise

from vecu.core import jobs

# A line is "forgotten" only two nights later: a worker may have been stopped one night.
LATE = timedelta(days=2)
log = structlog.get_logger("vecu.retention")


@dataclass(frozen=True)
class Clock:
    """Rows of `model` are kept for `keep` after `starts`, then `then`. `only` narrows what the clock is about."""

    model: str
    starts: str
    keep: timedelta
    then: str | Promise
    only: dict[str, Any]
    erase: Callable[[QuerySet[Any]], Any] | None = None

    def past(self, now: datetime, late: timedelta = timedelta(0)) -> QuerySet[Any]:
        """Rows whose time is over."""
        rows = apps.get_model(self.model)._default_manager.filter(**self.only)
        return rows.filter(**{f"{self.starts}__lt": now - self.keep - late})


@dataclass(frozen=True)
class Line:
    """One line of the board."""

    clock: Clock
    name: str
    kept: int
    next_at: datetime | None
    forgotten: int


CLOCKS: list[Clock] = []


def delete(rows: QuerySet[Any]) -> None:
    """For rows of which nothing stays: the usual `erase`."""
    rows.delete()


def clock(
    model: str,
    *,
    starts: str,
    keep: timedelta,
    then: str | Promise,
    erase: Callable[[QuerySet[Any]], Any] | None = None,
    **only: Any,
) -> Clock:
    """Declare how long the rows of a model are kept."""
    made = Clock(model, starts, keep, then, only, erase)
    CLOCKS.append(made)
    return made


def apply(now: datetime | None = None, *, dry: bool = False) -> dict[str, int]:
    """Erase what is past its end; returns how many rows by model. `dry` only counts."""
    now = now or timezone.now()
    done: dict[str, int] = {}

    def run(clock: Clock) -> None:
        rows = clock.past(now)
        count = rows.count()
        if count and not dry and clock.erase is not None:
            clock.erase(rows)
        done[clock.model] = done.get(clock.model, 0) + count

    jobs.each([each for each in CLOCKS if each.erase is not None], run)
    return done


def board(now: datetime | None = None) -> list[Line]:
    """Each clock with how many rows it keeps, when the next one ends, and how many were forgotten."""
    now = now or timezone.now()
    lines = []
    for each in CLOCKS:
        model = apps.get_model(each.model)
        rows = model._default_manager.filter(**each.only, **{f"{each.starts}__isnull": False})
        first = rows.order_by(each.starts).values_list(each.starts, flat=True).first()
        lines.append(
            Line(
                clock=each,
                name=str(model._meta.verbose_name),
                kept=rows.count(),
                next_at=_moment(first) + each.keep if first else None,
                forgotten=each.past(now, LATE).count(),
            )
        )
    return lines


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    return timezone.make_aware(datetime.combine(value, time()))


@jobs.periodic("core.apply_retention", at=time(3, 0), atomic=False)
def apply_tonight(now: datetime) -> None:
    """Each night; the counts go to the log, never what was erased."""
    for model, count in apply(now).items():
        if count:
            log.info("retention.applied", model=model, count=count)
