"""The agenda of an organisation, as a list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.agenda.context.words import say_places, state_of
from vecu.agenda.enums import GatheringKind
from vecu.agenda.models import Enrolment, Gathering, HalfDay
from vecu.core import moments, vault
from vecu.core.access import Actor, visible
from vecu.people.policy import Can

FILTERS = ("coming", "past")
NOWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class GatheringLine:
    """One line of the list, ready to print."""

    url: str
    when: str
    title: str
    kind: str
    host: str
    places: str
    waiting: str
    state: str
    tone: str


def listed(actor: Actor, show: str, kind: str = "", now: datetime | None = None) -> QuerySet[Any]:
    """The gatherings of a filter, the next one first; past ones from the last."""
    rows: Any = visible(Gathering, actor, Can.RUN_GATHERINGS)
    rows = rows.past(now) if show == "past" else rows.to_come(now)
    rows = rows.filter(kind=kind) if kind in GatheringKind.values else rows
    return rows.select_related("host")


def counts(actor: Actor, now: datetime | None = None) -> dict[str, int]:
    rows: Any = visible(Gathering, actor, Can.RUN_GATHERINGS)
    return {"coming": rows.to_come(now).order_by().count(), "past": rows.past(now).count()}


def tabs(held: dict[str, int], current: str) -> list[tuple[str, str, int, bool]]:
    words = {"coming": _("To come"), "past": _("Past or cancelled")}
    url = reverse("gathering_list")
    return [(words[name], f"{url}?show={name}", held[name], name == current) for name in FILTERS]


def lines(page: Iterable[Gathering], now: datetime | None = None) -> list[GatheringLine]:
    """The lines of one page: its next or last half-day, who leads it, who waits, in three more queries."""
    now = now or timezone.now()
    rows = list(page)
    keys = [row.pk for row in rows]
    vault.preload(row.host.vault_id for row in rows)
    waiting: dict[UUID, int] = {}
    for key in Enrolment.objects.waiting().filter(gathering__in=keys).values_list("gathering_id", flat=True):
        waiting[key] = waiting.get(key, 0) + 1
    days: dict[UUID, list[datetime]] = {}
    found = HalfDay.objects.filter(gathering__in=keys, removed_at=None).order_by("starts_at")
    for key, starts_at in found.values_list("gathering_id", "starts_at"):
        days.setdefault(key, []).append(starts_at)
    address = reverse("gathering_detail", args=[NOWHERE])
    made = []
    for row in rows:
        state, tone = state_of(row, now)
        made.append(
            GatheringLine(
                address.replace(str(NOWHERE), str(row.pk)),
                _say_when(days.get(row.pk, [row.starts_at]), now),
                row.title,
                str(row.get_kind_display()),
                str(row.host.given_name),
                say_places(row),
                _say_waiting(waiting.get(row.pk, 0)),
                state,
                tone,
            )
        )
    return made


def _say_when(days: list[datetime], now: datetime) -> str:
    """The next one, or the last; and how many in all."""
    shown = next((day for day in days if day > now), days[-1])
    words = moments.say_datetime(shown, weekday=True)
    if len(days) == 1:
        return words
    return ngettext("%(day)s, %(n)s date", "%(day)s, %(n)s dates", len(days)) % {"day": words, "n": len(days)}


def _say_waiting(count: int) -> str:
    return ngettext("%(n)s person waits", "%(n)s people wait", count) % {"n": count} if count else ""
