"""The cold solve: prices raised in bulk over arrays, then the rest one shortest path at a time.

First part (`rising_prices`): every need names its best peer and the most it would pay for it (the
gap to its second choice or to waiting); a peer asked by more needs than it has places raises its
price to the best offer it must refuse. Such prices never pass the lowest prices of an optimum, so:
needs and edges they rule out are out for good, and needs that strictly want their peer are placed.

Second part: the few needs left are inserted one by one by `Network.place`, over live edges only,
with costs rebased to the prices reached. Exact whatever the first part gives: places that a price
keeps empty wrongly are offered again at the end (`Network.fill_holes`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vecu.accompaniment.matching.network import NOBODY, Network
from vecu.accompaniment.matching.table import SCALE, CandidateTable

#: Under this many edges the bulk part costs more than it saves.
BULK_FROM_EDGES = 2_000
MOST_ROUNDS = 400
_FAR = np.int64(1) << np.int64(62)


@dataclass(slots=True)
class _Market:
    """The state of the rising prices: choice and offer of each need, price of each peer."""

    table: CandidateTable
    scaled: np.ndarray
    fair_load: int
    places: np.ndarray
    load: np.ndarray
    price: np.ndarray
    choice: np.ndarray
    offer: np.ndarray

    def ask(self, needs: np.ndarray) -> None:
        """Let these needs name their best peer and their offer; none when waiting is cheaper."""
        start = self.table.start
        counts = start[needs + 1] - start[needs]
        firsts = np.cumsum(counts) - counts
        edges = np.repeat(start[needs] - firsts, counts) + np.arange(counts.sum())
        peers = self.table.peer[edges]
        reach = self.scaled[edges] + self.price[peers]
        best = np.minimum.reduceat(reach, firsts)
        hits = np.nonzero(reach == np.repeat(best, counts))[0]
        owner = np.repeat(np.arange(len(needs)), counts)[hits]
        first_hit = hits[np.concatenate(([True], owner[1:] != owner[:-1]))]
        reach[first_hit] = _FAR
        second = np.minimum(np.minimum.reduceat(reach, firsts), self.table.waiting[needs] * SCALE)
        best_peer = peers[first_hit]
        wants = best < self.table.waiting[needs] * SCALE
        self.choice[needs] = np.where(wants, best_peer, NOBODY)
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
    """Raise prices from the price of each peer's first place until few needs still move."""
    table, locked = network.table, np.array(network.locked, np.int64)
    needs, load = len(table.need_ids), table.load + locked
    market = _Market(
        table=table,
        scaled=network.scaled,
        fair_load=network.fair_load,
        places=table.capacity - locked,
        load=load,
        price=network.fair_load * (load + 1),
        choice=np.full(needs, NOBODY, np.int64),
        offer=np.zeros(needs, np.int64),
    )
    asking = np.diff(table.start) > 0
    asking[list(out)] = False
    active = np.nonzero(asking)[0]
    enough = needs // 2000
    for _ in range(MOST_ROUNDS):
        market.ask(active)
        chosen = market.choice[active]
        touched = np.zeros(len(load), bool)
        touched[chosen[chosen >= 0]] = True
        if not touched.any():
            break
        raised = market.raise_prices(touched)
        moved = (market.choice >= 0) & raised[market.choice]
        active = np.nonzero(moved & (market.offer <= market.price[market.choice]))[0]
        if len(active) <= enough:
            break
    return market


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
    table = network.table
    owners = table.owners()
    reach = network.scaled + market.price[table.peer]
    live = np.nonzero((reach < (table.waiting * SCALE)[owners]) & (market.choice >= 0)[owners])[0]
    live = live[np.lexsort((reach[live], owners[live]))]
    edges = list(zip(reach[live].tolist(), table.peer[live].tolist(), strict=True))
    bounds = np.searchsorted(owners[live], np.arange(len(table.need_ids) + 1)).tolist()
    network.rows = [edges[low:high] for low, high in pairwise(bounds)]
    network.offset = market.price.tolist()
    network.price = [0] * len(network.price)


def _settle_all(network: Network, market: _Market, strict: np.ndarray) -> None:
    """Place the needs that strictly want their peer: the first edge of their live row."""
    for need in np.nonzero(strict)[0].tolist():
        cost, peer = network.rows[need][0]
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
