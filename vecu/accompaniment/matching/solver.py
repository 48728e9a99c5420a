"""The public solver: one optimal assignment, kept optimal through every change.

`Assignment(needs, peers)` solves once; then each verb re-solves by one path, a few at most, and
returns what moved. The result always equals a cold solve of the same situation, to the unit.

What moves: among equally good matchings the tie digits decide, and a pair of the `current` matching
(already proposed to people) wins every tie; see `table`. Beyond that a change moves a person only
when the sum of costs demands it: a pair that must not move is to be locked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from vecu.accompaniment.matching import candidates, cold, kernel
from vecu.accompaniment.matching.explain import PeerPrice, Waiting, eliminated
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.ledger import NOBODY
from vecu.accompaniment.matching.network import Network
from vecu.accompaniment.matching.table import (
    MOST_PAIRS,
    NOT_CUT,
    SCALE,
    CandidateTable,
    Row,
    primary,
    scaled_cost,
    scaled_costs,
)
from vecu.accompaniment.matching.weights import Settings

Engine = Literal["plain", "compiled"]
#: How many possible peers a `Waiting` names at most, cheapest first.
PEERS_TOLD = 10


@dataclass(frozen=True, slots=True)
class Solution:
    """A whole assignment: need id -> peer id (locks included), who waits, and the primary objective."""

    pairs: Mapping[str, str]
    waiting: tuple[str, ...]
    objective: int


@dataclass(frozen=True, slots=True)
class Moved:
    """One need whose peer changed (None: waiting, or not there)."""

    need: str
    before: str | None
    after: str | None


class Assignment:
    """An optimal assignment that stays optimal; raises KeyError for an unknown need or peer."""

    def __init__(
        self,
        needs: Iterable[Need] = (),
        peers: Iterable[PeerOffer] = (),
        settings: Settings | None = None,
        *,
        locks: Mapping[str, str] | None = None,
        forbidden: Iterable[tuple[str, str]] = (),
        current: Mapping[str, str] | None = None,
        engine: Engine = "plain",
    ) -> None:
        settings = settings or Settings()
        source = candidates.source(tuple(needs), tuple(peers), settings)
        self._start(source.table(), source, settings, locks or {}, forbidden, current, engine)

    @classmethod
    def from_table(
        cls,
        table: CandidateTable,
        settings: Settings | None = None,
        *,
        source: candidates.Source | None = None,
        locks: Mapping[str, str] | None = None,
        forbidden: Iterable[tuple[str, str]] = (),
        current: Mapping[str, str] | None = None,
        engine: Engine = "plain",
    ) -> Assignment:
        """Solve a ready candidate table; with a `source` its cut is proven."""
        self = cls.__new__(cls)
        self._start(table, source, settings or Settings(), locks or {}, forbidden, current, engine)
        return self

    def _start(
        self,
        table: CandidateTable,
        source: candidates.Source | None,
        settings: Settings,
        locks: Mapping[str, str],
        forbidden: Iterable[tuple[str, str]],
        current: Mapping[str, str] | None,
        engine: Engine,
    ) -> None:
        self.settings, self.source, self._current = settings, source, dict(current or {})
        self._forbidden = set(forbidden)
        table = table.without(self._forbidden)
        if min(int(table.capacity.sum()), len(table.need_ids)) > MOST_PAIRS:
            raise ValueError(f"more than {MOST_PAIRS} pairs: split the instance")
        self._names, self._peer_names = list(table.need_ids), list(table.peer_ids)
        self._at = {name: i for i, name in enumerate(self._names)}
        self._peer_at = {name: j for j, name in enumerate(self._peer_names)}
        self.network = Network(table, scaled_costs(table, self._current), settings.fair_load)
        self.locks: dict[str, str] = {}
        for need, peer in locks.items():
            self.network.lock_at_start(self._at[need], self._peer_at[peer])
            self.locks[need] = peer
        solve_network = kernel.solve_cold if engine == "compiled" else cold.solve_cold
        solve_network(self.network, {self._at[need] for need in locks})
        self.prove()

    # --- reading -----------------------------------------------------------------------------

    def peer_of(self, need: str) -> str | None:
        """The peer of a need, locked or proposed; None while it waits."""
        if need in self.locks:
            return self.locks[need]
        peer = self.network.mate[self._at[need]]
        return None if peer == NOBODY else self._peer_names[peer]

    @property
    def objective(self) -> int:
        """Costs of pairs, prices of places and of waiting, in primary units; locked pairs left out."""
        network, total = self.network, 0
        for need in self._at.values():
            if network.alive[need]:
                total += network.waiting[need] if network.mate[need] == NOBODY else network.held[need]
        for peer, members in enumerate(network.members):
            first = network.load[peer] + network.locked[peer] + 1
            total += network.fair_load * sum(range(first, first + len(members)))
        return primary(total)

    def solution(self) -> Solution:
        """The whole assignment as it stands."""
        found = {need: self.peer_of(need) for need in self._at}
        pairs = {need: peer for need, peer in found.items() if peer is not None}
        return Solution(pairs, tuple(need for need, peer in found.items() if peer is None), self.objective)

    def price(self, peer: str) -> PeerPrice:
        """What one more free place of this peer would save."""
        return PeerPrice(peer, primary(self.network.saving(self._peer_at[peer])))

    def why_waiting(self, need: str) -> Waiting:
        """Why this need waits; ValueError when it does not."""
        if self.peer_of(need) is not None:
            raise ValueError(f"{need} does not wait")
        row = self.network.row(self._at[need])
        if not row:
            return Waiting(need, "no_feasible_peer", {"eliminated": self._eliminated(need)})
        full = all(self.network.taken(j) >= self.network.capacity[j] for _, j in row)
        told = tuple(self.price(self._peer_names[j]) for _, j in row[:PEERS_TOLD])
        return Waiting(need, "all_full" if full else "could_be_served_but_costs_more", {"peers": told})

    def _eliminated(self, need: str) -> dict[str, int]:
        if self.source is None or (person := self.source.need(need)) is None:
            return {}
        counts = eliminated(person, self.source.peers, self.settings)
        barred = sum(1 for name, _ in self._forbidden if name == need)
        return counts | {"forbidden": barred} if barred else counts

    # --- verbs -------------------------------------------------------------------------------

    def insert(self, need: Need | Row) -> tuple[Moved, ...]:
        """Add a need; ValueError when it is there already."""
        if self._name(need) in self._at:
            raise ValueError(f"{self._name(need)} is there already")
        self.network.before.clear()
        self._add(need)
        return self._moved()

    def remove(self, need: str) -> tuple[Moved, ...]:
        """Take a need out (closed, withdrawn), locked or not."""
        self.network.before.clear()
        before = {need: self.peer_of(need)}
        if need in self.locks:
            self.network.give_back_place(self._peer_at[self.locks.pop(need)])
        self.network.withdraw(self._at.pop(need))
        if self.source is not None:
            self.source.forget(need)
        return self._moved(before)

    def change(self, need: Need | Row) -> tuple[Moved, ...]:
        """Replace a need's answers or waiting time; ValueError when it is locked."""
        name = self._name(need)
        if name in self.locks:
            raise ValueError(f"{name} is locked")
        self.network.before.clear()
        self.network.withdraw(self._at[name])
        self._add(need)
        return self._moved()

    def lock(self, need: str, peer: str) -> tuple[Moved, ...]:
        """Fix a pair, whatever it costs: the need leaves the matching, the peer has one place less."""
        if need in self.locks:
            raise ValueError(f"{need} is locked already")
        i, j = self._at[need], self._peer_at[peer]
        if self.network.locked[j] >= self.network.capacity[j]:
            raise ValueError(f"{peer} has no place left to lock")
        self.network.before.clear()
        before = {need: self.peer_of(need)}
        if self.network.mate[i] == j:
            self.network.keep_place(i)
        else:
            self.network.withdraw(i)
            self.network.take_place(j)
        self.locks[need] = peer
        return self._moved(before)

    def unlock(self, need: str) -> tuple[Moved, ...]:
        """Undo a lock; the need takes part again."""
        self.network.before.clear()
        peer = self.locks.pop(need)
        self.network.give_back_place(self._peer_at[peer])
        self.network.place(self._at[need])
        return self._moved({need: peer})

    def forbid(self, need: str, peer: str) -> tuple[Moved, ...]:
        """Never this pair; ValueError when it is locked."""
        if self.locks.get(need) == peer:
            raise ValueError(f"{need} is locked with {peer}")
        i, j = self._at[need], self._peer_at[peer]
        self._forbidden.add((need, peer))
        self.network.before.clear()
        was = self.network.mate[i] == j
        if was:
            self.network.withdraw(i)
        self.network.drop_edge(i, j)
        if was:
            self.network.place(i)
        return self._moved()

    def change_capacity(self, peer: str, capacity: int) -> tuple[Moved, ...]:
        """Set the free places of a peer, counted as at the start (locked ones included)."""
        self.network.before.clear()
        self.network.resize(self._peer_at[peer], capacity)
        return self._moved()

    # --- inside ------------------------------------------------------------------------------

    @staticmethod
    def _name(need: Need | Row) -> str:
        return need.id

    def _add(self, need: Need | Row) -> None:
        """Append a need with its candidates and place it."""
        if isinstance(need, Need):
            if self.source is None:
                raise ValueError("this assignment was made from a table: give a Row")
            row = self.source.row(need)
        else:
            row = need
        edges = [
            (scaled_cost(row.id, peer, cost, self._current), self._peer_at[peer])
            for peer, cost in row.costs.items()
            if (row.id, peer) not in self._forbidden
        ]
        self._at[row.id] = self.network.add_need(row.waiting * SCALE, edges)
        self._names.append(row.id)
        self.network.place(self._at[row.id])

    def _moved(self, before: Mapping[str, str | None] | None = None) -> tuple[Moved, ...]:
        """What the operation just done changed; `before` says what the network cannot know (locks)."""
        first: dict[str, str | None] = dict(before or {})
        for index, peer in self.network.before.items():
            first.setdefault(self._names[index], None if peer == NOBODY else self._peer_names[peer])
        after = {need: self.peer_of(need) if need in self._at else None for need in first}
        return tuple(Moved(need, was, after[need]) for need, was in first.items() if was != after[need])

    def prove(self) -> int:
        """Prove that no candidate left out could help; put back those that could; returns how many needs.

        A left-out candidate is harmless when cost + price >= what its need pays now. The lowest
        left-out cost and the lowest price settle most needs without looking at the pairs. Run at the
        start; run it again after a batch of changes on an instance whose lists were cut.
        """
        if self.source is None:
            return 0
        cut, put_back = self.network.table.cut, 0
        left = {self._names[i]: int(cut[i]) for i in (cut < NOT_CUT).nonzero()[0].tolist()}
        left = {name: lowest for name, lowest in left.items() if self._is_first_row(name)}
        network = self.network
        while left:
            lowest_price = min(network.price)
            suspects = [
                name for name, cost in left.items()
                if cost * SCALE + lowest_price < network.value(self._at[name])
            ]  # fmt: skip
            helped = _put_back(self, self.source, suspects) if suspects else set()
            if not helped:
                break
            put_back += len(helped)
            left = {name: cost for name, cost in left.items() if name not in helped}
        return put_back

    def _is_first_row(self, name: str) -> bool:
        """Whether the need still takes part with the list of the start."""
        index = self._at.get(name, len(self.network.table.need_ids))
        return index < len(self.network.table.need_ids) and self.network.alive[index]


