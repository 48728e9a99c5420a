"""Who is with whom, at which prices: the state that `network` keeps optimal.

Needs and peers are numbers here; costs, prices and waiting prices are scaled (see `table`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vecu.accompaniment.matching.table import SCALE, CandidateTable

NOBODY = -1
#: The price of a place that does not exist, and a limit dearer than any real path but under it.
BEYOND, NO_LIMIT = 1 << 80, 1 << 79

Edge = tuple[int, int]  # (scaled cost, index of the other side)


class Ledger:
    """Matching, prices and candidate lists; `rows` and `columns` are filled when first asked for."""

    def __init__(self, table: CandidateTable, scaled: np.ndarray, fair_load: int) -> None:
        needs, peers = len(table.need_ids), len(table.peer_ids)
        self.table, self.scaled, self.fair_load = table, scaled, fair_load * SCALE
        self.capacity: list[int] = table.capacity.tolist()
        self.load: list[int] = table.load.tolist()
        self.locked = [0] * peers
        self.members: list[list[int]] = [[] for _ in range(peers)]
        self.offset = [0] * peers  # subtracted from slot prices while costs are rebased
        self.next_slot = [self._slot(j, 1) for j in range(peers)]
        self.price = [self.fair_load * (self.load[j] + 1) for j in range(peers)]
        self.waiting: list[int] = [value * SCALE for value in table.waiting.tolist()]
        self.mate = [NOBODY] * needs
        self.held = [0] * needs  # scaled cost of the matched edge
        self.alive = [False] * needs
        self.rows: list[list[Edge] | None] = [None] * needs
        self.columns: list[list[Edge] | None] = [None] * peers
        self._late: list[list[Edge]] = [[] for _ in range(peers)]
        self._by_peer: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
        self._dropped: set[tuple[int, int]] = set()
        self.before: dict[int, int] = {}  # need -> its peer before the operation under way

    # --- candidate lists -------------------------------------------------------------------

    def row(self, need: int) -> list[Edge]:
        """The candidates of a need, cheapest first."""
        row = self.rows[need]
        if row is None:
            low, high = self.table.start[need], self.table.start[need + 1]
            row = sorted(zip(self.scaled[low:high].tolist(), self.table.peer[low:high].tolist(), strict=True))
            self.rows[need] = row
        return row

    def column(self, peer: int) -> list[Edge]:
        """The needs that could take this peer, cheapest first among those known at the start."""
        column = self.columns[peer]
        if column is None:
            starts, owners, costs = self._transposed()
            low, high = starts[peer], starts[peer + 1]
            edges = zip(costs[low:high].tolist(), owners[low:high].tolist(), strict=True)
            column = [edge for edge in edges if (edge[1], peer) not in self._dropped] + self._late[peer]
            self.columns[peer] = column
        return column

    def _transposed(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        if self._by_peer is None:
            order = np.argsort(self.table.peer, kind="stable")
            starts = np.zeros(len(self.table.peer_ids) + 1, np.int64)
            starts[1:] = np.cumsum(np.bincount(self.table.peer, minlength=len(self.table.peer_ids)))
            self._by_peer = (starts, self.table.owners()[order], self.scaled[order])
        return self._by_peer

    def add_need(self, waiting: int, row: Sequence[Edge]) -> int:
        """Add a need (scaled waiting price, scaled costs); it takes part once `place`d."""
        need = len(self.mate)
        self.waiting.append(waiting)
        self.mate.append(NOBODY)
        self.held.append(0)
        self.alive.append(False)
        self.rows.append(sorted(row))
        for cost, peer in row:
            target = self.columns[peer]
            (self._late[peer] if target is None else target).append((cost, need))
        return need

    def drop_edge(self, need: int, peer: int) -> None:
        """Take one candidate away; the caller repairs the matching."""
        self.rows[need] = [edge for edge in self.row(need) if edge[1] != peer]
        self._dropped.add((need, peer))
        self._late[peer] = [edge for edge in self._late[peer] if edge[1] != need]
        column = self.columns[peer]
        if column is not None:
            self.columns[peer] = [edge for edge in column if edge[1] != need]

    # --- places ----------------------------------------------------------------------------

    def taken(self, peer: int) -> int:
        """Places taken: by the matching and by locks."""
        return len(self.members[peer]) + self.locked[peer]

    def _slot(self, peer: int, k: int) -> int:
        if k > self.capacity[peer]:
            return BEYOND
        return self.fair_load * (self.load[peer] + k) - self.offset[peer]

    def refresh(self, peer: int) -> None:
        """Recompute the price of the next place after the places taken have changed."""
        self.next_slot[peer] = self._slot(peer, self.taken(peer) + 1)

    def _settle(self, need: int, peer: int) -> None:
        self.before.setdefault(need, self.mate[need])
        self.mate[need] = peer
        self.members[peer].append(need)
        for cost, candidate in self.row(need):
            if candidate == peer:
                self.held[need] = cost
                return
        raise KeyError((need, peer))

    def _release(self, need: int, peer: int) -> None:
        self.before.setdefault(need, peer)
        self.members[peer].remove(need)
        self.mate[need] = NOBODY

    def detach(self, need: int) -> int:
        """Take a need out of its peer's hands, leaving a hole; returns the peer or NOBODY."""
        peer = self.mate[need]
        if peer != NOBODY:
            self._release(need, peer)
            self.refresh(peer)
        return peer

    def value(self, need: int) -> int:
        """What the need pays now: cost + price of its peer, or its waiting price."""
        peer = self.mate[need]
        return self.waiting[need] if peer == NOBODY else self.held[need] + self.price[peer]
