"""What the clock does for gatherings."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.agenda import actions
from vecu.agenda.enums import GatheringKind
from vecu.core import jobs, retention
from vecu.people.actor import system

PROVED = (GatheringKind.TRAINING, GatheringKind.SUPERVISION, GatheringKind.PRACTICE)


@jobs.periodic("agenda.remind", at=time(10, 0))
def remind(now: datetime) -> None:
    """The day before, in the morning: whoever has a place is told that it is tomorrow."""
    actions.remind_of(timezone.localdate(now) + timedelta(days=1), now=now)


@jobs.periodic("agenda.hold", at=time(4, 0))
def hold(now: datetime) -> None:
    """Each night, what is over is said to be over."""
    actions.hold_gatherings_over(now, actor=system())


retention.clock(
    "agenda.Gathering",
    starts="ends_at",
    keep=timedelta(days=6 * 365),
    then=_("deleted with its attendance: the time in which hours may have to be proved is over"),
    erase=retention.delete,
    kind__in=PROVED,
)
retention.clock(
    "agenda.Gathering",
    starts="ends_at",
    keep=timedelta(days=365),
    then=_("interviews and meetings are deleted: they prove nothing"),
    erase=retention.delete,
    kind__in=(GatheringKind.INTERVIEW, GatheringKind.MEETING),
)
retention.clock(
    "agenda.CalendarFeed",
    starts="read_at",
    keep=timedelta(days=365),
    then=_("deleted: no calendar has asked for it for a year"),
    erase=retention.delete,
)
