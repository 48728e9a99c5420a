"""The solver's core: exact assignment by shortest augmenting paths with prices, kept up to date.

Needs and peers are numbers here. The state obeys, at rest, the rules that prove it optimal:

1. a matched need has no better choice: cost + price of its peer <= cost + price of any candidate,
   and <= its waiting price; a waiting need has no candidate with cost + price < its waiting price;
2. a peer with `a` places taken has last_slot(a) <= price <= next_slot(a), where the k-th place of a
   peer who carries n costs fair_load x (n + k), and the place after the last one is beyond reach.

Each operation breaks one rule at one place and one shortest path (Dijkstra over reduced costs)
repairs it, forward (a need looks for a place) or backward (a place looks for a need).
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush

import numpy as np

from vecu.accompaniment.matching.table import SCALE, CandidateTable

NOBODY = -1
#: The price of a place that does not exist, and a limit dearer than any real path but under it.
BEYOND, NO_LIMIT = 1 << 80, 1 << 79

Edge = tuple[int, int]  # (scaled cost, index of the other side)


class Network:
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
            column = []
            if peer < len(self.table.peer_ids):
                starts, owners, costs = self._transposed()
                low, high = starts[peer], starts[peer + 1]
                column = list(zip(costs[low:high].tolist(), owners[low:high].tolist(), strict=True))
                column = [edge for edge in column if (edge[1], peer) not in self._dropped]
            column += self._late[peer]
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

    def add_peer(self, capacity: int, load: int) -> int:
        """Add a peer without candidates; its price starts at the price of its first place."""
        peer = len(self.capacity)
        self.capacity.append(capacity)
        self.load.append(load)
        self.locked.append(0)
        self.members.append([])
        self.offset.append(0)
        self.columns.append(None)
        self._late.append([])
        self.next_slot.append(self._slot(peer, 1))
        self.price.append(self.fair_load * (load + 1))
        return peer

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

    # --- forward: a need (or a lock) looks for a place ----------------------------------------

    def place(self, need: int) -> None:
        """Insert a need: one shortest path to a free place, to a need that can wait, or to waiting."""
        self.alive[need] = True
        limit = self.waiting[need]
        dist: dict[int, int] = {}
        heap: list[Edge] = []
        price = self.price
        for cost, peer in self.row(need):
            if cost >= limit:
                break
            reach = cost + price[peer]
            if reach < limit:
                dist[peer] = reach
                heap.append((reach, peer))
        if heap:
            heap.sort()
            self._forward(heap, dist, dict.fromkeys(dist, need), limit)

    def take_place(self, peer: int) -> None:
        """Take one place of a peer for good (a lock); raises ValueError when locks hold them all."""
        if self.locked[peer] >= self.capacity[peer]:
            raise ValueError("no place left to lock")
        self._forward([(0, peer)], {peer: 0}, {peer: NOBODY}, NO_LIMIT)
        self.locked[peer] += 1
        self.refresh(peer)

    def _forward(self, heap: list[Edge], dist: dict[int, int], came: dict[int, int], limit: int) -> None:
        price, members, held, waiting = self.price, self.members, self.held, self.waiting
        rows, next_slot, known = self.rows, self.next_slot, dist.get
        done: list[int] = []
        sink: tuple[int, int] | None = None
        while heap:
            reach, peer = heappop(heap)
            if reach >= limit:
                break
            if reach > dist[peer]:
                continue
            extra = next_slot[peer] - price[peer]
            if extra <= 0:
                limit, sink = reach, (peer, NOBODY)
                break
            done.append(peer)
            if reach + extra < limit:
                limit, sink = reach + extra, (peer, NOBODY)
            slack = reach - price[peer]
            for need in members[peer]:
                base = slack - held[need]
                if base + waiting[need] < limit:
                    limit, sink = base + waiting[need], (peer, need)
                row = rows[need]
                for cost, other in row if row is not None else self.row(need):
                    step = base + cost
                    if step >= limit:
                        break
                    step += price[other]
                    if step < limit and step < known(other, BEYOND):
                        dist[other] = step
                        came[other] = need
                        heappush(heap, (step, other))
        for peer in done:
            if dist[peer] < limit:
                price[peer] += limit - dist[peer]
        if sink is not None:
            self._shift_forward(sink, came)

    def _shift_forward(self, sink: tuple[int, int], came: dict[int, int]) -> None:
        peer, leaver = sink
        if leaver != NOBODY:
            self._release(leaver, peer)
        last = peer
        while (need := came[peer]) != NOBODY:
            source = self.mate[need]
            if source != NOBODY:
                self.members[source].remove(need)
            self._settle(need, peer)
            if source == NOBODY:
                break
            peer = source
        self.refresh(last)

    # --- backward: a place looks for a need ---------------------------------------------------

    def offer_place(self, peer: int) -> None:
        """Give a free place its best use: one shortest path back to a need, or a lower price."""
        limit, sink, dist, came = self._backward(peer)
        for other, reach in dist.items():
            if reach < limit:
                self.price[other] -= limit - reach
        if sink is not None:
            self._shift_backward(peer, sink, came)

    def saving(self, peer: int) -> int:
        """What one more free place of this peer would save (scaled, never negative)."""
        slot = self.fair_load * (self.load[peer] + self.taken(peer) + 1)
        spare = self.capacity[peer] - self.taken(peer)
        if spare > 0 or self.price[peer] <= slot:
            return 0
        self.next_slot[peer] = slot
        limit, *_ = self._backward(peer)
        self.refresh(peer)
        return max(0, self.price[peer] - slot - limit)

    def _backward(self, start: int) -> tuple[int, Edge | None, dict[int, int], dict[int, Edge]]:
        """Distances from a hole; returns limit, sink (need, peer), final distances, and moves."""
        price, mate, held, waiting, alive = self.price, self.mate, self.held, self.waiting, self.alive
        limit = price[start] - self.next_slot[start]
        dist, heap, came, final = {start: 0}, [(0, start)], {}, {}
        sink: Edge | None = None
        while heap:
            reach, peer = heappop(heap)
            if reach >= limit:
                break
            if reach > dist[peer]:
                continue
            final[peer] = reach
            if peer != start:
                given_up = reach + price[peer] - self._slot(peer, self.taken(peer))
                if given_up < limit:
                    limit, sink = given_up, (NOBODY, peer)
            base = reach + price[peer]
            for cost, need in self.column(peer):
                holder = mate[need]
                if holder == NOBODY:
                    step = base + cost - waiting[need]
                    if step < limit and alive[need]:
                        limit, sink = step, (need, peer)
                elif holder != peer:
                    step = base + cost - held[need] - price[holder]
                    if step < limit and step < dist.get(holder, BEYOND):
                        dist[holder] = step
                        came[holder] = (need, peer)
                        heappush(heap, (step, holder))
        return limit, sink, final, came

    def _shift_backward(self, start: int, sink: Edge, came: dict[int, Edge]) -> None:
        need, peer = sink
        if need != NOBODY:
            self._settle(need, peer)
        absorber = peer if need == NOBODY else NOBODY
        while peer != start:
            mover, target = came[peer]
            self.members[peer].remove(mover)
            self._settle(mover, target)
            peer = target
        self.refresh(start)
        if absorber != NOBODY:
            self.refresh(absorber)

    def fill_holes(self, peer: int) -> None:
        """Offer the free places of a peer until its price agrees with its places taken."""
        while self.price[peer] > self.next_slot[peer]:
            self.offer_place(peer)

    def value(self, need: int) -> int:
        """What the need pays now: cost + price of its peer, or its waiting price."""
        peer = self.mate[need]
        return self.waiting[need] if peer == NOBODY else self.held[need] + self.price[peer]

    # --- operations: each leaves the network at the optimum -------------------------------------

    def lock_at_start(self, need: int, peer: int) -> None:
        """Before the cold solve: lock a pair; ValueError when locks pass the capacity."""
        if self.locked[peer] >= self.capacity[peer]:
            raise ValueError("no place left to lock")
        self.locked[peer] += 1

    def keep_place(self, need: int) -> None:
        """Lock a matched need where it is: nothing else moves."""
        peer = self.mate[need]
        self._release(need, peer)
        self.alive[need] = False
        self.locked[peer] += 1
        self.refresh(peer)

    def withdraw(self, need: int) -> None:
        """Take a need out for good; the place it held is offered again."""
        self.alive[need] = False
        peer = self.detach(need)
        if peer != NOBODY:
            self.fill_holes(peer)

    def resize(self, peer: int, capacity: int) -> None:
        """Give a peer another number of places; ValueError under the places locked."""
        if capacity < self.locked[peer]:
            raise ValueError("fewer places than locks")
        while self.taken(peer) > capacity:
            need = self.members[peer][-1]
            self.detach(need)
            self.capacity[peer] = max(capacity, self.taken(peer))
            self.refresh(peer)
            self.place(need)
        self.capacity[peer] = capacity
        self.refresh(peer)
        self.fill_holes(peer)

    def give_back_place(self, peer: int) -> None:
        """Undo one lock: the place is offered again."""
        self.locked[peer] -= 1
        self.refresh(peer)
        self.fill_holes(peer)
