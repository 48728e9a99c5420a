"""The shortlist a coordinator reads: three peers side by side, the others below, and who waits longest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from vecu.accompaniment.matching import rules
from vecu.accompaniment.matching.explain import Explanation, explain
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.points import condition
from vecu.accompaniment.matching.table import id_hash, tie_digits
from vecu.accompaniment.matching.weights import Settings

SIDE_BY_SIDE = 3


class Told(Sequence[Explanation]):
    """The explanations of peers in their order, each made when it is read: a page shows fifty of thousands."""

    def __init__(self, need: Need, peers: Sequence[PeerOffer], settings: Settings) -> None:
        self._need, self._peers, self._settings = need, peers, settings

    def __len__(self) -> int:
        return len(self._peers)

    @overload
    def __getitem__(self, place: int) -> Explanation: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Explanation, ...]: ...
    def __getitem__(self, place: int | slice) -> Explanation | tuple[Explanation, ...]:
        if isinstance(place, slice):
            return tuple(explain(self._need, peer, self._settings) for peer in self._peers[place])
        return explain(self._need, self._peers[place], self._settings)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def peers(self) -> list[str]:
        return [peer.id for peer in self._peers]


@dataclass(frozen=True, slots=True)
class Shortlist:
    """For one need: the `best` peers, the other possible ones, and those a hard rule stops; `rest` are both.

    `nobody_lived_it`: there are possible peers, and each of them lived another illness.
    """

    need: str
    best: tuple[Explanation, ...]
    others: Told
    stopped: Told
    rest: Told
    nobody_lived_it: bool = False


def shortlist(
    need: Need,
    peers: Iterable[PeerOffer],
    settings: Settings | None = None,
    *,
    forbidden: Collection[str] = (),
    size: int = SIDE_BY_SIDE,
) -> Shortlist:
    """Rank the peers for one need, those recruited for it first, then the cheapest pair; `forbidden` peers are left out altogether.

    The order does not depend on the order of `peers`: equal pairs follow their tie digits.
    """
    settings = settings or Settings()
    free: list[PeerOffer] = []
    stopped: list[PeerOffer] = []
    for peer in sorted(peers, key=lambda p: p.id):
        if peer.id not in forbidden:
            # The first rule that fails is enough here; which ones do is said of those who are shown.
            (free if peer.capacity and rules.is_allowed(need, peer, settings) else stopped).append(peer)
    digits = id_hash(need.id)
    weights = rules.point_weights(need, settings)
    free.sort(
        key=lambda p: (
            p.id not in need.recruited,
            _price(need, p, settings, weights),
            tie_digits(digits, id_hash(p.id)),
            p.id,
        )
    )
    return Shortlist(
        need.id,
        Told(need, free[:size], settings)[:],
        Told(need, free[size:], settings),
        Told(need, stopped, settings),
        Told(need, [*free[size:], *stopped], settings),
        bool(free) and all(condition(need, peer, settings.reference).verdict == "no" for peer in free),
    )


def _price(need: Need, peer: PeerOffer, settings: Settings, weights: Mapping[str, int]) -> int:
    """What the pair costs, the price of the peer's next place included (fair load)."""
    return rules.cost(need, peer, settings, weights) + settings.fair_load * (peer.load + 1)