def _put_back(plan: Assignment, source: candidates.Source, names: Sequence[str]) -> set[str]:
    """Give their whole candidate list to the needs a left-out candidate would help; returns their ids."""
    whole = source.whole(names).without(plan._forbidden)
    reach = scaled_costs(whole, plan._current)
    price, helped = plan.network.price, set()
    for i, name in enumerate(names):
        low, high = whole.start[i], whole.start[i + 1]
        value = plan.network.value(plan._at[name])
        peers = whole.peer[low:high].tolist()
        if any(c + price[j] < value for c, j in zip(reach[low:high].tolist(), peers, strict=True)):
            helped.add(name)
            costs = whole.cost[low:high].tolist()
            row = {plan._peer_names[j]: c for j, c in zip(peers, costs, strict=True)}
            plan.network.withdraw(plan._at[name])
            plan._add(Row(name, int(whole.waiting[i]), row))
    return helped


def solve(
    needs: Iterable[Need],
    peers: Iterable[PeerOffer],
    settings: Settings | None = None,
    *,
    locks: Mapping[str, str] | None = None,
    forbidden: Iterable[tuple[str, str]] = (),
    current: Mapping[str, str] | None = None,
    engine: Engine = "plain",
) -> Solution:
    """Solve once and keep nothing."""
    return Assignment(
        needs, peers, settings, locks=locks, forbidden=forbidden, current=current, engine=engine
    ).solution()
