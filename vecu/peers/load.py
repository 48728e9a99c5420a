"""How much somebody carries, over all activities: points that fade, said as words and never shown as a number.

Each kind weighs so many points from its day on, for so many days (`data/load.csv`); what is planned weighs as soon as
it is accepted. The limit follows what a peer said they accept (`max_pairs`), the one place where limits are set.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from django.db.models import DateField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.moments import say_date
from vecu.core.prepared import Asked, Prepared, any_of
from vecu.peers.enums import LoadKind
from vecu.peers.models import LoadEntry, Peer

DATA = Path(__file__).resolve().parent / "data" / "load.csv"
REST = timedelta(days=7)  # after a hard contact
AHEAD = timedelta(days=60)
ROOM = 3  # points left for what is not following somebody

ENTRIES = Prepared(
    lambda: (
        LoadEntry.objects.filter(
            any_of("peer_id", "ids", UUIDField()),
            happens_on__gte=Asked("since", DateField()),
            happens_on__lte=Asked("until", DateField()),
        )
        .order_by()
        .values_list("peer_id", "kind", "happens_on")
    )
)


@dataclass(frozen=True, slots=True)
class Weight:
    """How many points a kind weighs, and for how many days after its own (0: as long as it lasts)."""

    points: int
    days: int


@dataclass(frozen=True)
class Gauge:
    """What one peer carries on a day: what it is made of, whether there is room, and until when they rest."""

    points: int
    limit: int
    counts: tuple[tuple[str, int], ...]
    rests_until: date | None

    def is_over_with(self, kind: str) -> bool:
        """Whether one more of this kind is above what they accept, or comes while they rest."""
        return self.rests_until is not None or self.points + weights()[kind].points > self.limit

    @property
    def is_over_with_pair(self) -> bool:
        return self.is_over_with(LoadKind.PAIR)

    @property
    def words(self) -> str:
        if self.rests_until is not None:
            return _("Rests until %(day)s after a hard contact") % {"day": say_date(self.rests_until)}
        if self.points >= self.limit:
            return _("Carries as much as they accept")
        if 2 * self.points > self.limit:
            return _("Carries a good deal: room for something light")
        return _("Carries little: there is room") if self.points else _("Carries nothing at the moment")

    @property
    def own_words(self) -> str:
        """The same, said to the person."""
        if self.rests_until is not None:
            return _("Rest until %(day)s, after a hard contact") % {"day": say_date(self.rests_until)}
        if self.points >= self.limit:
            return _("You carry as much as you said you accept")
        if 2 * self.points > self.limit:
            return _("You carry a good deal: room for something light")
        return _("You carry little: there is room") if self.points else _("You carry nothing at the moment")

    @property
    def tone(self) -> str:
        if self.rests_until is not None or self.points >= self.limit:
            return "alert"
        return "mirabelle" if 2 * self.points > self.limit else "sauge"

    @property
    def lines(self) -> list[tuple[str, int]]:
        """« Un contact difficile », 2."""
        return [(str(LoadKind(kind).label), count) for kind, count in self.counts]


def gauge(peer: Peer, on: date | None = None) -> Gauge:
    return gauges([peer], on)[peer.pk]


def gauges(peers: Iterable[Peer], on: date | None = None) -> dict[UUID, Gauge]:
    """The gauge of each, in one query."""
    rows, day = list(peers), on or timezone.localdate()
    longest = max(weight.days for weight in weights().values())
    found: dict[UUID, list[tuple[str, date]]] = {}
    ids = [peer.pk for peer in rows]
    for peer_id, kind, at in ENTRIES.rows(ids=ids, since=day - timedelta(days=longest), until=day + AHEAD):
        found.setdefault(peer_id, []).append((kind, at))
    return {peer.pk: _gauge(peer, found.get(peer.pk, []), day) for peer in rows}


@cache
def weights() -> dict[str, Weight]:
    """The data: every kind has its line."""
    with DATA.open(encoding="utf-8", newline="") as file:
        found = {row["kind"]: Weight(int(row["points"]), int(row["days"])) for row in csv.DictReader(file)}
    if set(found) != set(LoadKind.values):
        raise ValueError(f"{DATA.name}: one line for each of {sorted(LoadKind.values)}")
    return found


def _gauge(peer: Peer, entries: list[tuple[str, date]], day: date) -> Gauge:
    counts = Counter(kind for kind, at in entries if day <= at + timedelta(days=weights()[kind].days))
    if peer.active_pairs:
        counts[LoadKind.PAIR.value] = peer.active_pairs
    hard = [at for kind, at in entries if kind == LoadKind.HARD and at <= day < at + REST]
    return Gauge(
        points=sum(weights()[kind].points * count for kind, count in counts.items()),
        limit=weights()[LoadKind.PAIR].points * peer.max_pairs + ROOM,
        counts=tuple((kind, counts[kind]) for kind in LoadKind.values if counts[kind]),
        rests_until=max(hard) + REST if hard else None,
    )
