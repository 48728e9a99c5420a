"""What is missing: needs nobody could answer, by experience, age, place and role.

Those who see the requests know them by name, and see every group; to anyone else none is small enough to point at
someone (decision 0009)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import RequestRole
from vecu.accompaniment.models import UnmetNeed
from vecu.core.access import Scope, visible
from vecu.core.crowds import SMALLEST_GROUP
from vecu.peers import terms, territory
from vecu.peers.enums import AgeClass
from vecu.people.actor import Actor
from vecu.people.policy import Can

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

    @property
    def target(self) -> dict[str, str]:
        """What a recruitment opened from this line looks for."""
        return {"code": self.code, "kind": self.role, "age_class": self.age_class, "departement": self.departement}


@dataclass(frozen=True)
class Needs:
    """Groups large enough to be shown, and how many requests the others hold together (None when few)."""

    groups: list[Group]
    others: int | None
    total: int
    is_masked: bool = True


def unmet_needs(actor: Actor, today: date | None = None) -> Needs:
    """Two years of needs by experience, age, place and role; groups under five are only counted together for whoever
    does not see the requests."""
    since = (today or timezone.localdate()) - LOOKED_BACK
    rows = visible(UnmetNeed, actor).filter(noted_on__gte=since).order_by()
    counted: dict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for codes, role, age, departement, met_on in rows.values_list(
        "codes", "role", "age_class", "departement", "met_on"
    ):
        line = counted[codes[0] if codes else "", role, age, departement]
        line[0] += 1
        line[1] += met_on is None
    if actor.scope(Can.SEE_REQUESTS) >= Scope.ORGANISATION:
        groups = _sorted(Group(*key, count, standing) for key, (count, standing) in counted.items())
        return Needs(groups, None, sum(group.count for group in groups), is_masked=False)
    return _masked(Group(*key, count, _told(standing, count)) for key, (count, standing) in counted.items())


def say_group(group: Group) -> str:
    """« Stomie, moins de 40 ans, Jura »; that a relative asks is said first."""
    parts = [_("A relative")] if group.role == RequestRole.RELATIVE else []
    parts.append(terms.label(group.code) if terms.is_known(group.code) else _("Not in the list yet"))
    if group.age_class:
        parts.append(str(AgeClass(group.age_class).label))
    if group.departement:
        parts.append(territory.name(group.departement))
    return ", ".join(parts)


def _sorted(groups: Iterable[Group]) -> list[Group]:
    """The largest first; those still waiting before those met since."""
    return sorted(groups, key=lambda one: (-one.count, -(one.standing or 0), one.code, one.departement, one.age_class))


def _told(part: int, whole: int) -> int | None:
    few = range(1, SMALLEST_GROUP)
    return None if part in few or whole - part in few else part


def _masked(groups: Iterable[Group]) -> Needs:
    found = _sorted(groups)
    shown = [group for group in found if group.count >= SMALLEST_GROUP]
    others = sum(group.count for group in found) - sum(group.count for group in shown)
    total = sum(group.count for group in shown)
    # A remainder under five would point at the few it holds, even by subtraction: it is left out of the total.
    return Needs(
        shown, others if others >= SMALLEST_GROUP else None, total + (others if others >= SMALLEST_GROUP else 0)
    )
