"""Peers and needs as column arrays, for instances too large to score pair by pair in Python.

Sets become bit masks (n x words, uint64) over the codes both sides use; a code only one side uses
can match nobody and only counts in the `*_asked` totals. Unknown numbers and codes are -1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from vecu.accompaniment.matching.instance import FACE_TO_FACE, REMOTE_CHANNELS, Need, PeerOffer, Reference
from vecu.accompaniment.matching.points import outdated_treatments
from vecu.accompaniment.matching.rules import topics
from vecu.accompaniment.matching.weights import POINTS, Settings

UNKNOWN = -1
#: Bits of the channel masks; every other channel is remote neither way.
CHANNEL_BITS = {FACE_TO_FACE: 1, **{name: 2 << at for at, name in enumerate(sorted(REMOTE_CHANNELS))}}
ALL_CHANNELS = sum(CHANNEL_BITS.values())
Codes = frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class SharedColumns:
    """What both sides have; masks are n x words, codes and numbers are n. See `instance`."""

    ids: Sequence[str]
    role: np.ndarray
    territory: np.ndarray
    languages: np.ndarray
    channels: np.ndarray
    conditions: np.ndarray
    families: np.ndarray
    concerns: np.ndarray
    situations: np.ndarray
    treatments: np.ndarray
    stages: np.ndarray
    slots: np.ndarray
    sites: np.ndarray
    topics: np.ndarray
    relation: np.ndarray
    gender: np.ndarray
    age: np.ndarray
    age_at_diagnosis: np.ndarray
    place_of_care: np.ndarray
    town: np.ndarray
    employer: np.ndarray
    #: set name -> whether the side told anything, or how many codes it told
    told: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class PeerColumns(SharedColumns):
    """Peers: `topics` are the refused ones, `old_treatments` those lived before the present protocol."""

    capacity: np.ndarray
    load: np.ndarray
    paused: np.ndarray
    old_treatments: np.ndarray
    pairs_12_months: np.ndarray
    days_since_last_pair: np.ndarray
    #: (peer, territory) where the peer also meets face to face
    also_in: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class NeedColumns(SharedColumns):
    """Needs: `gender` is unused, `gender_wish` the wish; `asked[:, k]` tells the k-th point matters."""

    waiting: np.ndarray
    gender_wish: np.ndarray
    age_low: np.ndarray
    age_high: np.ndarray
    refused_genders: np.ndarray
    not_same: np.ndarray
    asked: np.ndarray
    #: (need, peer) pairs the person excluded
    excluded: np.ndarray
    #: (need, peer) pairs looked for because of that very need
    recruited: np.ndarray = field(default_factory=lambda: np.zeros((0, 2), np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Both sides and the territories' map: `neighbours[t]` lists the territories next to t."""

    needs: NeedColumns
    peers: PeerColumns
    neighbours: Sequence[np.ndarray]


