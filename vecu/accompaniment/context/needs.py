"""What is missing: needs nobody could answer, by experience, age, place and role, none small enough to point at
someone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import AgeClass, RequestRole
from vecu.accompaniment.models import UnmetNeed
from vecu.core.access import visible
from vecu.core.crowds import SMALLEST_GROUP
from vecu.people.actor import Actor

LOOKED_BACK = timedelta(days=730)


@dataclass(frozen=True)
class Group:
    """One line of the page: how many requests of the same kind found nobody."""

    code: str
    role: str
    age_class: str
    departement: str
    count: int
    standing: int | None  # None: they, or the others of the group, are too few to be told


@dataclass(frozen=True)
class Needs:
    """Groups large enough to be shown, and how many requests the others hold together (None when few)."""

    groups: list[Group]
    others: int | None
    total: int


def unmet_needs(actor: Actor, today: date | None = None) -> Needs:
    """Two years of needs by experience, age, place and role; groups under five are only counted together."""
    since = (today or timezone.localdate()) - LOOKED_BACK
    rows = visible(UnmetNeed, actor).filter(noted_on__gte=since).order_by()
    counted: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for codes, role, age, departement, met_on in rows.values_list(
        "codes", "role", "age_class", "departement", "met_on"
    ):
        line = counted[codes[0] if codes else "", role, age, departement]
        line[0] += 1
        line[1] += met_on is None
    groups = (Group(*key, count, _told(standing, count)) for key, (count, standing) in counted.items())
    return _masked(groups)


def who_words(group: Group) -> str:
    """« Proche, 40 à 59 ans »."""
    who = _("A relative") if group.role == RequestRole.RELATIVE else _("A patient")
    return f"{who}, {AgeClass(group.age_class).label}" if group.age_class else who


def _told(part: int, whole: int) -> int | None:
    few = range(1, SMALLEST_GROUP)
    return None if part in few or whole - part in few else part


def _masked(groups: Iterable[Group]) -> Needs:
    found = sorted(groups, key=lambda group: (-group.count, group.code, group.departement, group.age_class))
    shown = [group for group in found if group.count >= SMALLEST_GROUP]
    others = sum(group.count for group in found) - sum(group.count for group in shown)
    total = sum(group.count for group in shown)
    # A remainder under five would point at the few it holds, even by subtraction: it is left out of the total.
    return Needs(
        shown, others if others >= SMALLEST_GROUP else None, total + (others if others >= SMALLEST_GROUP else 0)
    )
