"""Random instances: small ones full of ties by hypothesis, larger ones by seed."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from vecu.accompaniment.matching import CandidateTable, Row
from vecu.accompaniment.matching.table import NOT_CUT

Places = list[tuple[str, int, int]]


@st.composite
def places(draw: st.DrawFn, most: int = 5) -> Places:
    """Peers with 0 to 3 places and 0 to 2 persons carried."""
    count = draw(st.integers(1, most))
    return [(f"p{j}", draw(st.integers(0, 3)), draw(st.integers(0, 2))) for j in range(count)]


@st.composite
def rows(draw: st.DrawFn, peers: Places, name: str) -> Row:
    """A need with any candidates; few distinct costs, so that ties are common."""
    names = draw(st.sets(st.sampled_from([peer for peer, *_ in peers])))
    costs = {peer: draw(st.integers(1, 12)) for peer in sorted(names)}
    return Row(name, draw(st.integers(0, 15)), costs)


@st.composite
def instances(draw: st.DrawFn, most_needs: int = 8) -> tuple[list[Row], Places]:
    """Rows and places of a small instance."""
    peers = draw(places())
    count = draw(st.integers(0, most_needs))
    return [draw(rows(peers, f"n{i}")) for i in range(count)], peers


def shaped(seed: int, peers: int, needs: int, degree: int, spread: int, places_each: int) -> CandidateTable:
    """A larger instance: `degree` candidates on average near the need, costs in 1..`spread`."""
    draw = np.random.default_rng(seed)
    count = np.minimum(draw.poisson(degree, needs) * (draw.random(needs) > 0.05), peers)
    owner = np.repeat(np.arange(needs), count)
    near = (owner * peers // max(needs, 1) + draw.integers(-degree * 2, degree * 2 + 1, len(owner))) % peers
    key = np.unique(owner * peers + near)
    owner, peer = key // peers, (key % peers).astype(np.int32)
    start = np.zeros(needs + 1, np.int64)
    start[1:] = np.cumsum(np.bincount(owner, minlength=needs))
    return CandidateTable(
        need_ids=[f"n{i}" for i in range(needs)],
        peer_ids=[f"p{j}" for j in range(peers)],
        waiting=spread + 4 * draw.integers(0, spread, needs),
        capacity=draw.integers(0, places_each + 1, peers),
        load=draw.integers(0, 4, peers),
        start=start,
        peer=peer,
        cost=draw.integers(1, spread + 1, len(peer)).astype(np.int32),
        cut=np.full(needs, NOT_CUT),
    )