def masks(sets: Sequence[Codes], bits: dict[str, int]) -> np.ndarray:
    """One bit a code, n x words; codes outside `bits` are left out."""
    words = max(1, -(-len(bits) // 64))
    table = np.zeros((len(sets), words), np.uint64)
    for line, codes in enumerate(sets):
        for code in codes:
            at = bits.get(code)
            if at is not None:
                table[line, at >> 6] |= np.uint64(1 << (at & 63))
    return table


def _numbers(values: Iterable[int | None]) -> np.ndarray:
    return np.array([UNKNOWN if value is None else value for value in values], np.int32)


def _look_up(at: dict[str, int], name: str | None) -> int | None:
    return None if name is None else at.get(name)


def _codes(one: Sequence[str | None], other: Sequence[str | None]) -> tuple[np.ndarray, np.ndarray]:
    names = sorted({name for name in (*one, *other) if name is not None})
    at = {name: number for number, name in enumerate(names)}
    first, second = (_numbers(_look_up(at, name) for name in side) for side in (one, other))
    return first, second


def _common_bits(one: Sequence[Codes], other: Sequence[Codes]) -> dict[str, int]:
    common = frozenset().union(*one) & frozenset().union(*other)
    return {code: at for at, code in enumerate(sorted(common))}


def _channels(sets: Sequence[Codes]) -> np.ndarray:
    """Channel masks; a side that told nothing accepts them all."""
    return np.array([sum(CHANNEL_BITS.get(c, 0) for c in s) if s else ALL_CHANNELS for s in sets], np.int64)


def _told(sets: Sequence[Codes]) -> np.ndarray:
    return np.array([len(codes) for codes in sets], np.int32)


def _one(code: str | None) -> Codes:
    return frozenset() if code is None else frozenset({code})


def _sets(
    needs: Sequence[Need], peers: Sequence[PeerOffer], ref: Reference
) -> dict[str, tuple[list[Codes], list[Codes]]]:
    """Set name -> what each need asks, what each peer lived, offers or (topics) refuses."""
    conditions = [n.conditions for n in needs], [p.codes("illness") for p in peers]
    return {
        "languages": ([n.languages for n in needs], [p.languages for p in peers]),
        "conditions": conditions,
        "families": ([ref.families_of(c) for c in conditions[0]], [ref.families_of(c) for c in conditions[1]]),
        "concerns": ([n.concerns for n in needs], [p.codes("situation", "treatment") for p in peers]),
        "situations": ([n.situations for n in needs], [p.codes("situation") for p in peers]),
        "treatments": ([n.treatments for n in needs], [p.codes("treatment") for p in peers]),
        "stages": ([_one(n.stage) for n in needs], [p.stages for p in peers]),
        "slots": ([n.slots for n in needs], [p.slots for p in peers]),
        "sites": ([_one(n.site) for n in needs], [p.sites_ready or frozenset() for p in peers]),
        "topics": ([topics(n) for n in needs], [p.refuses for p in peers]),
    }


def encode(needs: Sequence[Need], peers: Sequence[PeerOffer], settings: Settings) -> Columns:
    """The columns of these people; the same answers as the objects, nothing more."""
    old = [outdated_treatments(p, settings.reference) for p in peers]
    sets = _sets(needs, peers, settings.reference)
    bits = {name: _common_bits(*sides) for name, sides in sets.items()}
    asked = {name: masks(sides[0], bits[name]) for name, sides in sets.items()}
    lived = {name: masks(sides[1], bits[name]) for name, sides in sets.items()}
    told = [{name: _told(sides[side]) for name, sides in sets.items()} for side in (0, 1)]
    told[1]["sites"] = np.array([p.sites_ready is not None for p in peers], np.int32)
    codes = {
        name: _codes([getattr(n, name) for n in needs], [getattr(p, name) for p in peers])
        for name in ("role", "relation", "place_of_care", "town", "employer")
    }
    genders = sorted({p.gender for p in peers if p.gender} | {n.gender_wish for n in needs if n.gender_wish})
    territory_at = {name: at for at, name in enumerate(_territories(needs, peers))}
    both: tuple[Sequence[Need | PeerOffer], ...] = (needs, peers)
    shared = [
        {name: sides[side] for name, sides in codes.items()}
        | {
            "ids": [person.id for person in people],
            "territory": _numbers(_look_up(territory_at, person.territory) for person in people),
            "channels": _channels([person.channels for person in people]),
            "age": _numbers(person.age for person in people),
            "age_at_diagnosis": _numbers(person.age_at_diagnosis for person in people),
            "told": told[side],
        }
        for side, people in enumerate(both)
    ]
    return Columns(
        _needs(needs, peers, settings, shared[0] | asked, genders),
        _peers(peers, old, shared[1] | lived, bits["treatments"], genders, territory_at),
        _neighbours(territory_at, settings),
    )


def _needs(
    needs: Sequence[Need], peers: Sequence[PeerOffer], settings: Settings, shared: dict, genders: list[str]
) -> NeedColumns:
    at = {name: number for number, name in enumerate(genders)}
    peer_at = {peer.id: number for number, peer in enumerate(peers)}
    excluded = [(i, peer_at[p]) for i, n in enumerate(needs) for p in n.excluded_peers if p in peer_at]
    recruited = [(i, peer_at[p]) for i, n in enumerate(needs) for p in n.recruited if p in peer_at]
    bands = [n.age_wish or (UNKNOWN, UNKNOWN) for n in needs]
    return NeedColumns(
        **shared,
        gender=_numbers(None for _ in needs),
        waiting=np.array([settings.waiting_price(n) for n in needs], np.int64),
        gender_wish=_numbers(_look_up(at, n.gender_wish) for n in needs),
        age_low=_numbers(low for low, _ in bands),
        age_high=_numbers(high for _, high in bands),
        refused_genders=masks([n.refused_genders for n in needs], at),
        not_same=np.array([(n.not_same_site, n.not_same_town, n.not_same_employer) for n in needs], bool).reshape(
            -1, 3
        ),
        asked=np.array([[p in n.asked_points for p in POINTS] for n in needs], bool).reshape(-1, len(POINTS)),
        excluded=np.array(excluded, np.int64).reshape(-1, 2),
        recruited=np.array(recruited, np.int64).reshape(-1, 2),
    )


def _peers(
    peers: Sequence[PeerOffer],
    old: Sequence[dict[str, int]],
    shared: dict,
    treatment_bits: dict[str, int],
    genders: list[str],
    territory_at: dict[str, int],
) -> PeerColumns:
    at = {name: number for number, name in enumerate(genders)}
    also = [(j, territory_at[t]) for j, p in enumerate(peers) for t in sorted(p.in_person_in) if t in territory_at]
    return PeerColumns(
        **shared,
        gender=_numbers(_look_up(at, p.gender) for p in peers),
        capacity=np.array([p.capacity for p in peers], np.int64),
        load=np.array([p.load for p in peers], np.int64),
        paused=np.array([p.paused for p in peers], bool),
        old_treatments=masks([frozenset(years) for years in old], treatment_bits),
        pairs_12_months=_numbers(p.pairs_12_months for p in peers),
        days_since_last_pair=_numbers(
            None if p.days_since_last_pair is None else max(0, p.days_since_last_pair) for p in peers
        ),
        also_in=np.array(also, np.int64).reshape(-1, 2),
    )


def _territories(needs: Sequence[Need], peers: Sequence[PeerOffer]) -> list[str]:
    told = {n.territory for n in needs} | {p.territory for p in peers}
    return sorted(name for name in told if name is not None)


def _neighbours(territory_at: dict[str, int], settings: Settings) -> list[np.ndarray]:
    touching: list[set[int]] = [set() for _ in territory_at]
    for one, others in settings.reference.neighbours.items():
        for other in others:
            if one in territory_at and other in territory_at:
                touching[territory_at[one]].add(territory_at[other])
                touching[territory_at[other]].add(territory_at[one])
    return [np.array(sorted(places), np.int64) for places in touching]
