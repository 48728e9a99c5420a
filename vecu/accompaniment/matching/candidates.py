"""Candidates: the allowed pairs worth keeping, and the way back to those left out.

A small instance scores every pair in plain Python; a large one goes through `columns`. Both keep at
most `Settings.best` candidates per need, note the lowest cost left out, and can give the whole list
of chosen needs again: the solver proves by its prices that the cut changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from vecu.accompaniment.matching import blocking, rules
from vecu.accompaniment.matching.columns import Columns, encode
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.table import NOT_CUT, CandidateTable, Row, id_hash, tie_digits
from vecu.accompaniment.matching.weights import Settings

#: Up to this many pairs (needs x peers) plain Python scores them all.
PLAIN_UP_TO_PAIRS = 4_000


class Source(Protocol):
    """Where candidates come from."""

    peers: Sequence[PeerOffer]

    def table(self) -> CandidateTable:
        """The candidates of every need, cut at `Settings.best`."""

    def whole(self, names: Sequence[str]) -> CandidateTable:
        """The uncut candidates of these needs, same peer numbers as `table`."""

    def row(self, need: Need) -> Row:
        """The uncut candidates of one need, new or changed; the source remembers the need."""

    def need(self, name: str) -> Need | None:
        """The need of this id, None when unknown."""

    def forget(self, name: str) -> None:
        """The need has left."""


class PlainSource:
    """Every pair scored by the plain rules."""

    def __init__(self, needs: Iterable[Need], peers: Sequence[PeerOffer], settings: Settings) -> None:
        self.peers, self.settings = peers, settings
        self._needs = {need.id: need for need in needs}

    def table(self) -> CandidateTable:
        """The candidates of every need, cut at `Settings.best`."""
        rows, cuts = [], []
        for need in self._needs.values():
            row, cut = cut_row(self._row(need), self.settings.best)
            rows.append(row)
            cuts.append(cut)
        return CandidateTable.from_rows(rows, self._places(), cuts)

    def whole(self, names: Sequence[str]) -> CandidateTable:
        """The uncut candidates of these needs."""
        return CandidateTable.from_rows([self._row(self._needs[name]) for name in names], self._places())

    def row(self, need: Need) -> Row:
        """The uncut candidates of one need, remembered from now on."""
        self._needs[need.id] = need
        return self._row(need)

    def need(self, name: str) -> Need | None:
        """The need of this id, None when unknown."""
        return self._needs.get(name)

    def forget(self, name: str) -> None:
        """The need has left."""
        self._needs.pop(name, None)

    def _places(self) -> list[tuple[str, int, int]]:
        return [(peer.id, peer.capacity, peer.load) for peer in self.peers]

    def _row(self, need: Need) -> Row:
        return plain_row(need, self.peers, self.settings)


def plain_row(need: Need, peers: Iterable[PeerOffer], settings: Settings) -> Row:
    """Every allowed peer and its cost (peers without a free place too: their price tells the lack)."""
    costs = {peer.id: rules.plan_cost(need, peer, settings) for peer in peers if rules.is_allowed(need, peer, settings)}
    return Row(need.id, settings.waiting_price(need), costs)


def cut_row(row: Row, best: int) -> tuple[Row, int]:
    """Keep the `best` cheapest candidates (ties by the pair's digits) and the lowest cost left out."""
    if len(row.costs) <= best:
        return row, NOT_CUT
    digits = id_hash(row.id)
    order = sorted(row.costs, key=lambda peer: (row.costs[peer], tie_digits(digits, id_hash(peer))))
    kept = {peer: row.costs[peer] for peer in order[:best]}
    return Row(row.id, row.waiting, kept), row.costs[order[best]]


class ColumnSource:
    """Every pair scored over column arrays; people may be given as columns only (no words then)."""

    def __init__(
        self,
        columns: Columns,
        settings: Settings,
        needs: Iterable[Need] = (),
        peers: Sequence[PeerOffer] = (),
    ) -> None:
        self.peers, self.settings, self.columns = peers, settings, columns
        self._needs = {need.id: need for need in needs}
        self._at = {name: at for at, name in enumerate(columns.needs.ids)}

    def table(self) -> CandidateTable:
        """The candidates of every need, cut at `Settings.best`."""
        return blocking.candidate_table(self.columns, self.settings, best=self.settings.best)

    def whole(self, names: Sequence[str]) -> CandidateTable:
        """The uncut candidates of these needs of the start, same peer numbers as `table`."""
        chosen = np.array([self._at[name] for name in names], np.int64)
        return blocking.candidate_table(self.columns, self.settings, chosen)

    def row(self, need: Need) -> Row:
        """The uncut candidates of one need, new or changed; the source remembers the need."""
        self._needs[need.id] = need
        return plain_row(need, self.peers, self.settings)

    def need(self, name: str) -> Need | None:
        """The need of this id, None when unknown or known by its columns only."""
        return self._needs.get(name)

    def forget(self, name: str) -> None:
        """The need has left."""
        self._needs.pop(name, None)


def source(needs: Sequence[Need], peers: Sequence[PeerOffer], settings: Settings) -> Source:
    """The fitting source for this size."""
    if len(needs) * len(peers) <= PLAIN_UP_TO_PAIRS:
        return PlainSource(needs, peers, settings)
    return ColumnSource(encode(needs, peers, settings), settings, needs, peers)
