"""The shortlist a coordinator reads: three peers side by side, the others below, and who waits longest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from vecu.accompaniment.matching import rules
from vecu.accompaniment.matching.explain import Explanation, explain
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.table import id_hash, tie_digits
from vecu.accompaniment.matching.weights import Settings

SIDE_BY_SIDE = 3


@dataclass(frozen=True, slots=True)
class Shortlist:
    """For one need: the `best` peers, the other possible ones, and those a hard rule stops.

    `longest_waiting` is the id of the possible peer who has waited longest without a match (None when
    nobody told): shown beside the list, to share; it does not change the order.
    """

    need: str
    best: tuple[Explanation, ...]
    others: tuple[Explanation, ...]
    stopped: tuple[Explanation, ...]
    longest_waiting: str | None = None


def shortlist(
    need: Need,
    peers: Iterable[PeerOffer],
    settings: Settings | None = None,
    *,
    forbidden: Collection[str] = (),
    size: int = SIDE_BY_SIDE,
) -> Shortlist:
    """Rank the peers for one need, cheapest pair first; `forbidden` peers are left out altogether.

    The order does not depend on the order of `peers`: equal pairs follow their tie digits.
    """
    settings = settings or Settings()
    free: list[PeerOffer] = []
    stopped: list[PeerOffer] = []
    for peer in sorted(peers, key=lambda p: p.id):
        if peer.id not in forbidden:
            (stopped if rules.blocks(need, peer, settings) else free).append(peer)
    digits = id_hash(need.id)
    free.sort(key=lambda p: (_price(need, p, settings), tie_digits(digits, id_hash(p.id)), p.id))
    told = [explain(need, peer, settings) for peer in free]
    return Shortlist(
        need.id,
        tuple(told[:size]),
        tuple(told[size:]),
        tuple(explain(need, peer, settings) for peer in stopped),
        longest_waiting_peer(free),
    )


def _price(need: Need, peer: PeerOffer, settings: Settings) -> int:
    """What the pair costs, the price of the peer's next place included (fair load)."""
    return rules.cost(need, peer, settings) + settings.fair_load * (peer.load + 1)


def longest_waiting_peer(peers: Sequence[PeerOffer]) -> str | None:
    """The peer whose last pair began longest ago; ties by fewer pairs, lighter load, then id."""
    told = [(p.days_since_last_pair, p) for p in peers if p.days_since_last_pair is not None]
    if not told:
        return None
    return min(told, key=lambda t: (-t[0], t[1].pairs_12_months, t[1].load, t[1].id))[1].id


def longest_waiting_first(needs: Iterable[Need]) -> list[Need]:
    """Needs for a coordinator's queue: a near fixed date first, then the longest waiting, then id."""
    return sorted(
        needs,
        key=lambda n: (
            n.priority_in_days if n.priority_in_days is not None else float("inf"), -n.waited_days, n.id
        ),
    )  # fmt: skip
