"""The cold solve: prices raised in bulk over arrays, then the rest one shortest path at a time.

First part (`rising_prices`): every need names its best peer and the most it would pay for it (the
gap to its second choice or to waiting); a peer asked by more needs than it has places raises its
price to the best offer it must refuse. Raised so from the bottom, prices never pass the lowest
prices of an optimum: needs and edges they rule out are out for good, and needs that strictly want
their peer are placed. The bottom is first brought near by leaps (offers a little too high, then all
prices let down by more than a leap): three times fewer rounds.

Second part: the few needs left are inserted one by one by `Network.place`, over live edges only,
with costs rebased to the prices reached. Exact whatever the first part gives: places that a price
keeps empty wrongly are offered again at the end (`Network.fill_holes`).
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import numpy as np

from vecu.accompaniment.matching.ledger import NOBODY
from vecu.accompaniment.matching.network import Network
from vecu.accompaniment.matching.table import SCALE

#: Under this many edges the bulk part costs more than it saves.
BULK_FROM_EDGES = 2_000
MOST_ROUNDS = 400
#: A leap of the rough prices is the mean waiting price divided by this.
LEAPS_TO_WAITING = 16
#: Then prices are let down by this many half leaps.
LET_DOWN = 3
#: Rounds between two clearings of dead edges.
DROP_EVERY = 6
_FAR = np.int64(1) << np.int64(62)


class _Market:
    """Prices on the rise: choice and offer of each need, price of each peer, and the edges still alive."""

    def __init__(self, network: Network, out: Collection[int]) -> None:
        table, locked = network.table, np.array(network.locked, np.int64)
        needs = len(table.need_ids)
        self.fair_load = network.fair_load
        self.places, self.load = table.capacity - locked, table.load + locked
        self.price = self.fair_load * (self.load + 1)
        self.waiting = table.waiting * SCALE
        self.choice = np.full(needs, NOBODY, np.int64)
        self.offer = np.zeros(needs, np.int64)
        asking = np.ones(needs, bool)
        asking[list(out)] = False
        self.start, self.owner, self.peer, self.cost = table.start, table.owners(), table.peer, network.scaled
        self.drop_dead(asking)

    def drop_dead(self, asking: np.ndarray) -> None:
        """Forget the edges that cannot be taken any more: prices only rise. Their needs stop asking."""
        reach = self.cost + self.price[self.peer]
        live = np.nonzero((reach < self.waiting[self.owner]) & asking[self.owner])[0]
        self.owner, self.peer, self.cost = self.owner[live], self.peer[live], self.cost[live]
        counts = np.bincount(self.owner, minlength=len(self.choice))
        self.start = np.concatenate(([0], np.cumsum(counts)))
        self.choice[counts == 0] = NOBODY

    def asking(self) -> np.ndarray:
        """The needs with an edge alive."""
        return np.nonzero(np.diff(self.start))[0]

    def ask(self, needs: np.ndarray) -> None:
        """Let these needs name their best peer and their offer; none when waiting is cheaper."""
        counts = self.start[needs + 1] - self.start[needs]
        ends = np.cumsum(counts)
        firsts = ends - counts
        edges = np.repeat(self.start[needs] - firsts, counts)
        edges += np.arange(ends[-1])
        peers = self.peer[edges]
        reach = self.cost[edges] + self.price[peers]
        best = np.minimum.reduceat(reach, firsts)
        hits = np.nonzero(reach == np.repeat(best, counts))[0]
        first_hit = hits[np.searchsorted(hits, firsts)]
        reach[first_hit] = _FAR
        second = np.minimum(np.minimum.reduceat(reach, firsts), self.waiting[needs])
        best_peer = peers[first_hit]
        self.choice[needs] = np.where(best < self.waiting[needs], best_peer, NOBODY)
        self.offer[needs] = self.price[best_peer] + second - best

    def raise_prices(self, touched: np.ndarray) -> np.ndarray:
        """Raise the touched peers' prices to the offers they must refuse; returns who was raised."""
        asked = np.nonzero((self.choice >= 0) & touched[self.choice])[0]
        order = np.lexsort((-self.offer[asked], self.choice[asked]))
        asked = asked[order]
        peers, offers = self.choice[asked], self.offer[asked]
        heads = np.concatenate(([True], peers[1:] != peers[:-1]))
        firsts = np.nonzero(heads)[0]
        rank = np.arange(len(peers)) - np.repeat(firsts, np.diff(np.append(firsts, len(peers)))) + 1
        slots = self.fair_load * (self.load[peers] + rank)
        slots[rank > self.places[peers]] = _FAR
        group = peers[firsts]
        reached = np.maximum.reduceat(np.minimum(offers, slots), firsts)
        raised = np.zeros(len(self.price), bool)
        raised[group] = reached > self.price[group]
        self.price[group] = np.maximum(self.price[group], reached)
        return raised


