"""The candidate table: allowed pairs and their costs as column arrays, and the exact digits of a cost.

A scaled cost is an integer: primary cost x 2**44 + tie digits. The tie digits are a stable hash of
the two ids, so that the optimum is one matching, whatever the order of the input and whatever the
engine. When a current matching is given, a pair outside it also pays `MOVE` in the tie digits: of
all matchings with the best primary cost, the engine takes one that keeps people where they are
(if the current matching is still optimal, it is returned unchanged).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from zlib import crc32

import numpy as np

SCALE = 1 << 44
TIE = 1 << 24
MOVE = 1 << 26
#: Above this many pairs the tie digits could carry into the primary cost.
MOST_PAIRS = SCALE // (2 * (MOVE + TIE))
#: In `cut`: no candidate was left out.
NOT_CUT = 1 << 40
_MASK = (1 << 64) - 1
_MIX_1, _MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


@dataclass(frozen=True, slots=True)
class Row:
    """One need as the solver sees it: its id, its waiting price, and its candidates with their costs."""

    id: str
    waiting: int
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class CandidateTable:
    """Allowed pairs as columns; need i owns the edges start[i]:start[i + 1].

    `waiting`: primary waiting price of each need. `capacity` and `load`: of each peer. `peer` and
    `cost`: peer index and primary cost of each edge. `cut[i]`: the lowest primary cost among the
    candidates left out of need i's list, or `NOT_CUT` when the list is whole.
    """

    need_ids: Sequence[str]
    peer_ids: Sequence[str]
    waiting: np.ndarray
    capacity: np.ndarray
    load: np.ndarray
    start: np.ndarray
    peer: np.ndarray
    cost: np.ndarray
    cut: np.ndarray

    @classmethod
    def from_rows(
        cls, rows: Sequence[Row], places: Iterable[tuple[str, int, int]], cut: Sequence[int] | None = None
    ) -> CandidateTable:
        """Build from rows and (peer id, capacity, load); KeyError for an unknown peer in a row."""
        peer_ids, capacity, load = [], [], []
        for name, places_now, carried in places:
            peer_ids.append(name)
            capacity.append(places_now)
            load.append(carried)
        at = {name: j for j, name in enumerate(peer_ids)}
        if len(at) != len(peer_ids) or len({row.id for row in rows}) != len(rows):
            raise ValueError("two peers or two needs have the same id")
        start = np.zeros(len(rows) + 1, np.int64)
        start[1:] = np.cumsum([len(row.costs) for row in rows])
        return cls(
            [row.id for row in rows],
            peer_ids,
            np.array([row.waiting for row in rows], np.int64),
            np.array(capacity, np.int64),
            np.array(load, np.int64),
            start,
            np.array([at[name] for row in rows for name in row.costs], np.int32),
            np.array([cost for row in rows for cost in row.costs.values()], np.int32),
            np.array(cut if cut is not None else [NOT_CUT] * len(rows), np.int64),
        )

    def without(self, forbidden: Iterable[tuple[str, str]]) -> CandidateTable:
        """The same table less these (need id, peer id) pairs; pairs that are not in it are ignored."""
        need_at = {name: i for i, name in enumerate(self.need_ids)}
        peer_at = {name: j for j, name in enumerate(self.peer_ids)}
        drop = np.zeros(len(self.peer), bool)
        for need, peer in forbidden:
            if need in need_at and peer in peer_at:
                low, high = self.start[need_at[need]], self.start[need_at[need] + 1]
                drop[low:high] |= self.peer[low:high] == peer_at[peer]
        if not drop.any():
            return self
        start = np.zeros_like(self.start)
        start[1:] = np.cumsum(np.bincount(self.owners()[~drop], minlength=len(self.need_ids)))
        return replace(self, start=start, peer=self.peer[~drop], cost=self.cost[~drop])

    def owners(self) -> np.ndarray:
        """The need index of each edge."""
        return np.repeat(np.arange(len(self.need_ids), dtype=np.int32), np.diff(self.start))


def id_hash(name: str) -> int:
    """A 32-bit hash of an id, the same on every machine and run."""
    return crc32(name.encode())


def tie_digits(need_hash: int, peer_hash: int) -> int:
    """The tie digits of a pair, 1 to 2**24 - 1 (a 64-bit mix of both hashes)."""
    x = (need_hash << 32 | peer_hash) & _MASK
    x = (x ^ x >> 30) * _MIX_1 & _MASK
    x = (x ^ x >> 27) * _MIX_2 & _MASK
    return (x >> 40) % (TIE - 1) + 1


def tie_columns(need_hashes: np.ndarray, peer_hashes: np.ndarray) -> np.ndarray:
    """`tie_digits` over arrays of hashes (uint64, one pair a line), as int64."""
    x = (need_hashes << np.uint64(32)) | peer_hashes
    for shift, factor in ((30, _MIX_1), (27, _MIX_2)):
        x ^= x >> np.uint64(shift)
        x *= np.uint64(factor)
    x >>= np.uint64(40)
    x %= np.uint64(TIE - 1)
    digits = x.view(np.int64)
    digits += 1
    return digits


def id_hashes(names: Sequence[str]) -> np.ndarray:
    """`id_hash` of many ids, as uint64."""
    return np.array([crc32(name.encode()) for name in names], np.uint64)


def scaled_costs(table: CandidateTable, current: Mapping[str, str] | None = None) -> np.ndarray:
    """The scaled cost of each edge (int64), the same digits as `scaled_cost` pair by pair."""
    needs = np.repeat(id_hashes(table.need_ids), np.diff(table.start))
    scaled = tie_columns(needs, id_hashes(table.peer_ids)[table.peer])
    scaled += table.cost.astype(np.int64) * SCALE
    if current:
        scaled += MOVE
        scaled[_current_edges(table, current)] -= MOVE
    return scaled


def _current_edges(table: CandidateTable, current: Mapping[str, str]) -> np.ndarray:
    """The positions of the edges that belong to the current matching."""
    peer_at = {name: j for j, name in enumerate(table.peer_ids)}
    mate = np.array([peer_at.get(current.get(name, ""), -1) for name in table.need_ids], np.int64)
    return np.nonzero(np.repeat(mate, np.diff(table.start)) == table.peer)[0]


def scaled_cost(need: str, peer: str, cost: int, current: Mapping[str, str] | None = None) -> int:
    """The scaled cost of one pair."""
    moved = MOVE if current and current.get(need) != peer else 0
    return cost * SCALE + tie_digits(id_hash(need), id_hash(peer)) + moved


def primary(scaled: int) -> int:
    """The primary part of a scaled sum (the tie digits of a whole matching stay under half a unit)."""
    return (scaled + SCALE // 2) // SCALE
