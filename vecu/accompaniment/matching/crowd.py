"""Peers kept as columns, for needs that come one at a time: thousands are ranked in the time of writing one page.

The answer is that of `shortlist`, peer by peer and reason by reason; a test compares the two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import replace
from typing import overload

import numpy as np

from vecu.accompaniment.matching import blocking
from vecu.accompaniment.matching.columns import Columns, encode_more, encode_peers, joined, with_need
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.levels import PairLevels
from vecu.accompaniment.matching.points import PARTLY_UP_TO
from vecu.accompaniment.matching.shortlist import SIDE_BY_SIDE, Shortlist, Told
from vecu.accompaniment.matching.table import id_hash, id_hashes, tie_columns
from vecu.accompaniment.matching.weights import Settings


class Crowd:
    """The peers of an organisation, looked at for one need after another."""

    def __init__(self, peers: Iterable[PeerOffer], settings: Settings) -> None:
        self._peers = sorted(peers, key=lambda peer: peer.id)
        self._settings = settings
        ids = [peer.id for peer in self._peers]
        self._at = {name: at for at, name in enumerate(ids)}
        self._hashes = id_hashes(ids)
        self._columns, self._words = encode_peers(self._peers, settings)

    def mended(self, gone: Collection[str], now: Iterable[PeerOffer]) -> Crowd:
        """Another crowd, without those of these ids and with these peers: all columns but theirs are taken as they
        are. One of them with a word that nobody had has everyone written anew."""
        fresh = sorted(now, key=lambda peer: peer.id)
        columns = encode_more(fresh, self._words, self._settings)
        if columns is None:
            left = [peer for peer in self._peers if peer.id not in gone]
            return Crowd([*left, *fresh], self._settings)
        crowd = copy(self)
        crowd._peers, order = self._peers.copy(), list(range(len(self._peers)))
        for at in sorted((self._at[name] for name in gone if name in self._at), reverse=True):
            del crowd._peers[at], order[at]
        for number, peer in enumerate(fresh, len(self._peers)):
            at = bisect_left(crowd._peers, peer.id, key=lambda one: one.id)
            crowd._peers.insert(at, peer)
            order.insert(at, number)
        crowd._columns = joined(self._columns, columns, order)
        crowd._hashes = np.concatenate([self._hashes, id_hashes(columns.ids)])[order]
        crowd._at = {name: at for at, name in enumerate(crowd._columns.ids)}
        return crowd

    def shortlist(self, need: Need, size: int = SIDE_BY_SIDE) -> Shortlist:
        """The peers ranked for one need, as `shortlist.shortlist` ranks them."""
        # The plan's price of those recruited is not theirs here: they come first anyway, the best of them before.
        priced = replace(need, recruited=frozenset())
        columns = with_need(priced, self._columns, self._words, self._at, self._settings)
        possible = blocking.candidate_table(columns, self._settings)
        has_place = self._columns.capacity[possible.peer] > 0
        who, cost = possible.peer[has_place], possible.cost[has_place].astype(np.int64)
        price = cost + self._settings.fair_load * (self._columns.load[who] + 1)
        digits = tie_columns(np.full(len(who), id_hash(need.id), np.uint64), self._hashes[who])
        recruited = np.isin(who, [self._at[name] for name in need.recruited if name in self._at])
        # Equal pairs stay in the order of the ids, which is that of the columns.
        who = who[np.lexsort((who, digits, price, ~recruited))]
        is_stopped = np.ones(len(self._peers), bool)
        is_stopped[who] = False
        stopped, settings = np.nonzero(is_stopped)[0], self._settings
        return Shortlist(
            need.id,
            Told(need, self._those(who[:size]), settings)[:],
            Told(need, self._those(who[size:]), settings),
            Told(need, self._those(stopped), settings),
            Told(need, self._those(np.concatenate([who[size:], stopped])), settings),
            len(who) > 0 and self._lived_another(columns, who),
        )

    def _those(self, places: np.ndarray) -> Chosen:
        return Chosen(self._peers, places)

    @staticmethod
    def _lived_another(columns: Columns, who: np.ndarray) -> bool:
        """Each of them says which illness they lived, and it is neither this one nor a near one."""
        nowhere = np.zeros(0, np.int32)
        level = PairLevels(columns.needs, columns.peers, np.zeros(len(who), np.int64), who, nowhere).condition()
        return bool(np.all(np.asarray(level) > PARTLY_UP_TO))


class Chosen(Sequence[PeerOffer]):
    """Some peers in an order, each taken when it is read."""

    def __init__(self, peers: Sequence[PeerOffer], places: np.ndarray) -> None:
        self._peers, self._places = peers, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> PeerOffer: ...
    @overload
    def __getitem__(self, place: slice) -> list[PeerOffer]: ...
    def __getitem__(self, place: int | slice) -> PeerOffer | list[PeerOffer]:
        if isinstance(place, slice):
            return [self._peers[at] for at in self._places[place].tolist()]
        return self._peers[self._places[place]]
