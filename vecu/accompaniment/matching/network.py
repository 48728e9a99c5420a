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

from heapq import heappop, heappush

from vecu.accompaniment.matching.ledger import BEYOND, NO_LIMIT, NOBODY, Edge, Ledger


class Network(Ledger):
    """A ledger with the searches and operations that keep it optimal."""

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
