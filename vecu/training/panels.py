"""What training shows on the first screen: what ends soon, diplomas to look at, the cohorts one leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from vecu.core.access import visible
from vecu.core.prepared import Seen, counted
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.policy import Can
from vecu.training import context
from vecu.training.context import EndingLine
from vecu.training.models import Cohort, Equivalence

SHOWN = 5
PLACES = 2
SOON = timedelta(days=60)  # story 4: known two months before, as the person is

# Asked on the first screen: written once.
ASKED = Seen(
    Can.DECIDE_EQUIVALENCE,
    lambda actor: counted(visible(Equivalence, actor, Can.DECIDE_EQUIVALENCE).asked(), n=Count("*")),
)


@dataclass(frozen=True)
class TrainingToday:
    """What concerns a whole place first, some of it; then the nearest ends. The whole list is one click away."""

    endings: list[EndingLine]
    asked: int
    cohorts: list[Cohort]


def training_today(actor: Actor, now: datetime) -> TrainingToday | None:
    """A fixed number of queries; None for whoever has no part in it, or when nothing waits."""
    if not actor.may(Can.MANAGE_TRAINING):
        return None
    ((asked,),) = ASKED.rows(actor) or ((0,),)
    cohorts = []
    if Role.TRAINER in actor.roles:
        rows = visible(Cohort, actor, Can.MANAGE_TRAINING).not_cancelled().filter(gathering__ends_at__gte=now)
        cohorts = list(rows.select_related("course", "gathering").order_by("gathering__starts_at")[:SHOWN])
    ends = _few(context.endings(actor, ahead=SOON, most=SHOWN))
    return TrainingToday(ends, asked, cohorts) if ends or asked or cohorts else None


def _few(ends: list[EndingLine]) -> list[EndingLine]:
    """Many conventions of old do not hide the papers of those who are proposed tomorrow."""
    places, papers = [line for line in ends if not line.who], [line for line in ends if line.who]
    return [*places[:PLACES], *papers, *places[PLACES:]][:SHOWN]
