"""Candidate pairs of a large instance: blocks by territory, hard rules over arrays, then the best ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vecu.accompaniment.matching import points
from vecu.accompaniment.matching.columns import ALL_CHANNELS, CHANNEL_BITS, UNKNOWN, Columns
from vecu.accompaniment.matching.instance import FACE_TO_FACE
from vecu.accompaniment.matching.levels import PairLevels, costs
from vecu.accompaniment.matching.rules import LOWEST_COST
from vecu.accompaniment.matching.table import NOT_CUT, CandidateTable, id_hashes, tie_columns
from vecu.accompaniment.matching.weights import Settings

REMOTE_BITS = ALL_CHANNELS & ~CHANNEL_BITS[FACE_TO_FACE]
#: Cells of one block of needs x peers, and pairs scored at a time: both stay in cache.
BLOCK_CELLS = 1 << 18
SCORED_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class _Reach:
    """The peers a territory can reach: who, the level of `place`, and how far they may be met."""

    peer: np.ndarray
    place: np.ndarray
    meets: np.ndarray  # face to face is possible, or a territory is unknown
    remote: np.ndarray  # a remote channel is enough


def _reach(columns: Columns, territory: int, settings: Settings, by_territory: list[np.ndarray]) -> _Reach:
    peers = columns.peers
    anywhere = settings.remote_reach == "anywhere"
    if territory == UNKNOWN:
        everybody = np.arange(len(peers.ids))
        level = np.full(len(everybody), points.NEUTRAL, np.int32)
        return _Reach(everybody, level, np.ones(len(level), bool), np.ones(len(level), bool))
    near = columns.neighbours[territory]
    also = peers.also_in[peers.also_in[:, 1] == territory, 0]
    if anywhere:
        who = np.arange(len(peers.ids))
    else:
        places = [territory, *near.tolist(), UNKNOWN]
        who = np.unique(np.concatenate([by_territory[t] for t in places] + [also]))
    home = peers.territory[who]
    same = (home == territory) | (np.isin(who, also) if len(also) else False)
    unknown, neighbour = home == UNKNOWN, np.isin(home, near)
    level = np.where(same & ~unknown, 0, np.where(neighbour, points.NEIGHBOURING, 100))
    level = np.where(unknown, points.NEUTRAL, level).astype(np.int32)
    return _Reach(who, level, same | unknown, neighbour | anywhere)


def _meet(asked: np.ndarray, offered: np.ndarray) -> np.ndarray:
    """Whether two masks share a bit, needs x peers."""
    meet = (asked[:, 0, None] & offered[None, :, 0]) != 0
    for word in range(1, asked.shape[1]):
        meet |= (asked[:, word, None] & offered[None, :, word]) != 0
    return meet


def _allowed(columns: Columns, need: np.ndarray, reach: _Reach) -> np.ndarray:
    """The hard rules over needs x peers (`rules.HARD_RULES`, exclusions by name apart)."""
    needs, peers, peer = columns.needs, columns.peers, reach.peer
    common = needs.channels[need][:, None] & peers.channels[peer][None, :]
    allowed = (common != 0) & reach.meets | ((common & REMOTE_BITS) != 0) & reach.remote
    allowed &= needs.role[need][:, None] == peers.role[peer][None, :]
    allowed &= ~peers.paused[peer][None, :]
    known = (needs.told["languages"][need] > 0)[:, None] & (peers.told["languages"][peer] > 0)[None, :]
    allowed &= _meet(needs.languages[need], peers.languages[peer]) | ~known
    if needs.told["sites"].any():
        known = (needs.told["sites"][need] > 0)[:, None] & (peers.told["sites"][peer] > 0)[None, :]
        allowed &= _meet(needs.sites[need], peers.sites[peer]) | ~known
    if peers.topics.any():
        allowed &= ~_meet(needs.topics[need], peers.topics[peer])
    if needs.refused_genders.any():
        told = peers.gender[peer]
        bit = np.where(told >= 0, np.uint64(1) << np.maximum(told, 0).astype(np.uint64), np.uint64(0))
        allowed &= (needs.refused_genders[need][:, :1] & bit[None, :]) == 0
    for k, name in enumerate(("place_of_care", "town", "employer")):
        if needs.not_same[:, k].any():
            here, there = getattr(needs, name)[need], getattr(peers, name)[peer]
            same = (here[:, None] == there[None, :]) & (here >= 0)[:, None]
            allowed &= ~(same & needs.not_same[need, k][:, None])
    return allowed


def _blocks(
    columns: Columns, chosen: np.ndarray, settings: Settings
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Allowed pairs block after block: need, peer, level of `place`; pairs of a need are together."""
    home = columns.peers.territory
    by_territory = [np.nonzero(home == t)[0] for t in range(len(columns.neighbours))]
    by_territory.append(np.nonzero(home == UNKNOWN)[0])  # at index -1
    order = chosen[np.argsort(columns.needs.territory[chosen], kind="stable")]
    places = columns.needs.territory[order]
    firsts = np.nonzero(np.diff(places, prepend=UNKNOWN - 1))[0].tolist()
    for low, high in pairwise([*firsts, len(order)]):
        reach = _reach(columns, int(places[low]), settings, by_territory)
        step = max(1, BLOCK_CELLS // max(len(reach.peer), 1))
        for at in range(low, high, step):
            need = order[at : min(at + step, high)]
            line, cell = np.nonzero(_allowed(columns, need, reach))
            yield need[line], reach.peer[cell], reach.place[cell]


def _scored(
    columns: Columns, chosen: np.ndarray, settings: Settings
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Need, peer and cost of every allowed pair, blocks gathered to `SCORED_AT_ONCE` pairs."""
    held: list[tuple[np.ndarray, ...]] = []
    size = 0
    for block in _blocks(columns, chosen, settings):
        held.append(block)
        size += len(block[0])
        if size >= SCORED_AT_ONCE:
            yield _score(columns, held, settings)
            held, size = [], 0
    if held:
        yield _score(columns, held, settings)


def _score(
    columns: Columns, held: list[tuple[np.ndarray, ...]], settings: Settings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    need, peer, place = (np.concatenate(parts) for parts in zip(*held, strict=True))
    if len(columns.needs.excluded):
        kept = ~_among(columns.needs.excluded, columns, need, peer)
        need, peer, place = need[kept], peer[kept], place[kept]
    cost = costs(PairLevels(columns.needs, columns.peers, need, peer, place), settings)
    if len(columns.needs.recruited):
        cost[_among(columns.needs.recruited, columns, need, peer)] = LOWEST_COST
    return need, peer.astype(np.int32), cost


def _among(pairs: np.ndarray, columns: Columns, need: np.ndarray, peer: np.ndarray) -> np.ndarray:
    """Which of these edges are among the named (need, peer) pairs."""
    width = len(columns.peers.ids)
    return np.isin(need * width + peer, pairs[:, 0] * width + pairs[:, 1])


def candidate_table(
    columns: Columns, settings: Settings, chosen: np.ndarray | None = None, best: int | None = None
) -> CandidateTable:
    """The candidates of the chosen needs (all by default), cut at `best` (not cut by default)."""
    needs = len(columns.needs.ids)
    chosen = np.arange(needs) if chosen is None else chosen
    parts = list(_scored(columns, chosen, settings))
    empty = (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0, np.int32))
    need, peer, cost = (np.concatenate(part) for part in zip(empty, *parts, strict=True))
    counts = np.bincount(need, minlength=needs)
    first_seen = np.zeros(needs, np.int64)
    heads = np.nonzero(np.diff(need, prepend=-1))[0]
    first_seen[need[heads]] = heads
    counts, firsts = counts[chosen], first_seen[chosen]
    start = np.zeros(len(chosen) + 1, np.int64)
    start[1:] = np.cumsum(counts)
    order = np.repeat(firsts - start[:-1], counts) + np.arange(len(need))
    table = CandidateTable(
        need_ids=[columns.needs.ids[i] for i in chosen.tolist()],
        peer_ids=columns.peers.ids,
        waiting=columns.needs.waiting[chosen],
        capacity=columns.peers.capacity,
        load=columns.peers.load,
        start=start,
        peer=peer[order],
        cost=cost[order],
        cut=np.full(len(chosen), NOT_CUT),
    )
    return table if best is None else cut_table(table, best)


def cut_table(table: CandidateTable, best: int) -> CandidateTable:
    """Keep the `best` candidates of each need, as `candidates.cut_row` does, and note what was cut."""
    counts = np.diff(table.start)
    long = counts > best
    if not long.any():
        return table
    edges = np.nonzero(np.repeat(long, counts))[0]
    owner = table.owners()[edges]
    digits = tie_columns(id_hashes(table.need_ids)[owner], id_hashes(table.peer_ids)[table.peer[edges]])
    order = np.lexsort((digits, table.cost[edges], owner))
    heads = np.cumsum(counts[long]) - counts[long]
    rank = np.arange(len(edges)) - np.repeat(heads, counts[long])
    keep = np.ones(len(table.peer), bool)
    keep[edges[order[rank >= best]]] = False
    cut = table.cut.copy()
    cut[long] = table.cost[edges[order[rank == best]]]
    start = np.zeros_like(table.start)
    start[1:] = np.cumsum(np.minimum(counts, best))
    return CandidateTable(
        table.need_ids,
        table.peer_ids,
        table.waiting,
        table.capacity,
        table.load,
        start,
        table.peer[keep],
        table.cost[keep],
        cut,
    )
