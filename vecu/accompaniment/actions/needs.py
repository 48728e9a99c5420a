"""Needs nobody could answer: kept as experience, place and wish, without the person, and counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import AgeClass, AgeGroup, RequestRole
from vecu.accompaniment.models import SupportRequest, UnmetNeed
from vecu.core import journal
from vecu.core.access import require, visible
from vecu.people.actor import Actor
from vecu.people.policy import Can

# Fewer requests than this could point at someone: the group is not shown.
SMALLEST_GROUP = 5
LOOKED_BACK = timedelta(days=730)

AGE_LIMITS = ((18, AgeClass.UNDER_18), (30, AgeClass.FROM_18), (40, AgeClass.FROM_30), (60, AgeClass.FROM_40),
              (75, AgeClass.FROM_60))  # fmt: skip


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


@transaction.atomic
def note_need(request: SupportRequest, *, actor: Actor, now: date | None = None) -> UnmetNeed:
    """Keep what was asked and not found. A request is counted once, however often it is noted; one which was met, and
    waits again, is missing again from today."""
    require(actor, Can.TRIAGE_REQUEST, request)
    need = UnmetNeed.objects.filter(request=request).order_by("-noted_on").first()
    if need is not None and need.met_on is None:
        return need
    needs, wishes = request.told, request.wished
    codes = [*needs.get("conditions", []), *needs.get("treatments", []), *wishes.get("matters", [])]
    facts = {
        "noted_on": now or timezone.localdate(),
        "met_on": None,
        "codes": list(dict.fromkeys(codes)),
        "role": request.role,
        "departement": request.departement,
        "age_class": age_class(request.birth_year, needs.get("age_group", "")),
        "wishes": [name for name in ("gender", "near_my_age", "not_same_site", "not_same_town") if wishes.get(name)],
        "reasons": list(request.unmatched_reasons),
    }
    if need is None:
        need = UnmetNeed.objects.create(organisation_id=request.organisation_id, request=request, **facts)
    else:
        for name, value in facts.items():
            setattr(need, name, value)
        need.save(update_fields=[*facts, "updated_at"])
    journal.write(actor, "need.note", need)
    return need


@transaction.atomic
def mark_met(request: SupportRequest, *, actor: Actor, now: date | None = None) -> None:
    """A peer was found after all. Followed from the pair's opening, so it asks for no right of its own."""
    need = UnmetNeed.objects.filter(request=request, met_on=None).first()
    if need is None:
        return
    need.met_on = now or timezone.localdate()
    need.save(update_fields=["met_on", "updated_at"])
    journal.write(actor, "need.met", need)


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


def age_class(birth_year: int | None, age_group: str = "", today: date | None = None) -> str:
    """The class of someone born that year; the age group told when there is no year; empty when nothing is known."""
    if birth_year is None:
        return AgeClass.UNDER_18 if age_group in (AgeGroup.YOUNG, AgeGroup.CHILD) else ""
    age = (today or timezone.localdate()).year - birth_year
    return next((name for limit, name in AGE_LIMITS if age < limit), AgeClass.FROM_75)