def rising_prices(network: Network, out: Collection[int]) -> _Market:
    """Near prices by leaps, let down by more than one leap, then raised exactly; dead edges dropped."""
    market = _Market(network, out)
    leap = int(market.waiting.mean()) // LEAPS_TO_WAITING
    _climb(market, leap, stop_at=len(market.choice) // 20)
    lowest = market.fair_load * (market.load + 1)
    market.price = np.maximum(lowest, market.price - leap * LET_DOWN // 2)
    market.choice[:] = NOBODY
    _climb(market, 0, stop_at=len(market.choice) // 2000)
    market.drop_dead(market.choice >= 0)
    return market


def _climb(market: _Market, leap: int, stop_at: int) -> None:
    """Let needs ask and prices rise until few needs move; every offer is raised by `leap`."""
    active = market.asking()
    for turn in range(MOST_ROUNDS):
        if len(active) <= stop_at:
            return
        market.ask(active)
        market.offer[active] += leap
        chosen = market.choice[active]
        touched = np.zeros(len(market.price), bool)
        touched[chosen[chosen >= 0]] = True
        if not touched.any():
            return
        raised = market.raise_prices(touched)
        if leap == 0 and turn % DROP_EVERY == 0:
            market.drop_dead(market.choice >= 0)
        moved = (market.choice >= 0) & raised[market.choice]
        active = np.nonzero(moved & (market.offer <= market.price[market.choice]))[0]


def solve_cold(network: Network, out: Collection[int] = ()) -> None:
    """Match every need of a new network but those `out` (the locked ones), to the optimum."""
    for peer in range(len(network.price)):
        network.price[peer] += network.fair_load * network.locked[peer]
        network.refresh(peer)
    everybody = [need for need in range(len(network.mate)) if need not in out]
    if len(network.table.peer) < BULK_FROM_EDGES:
        for need in everybody:
            network.place(need)
        return
    market = rising_prices(network, out)
    _rebase(network, market)
    strict = (market.choice >= 0) & (market.offer > market.price[market.choice])
    _settle_all(network, market, strict)
    left = np.nonzero((market.choice >= 0) & ~strict)[0]
    left = left[np.argsort(-market.offer[left], kind="stable")]
    for need in everybody:
        network.alive[need] = True
    for need in left.tolist():
        network.place(need)
    _restore(network, market.price)
    for peer in range(len(network.price)):
        network.fill_holes(peer)


def _rebase(network: Network, market: _Market) -> None:
    """Give the network its live edges, costs shifted so that the prices reached count as zero."""
    reach = market.cost + market.price[market.peer]
    order = np.lexsort((reach, market.owner))
    edges = list(zip(reach[order].tolist(), market.peer[order].tolist(), strict=True))
    network.rows = [edges[low:high] for low, high in pairwise(market.start.tolist())]
    network.offset = market.price.tolist()
    network.price = [0] * len(network.price)


def _settle_all(network: Network, market: _Market, strict: np.ndarray) -> None:
    """Place the needs that strictly want their peer: the first edge of their live row."""
    for need in np.nonzero(strict)[0].tolist():
        cost, peer = network.row(need)[0]
        network.mate[need] = peer
        network.held[need] = cost
        network.members[peer].append(need)
    for peer in range(len(network.price)):
        network.refresh(peer)


def _restore(network: Network, base: np.ndarray) -> None:
    """Go back to true costs; full candidate rows are read again when first needed."""
    shift = base.tolist()
    network.price = [price + extra for price, extra in zip(network.price, shift, strict=True)]
    network.offset = [0] * len(shift)
    network.rows = [None] * len(network.rows)
    for peer, members in enumerate(network.members):
        network.refresh(peer)
        for need in members:
            network.held[need] -= shift[peer]
