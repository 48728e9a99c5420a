"""Words as data: why this peer, why not that one, why this person waits.

Only codes and params leave here; the web side says them in French or English. No score, no
percentage, no cost of a pair is ever part of an explanation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from vecu.accompaniment.matching import rules
from vecu.accompaniment.matching.instance import Need, PeerOffer
from vecu.accompaniment.matching.points import Verdict
from vecu.accompaniment.matching.rules import Block
from vecu.accompaniment.matching.weights import POINTS, Settings


@dataclass(frozen=True, slots=True)
class Reason:
    """One point, in words to be: verdict, code and what the sentence needs.

    `asked` tells the points the person said matter most.
    """

    point: str
    verdict: Verdict
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every reason for and against a pair; `blocks` is empty when the pair is allowed."""

    need: str
    peer: str
    reasons: tuple[Reason, ...]
    blocks: tuple[Block, ...] = ()

    def verdict(self, point: str) -> Verdict:
        """The verdict on one point; KeyError for an unknown point."""
        for reason in self.reasons:
            if reason.point == point:
                return reason.verdict
        raise KeyError(point)


@dataclass(frozen=True, slots=True)
class PeerPrice:
    """What one more free place of a peer would save, in the units of waiting prices (0: nothing)."""

    peer: str
    saves: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why a person waits.

    Codes: "no_feasible_peer" (params `eliminated`: hard rule -> number of peers it eliminates),
    "all_full" (params `peers`: the possible peers and what a place more with each would save),
    "could_be_served_but_costs_more" (same params: places are left, but giving one to this person
    costs more than waiting, or more than it gives to the one who would lose it).
    """

    need: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def explain(need: Need, peer: PeerOffer, settings: Settings) -> Explanation:
    """The reasons of a pair: first the points the person asked for, in her order, then by weight.

    Points nobody told anything about are kept too ("unknown"), so that the list is complete.
    """
    judged = {j.point: j for j in rules.judge(need, peer, settings)}
    asked = [point for point in dict.fromkeys(need.asked_points) if point in judged]
    order = asked + [point for point in by_weight(settings) if point not in asked]
    reasons = tuple(
        Reason(point, judged[point].verdict, judged[point].code, judged[point].params, point in asked)
        for point in order
    )
    return Explanation(need.id, peer.id, reasons, rules.blocks(need, peer, settings))


def by_weight(settings: Settings) -> list[str]:
    """The points, weightiest first; equal weights in the order of `POINTS`."""
    return sorted(POINTS, key=lambda point: -getattr(settings.weights, point))


def eliminated(need: Need, peers: Iterable[PeerOffer], settings: Settings) -> dict[str, int]:
    """How many peers each hard rule eliminates for this need (a peer may count under several)."""
    counts: dict[str, int] = {}
    for peer in peers:
        for block in rules.blocks(need, peer, settings):
            counts[block.rule] = counts.get(block.rule, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
