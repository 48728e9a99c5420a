"""Who may be paired with whom (hard rules), and what a pair costs (weighted soft points).

Hard rules come from domain notes 4.9: ready at that site, profile allowed, not on pause, a free
place, shared language, channel in common, distance if face to face only, the person's explicit
exclusions, the peer's own limits. A rule only fails on two answers that were both given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vecu.accompaniment.matching.instance import FACE_TO_FACE, REMOTE_CHANNELS, Need, PeerOffer
from vecu.accompaniment.matching.points import JUDGES, Judgement
from vecu.accompaniment.matching.weights import POINTS, Settings

LOWEST_COST, HIGHEST_COST = 1, 1000


@dataclass(frozen=True, slots=True)
class Block:
    """A hard rule that forbids a pair: the rule and what it is about."""

    rule: str
    params: Mapping[str, object] = field(default_factory=dict)


def _site(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    if need.site is None or peer.sites_ready is None or need.site in peer.sites_ready:
        return None
    return Block("site", {"site": need.site})


def _role(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return None if need.role == peer.role else Block("role", {"asked": need.role, "peer": peer.role})


def _paused(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return Block("paused") if peer.paused else None


def _language(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    if not need.languages or not peer.languages or need.languages & peer.languages:
        return None
    return Block("language", {"asked": tuple(sorted(need.languages))})


def common_channels(need: Need, peer: PeerOffer) -> frozenset[str]:
    """Channels both accept; a side that told nothing accepts all the channels of the other."""
    if not need.channels or not peer.channels:
        return need.channels or peer.channels or REMOTE_CHANNELS | {FACE_TO_FACE}
    return need.channels & peer.channels


def _channel(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    if common_channels(need, peer):
        return None
    return Block("channel", {"asked": tuple(sorted(need.channels)), "peer": tuple(sorted(peer.channels))})


def _distance(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    """Face to face only asks for the same territory; a remote channel for `remote_reach`."""
    here, there = need.territory, peer.territory
    if here is None or there is None or here == there or here in peer.in_person_in:
        return None
    common = common_channels(need, peer)
    if not common:
        return None  # the channel rule says it
    near = settings.remote_reach == "anywhere" or settings.reference.are_neighbours(here, there)
    if common & REMOTE_CHANNELS and near:
        return None
    return Block("distance", {"person": here, "peer": there})


def _excluded(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return Block("excluded") if peer.id in need.excluded_peers else None


def _gender(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return Block("gender") if peer.gender is not None and peer.gender in need.refused_genders else None


def _same(rule: str, asked: bool, here: str | None, there: str | None) -> Block | None:
    return Block(rule) if asked and here is not None and here == there else None


def _same_site(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return _same("same_site", need.not_same_site, need.place_of_care, peer.place_of_care)


def _same_town(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return _same("same_town", need.not_same_town, need.town, peer.town)


def _same_employer(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    return _same("same_employer", need.not_same_employer, need.employer, peer.employer)


def topics(need: Need) -> frozenset[str]:
    """All the codes a peer's limits may name."""
    told = need.conditions | need.concerns | need.situations | need.treatments
    return told | {need.stage} if need.stage is not None else told


def _peer_limits(need: Need, peer: PeerOffer, settings: Settings) -> Block | None:
    refused = peer.refuses & topics(need)
    return Block("peer_limits", {"topics": tuple(sorted(refused))}) if refused else None


#: Rule -> how it is checked, in the order the reasons are told. "full" is apart: see `blocks`.
HARD_RULES: Mapping[str, Callable[[Need, PeerOffer, Settings], Block | None]] = {
    check.__name__.removeprefix("_"): check
    for check in (
        _role, _paused, _site, _language, _channel, _distance, _excluded,
        _gender, _same_site, _same_town, _same_employer, _peer_limits,
    )
}  # fmt: skip


def is_allowed(need: Need, peer: PeerOffer, settings: Settings) -> bool:
    """Whether every hard rule but the free place holds (places are the solver's business)."""
    return all(check(need, peer, settings) is None for check in HARD_RULES.values())


def blocks(need: Need, peer: PeerOffer, settings: Settings) -> tuple[Block, ...]:
    """Every hard rule that fails, with "full" last when the peer has no free place."""
    failed = [block for check in HARD_RULES.values() if (block := check(need, peer, settings))]
    if peer.capacity == 0:
        failed.append(Block("full", {"carried": peer.load}))
    return tuple(failed)


def point_weights(need: Need, settings: Settings) -> dict[str, int]:
    """The weight of each point for this need: what the person asked for weighs more."""
    return {
        point: getattr(settings.weights, point) * (settings.asked_factor if point in need.asked_points else 1)
        for point in POINTS
    }


def judge(need: Need, peer: PeerOffer, settings: Settings) -> tuple[Judgement, ...]:
    """Every soft point of the pair, in the order of `POINTS`."""
    reference = settings.reference
    return tuple([JUDGES[point](need, peer, reference) for point in POINTS])


def cost(need: Need, peer: PeerOffer, settings: Settings, weights: Mapping[str, int] | None = None) -> int:
    """The cost of an allowed pair, 1 (as wished in every point) to 1000. `weights` are the need's, when known."""
    weights = weights or point_weights(need, settings)
    weighted = sum([weights[j.point] * j.level for j in judge(need, peer, settings)])
    return LOWEST_COST + (HIGHEST_COST - LOWEST_COST) * weighted // (100 * sum(weights.values()))


def plan_cost(need: Need, peer: PeerOffer, settings: Settings) -> int:
    """What the pair costs among all others: a peer looked for because of this very need is as wished in every point, so
    that the whole prefers them as a shortlist does, unless somebody else would wait for it."""
    return LOWEST_COST if peer.id in need.recruited else cost(need, peer, settings)
