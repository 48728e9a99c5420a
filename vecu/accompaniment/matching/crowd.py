"""Peers kept as columns, for needs that come one at a time: thousands are ranked in the time of writing one page.

The answer is that of `shortlist`, peer by peer and reason by reason; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vecu.accompaniment.matching import blocking
from vecu.accompaniment.matching.columns import encode_peers, with_need
from vecu.accompaniment.matching.instance import Need, PeerOffer
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

    def shortlist(self, need: Need, size: int = SIDE_BY_SIDE) -> Shortlist:
        """The peers ranked for one need, as `shortlist.shortlist` ranks them."""
        columns = with_need(need, self._columns, self._words, self._at, self._settings)
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
        free = self._those(who)
        stopped = self._those(np.nonzero(is_stopped)[0])
        settings = self._settings
        return Shortlist(
            need.id,
            Told(need, free[:size], settings)[:],
            Told(need, free[size:], settings),
            Told(need, stopped, settings),
            Told(need, [*free[size:], *stopped], settings),
        )

    def _those(self, places: np.ndarray) -> list[PeerOffer]:
        return [self._peers[at] for at in places.tolist()]
