"""Peers and needs as column arrays, for instances too large to score pair by pair in Python.

Sets become bit masks (n x words, uint64) over the codes both sides use; a code only one side uses
can match nobody and only counts in the `*_asked` totals. Unknown numbers and codes are -1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

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
    # Once for each set: most people told the same as somebody else.
    rows = {codes: _mask(codes, bits, words) for codes in set(sets)}
    return np.array([rows[codes] for codes in sets], np.uint64).reshape(len(sets), words)


def _mask(codes: Codes, bits: dict[str, int], words: int) -> list[int]:
    row = [0] * words
    for code in codes:
        at = bits.get(code)
        if at is not None:
            row[at >> 6] |= 1 << (at & 63)
    return row


def _numbers(values: Iterable[int | None]) -> np.ndarray:
    return np.array([UNKNOWN if value is None else value for value in values], np.int32)


def _look_up(at: dict[str, int], name: str | None) -> int | None:
    """The number of a name; one that nobody in the list has is no number of theirs."""
    return None if name is None else at.get(name, len(at))


def _numbered(names: Iterable[str | None]) -> dict[str, int]:
    return {name: at for at, name in enumerate(sorted({name for name in names if name is not None}))}


def _channels(sets: Sequence[Codes]) -> np.ndarray:
    """Channel masks; a side that told nothing accepts them all."""
    return np.array([sum(CHANNEL_BITS.get(c, 0) for c in s) if s else ALL_CHANNELS for s in sets], np.int64)


def _told(sets: Sequence[Codes]) -> np.ndarray:
    return np.array([len(codes) for codes in sets], np.int32)


def _one(code: str | None) -> Codes:
    return frozenset() if code is None else frozenset({code})


def _asked(needs: Sequence[Need], ref: Reference) -> dict[str, list[Codes]]:
    """Set name -> what each need asks."""
    return {
        "languages": [n.languages for n in needs],
        "conditions": [n.conditions for n in needs],
        "families": [ref.families_of(n.conditions) for n in needs],
        "concerns": [n.concerns for n in needs],
        "situations": [n.situations for n in needs],
        "treatments": [n.treatments for n in needs],
        "stages": [_one(n.stage) for n in needs],
        "slots": [n.slots for n in needs],
        "sites": [_one(n.site) for n in needs],
        "topics": [topics(n) for n in needs],
    }


def _lived(peers: Sequence[PeerOffer], ref: Reference) -> dict[str, list[Codes]]:
    """Set name -> what each peer lived, offers or (topics) refuses."""
    conditions = [p.codes("illness") for p in peers]
    return {
        "languages": [p.languages for p in peers],
        "conditions": conditions,
        "families": [ref.families_of(codes) for codes in conditions],
        "concerns": [p.codes("situation", "treatment") for p in peers],
        "situations": [p.codes("situation") for p in peers],
        "treatments": [p.codes("treatment") for p in peers],
        "stages": [p.stages for p in peers],
        "slots": [p.slots for p in peers],
        "sites": [p.sites_ready or frozenset() for p in peers],
        "topics": [p.refuses for p in peers],
    }


NAMED = ("role", "relation", "place_of_care", "town", "employer")
Sets = dict[str, list[Codes]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the columns' bits and numbers stand for. Masks need only the codes that both sides use; peers kept as
    columns before any need is known have a bit for each of theirs."""

    bits: dict[str, dict[str, int]]
    numbers: dict[str, dict[str, int]]
    territories: dict[str, int]

    @classmethod
    def of(
        cls, peers: Sequence[PeerOffer], lived: Sets, needs: Sequence[Need] = (), asked: Sets | None = None
    ) -> Vocabulary:
        """The words of these peers, less those that no need asks when needs are given."""
        people: list[Need | PeerOffer] = [*needs, *peers]
        codes = {name: frozenset().union(*sets) for name, sets in lived.items()}
        if asked is not None:
            codes = {name: found & frozenset().union(*asked[name]) for name, found in codes.items()}
        numbers = {name: _numbered(getattr(person, name) for person in people) for name in NAMED}
        numbers["gender"] = _numbered([*(p.gender or None for p in peers), *(n.gender_wish or None for n in needs)])
        also = () if asked is not None else (place for p in peers for place in p.in_person_in)
        return cls(
            {name: {code: at for at, code in enumerate(sorted(found))} for name, found in codes.items()},
            numbers,
            _numbered([*(person.territory for person in people), *also]),
        )

    def has(self, other: Vocabulary) -> bool:
        """Whether it has a bit or a number for each word of the other."""
        return other.territories.keys() <= self.territories.keys() and all(
            words.keys() <= mine[name].keys()
            for theirs, mine in ((other.bits, self.bits), (other.numbers, self.numbers))
            for name, words in theirs.items()
        )


def encode(needs: Sequence[Need], peers: Sequence[PeerOffer], settings: Settings) -> Columns:
    """The columns of these people; the same answers as the objects, nothing more."""
    asked, lived = _asked(needs, settings.reference), _lived(peers, settings.reference)
    words = Vocabulary.of(peers, lived, needs, asked)
    return Columns(
        _needs(needs, asked, words, {peer.id: at for at, peer in enumerate(peers)}, settings),
        _peers(peers, lived, words, settings),
        _neighbours(words.territories, settings),
    )


def encode_peers(peers: Sequence[PeerOffer], settings: Settings) -> tuple[PeerColumns, Vocabulary]:
    """Peers alone, for needs that come one at a time."""
    lived = _lived(peers, settings.reference)
    words = Vocabulary.of(peers, lived)
    return _peers(peers, lived, words, settings), words


def encode_more(peers: Sequence[PeerOffer], words: Vocabulary, settings: Settings) -> PeerColumns | None:
    """More peers, in the words of others; None when one of them says a word that these have not."""
    lived = _lived(peers, settings.reference)
    return _peers(peers, lived, words, settings) if words.has(Vocabulary.of(peers, lived)) else None


def joined(some: PeerColumns, others: PeerColumns, order: Sequence[int]) -> PeerColumns:
    """The peers of both at these places, counted through the one and then through the other; some may be left out."""
    taken = np.array(order, np.int64)
    both: dict[str, Any] = {
        each.name: np.concatenate([getattr(some, each.name), getattr(others, each.name)])[taken]
        for each in fields(PeerColumns)
        if each.name not in ("ids", "told", "also_in")
    }
    ids = [*some.ids, *others.ids]
    told = {name: np.concatenate([sizes, others.told[name]])[taken] for name, sizes in some.told.items()}
    also = np.concatenate([some.also_in, others.also_in + np.array([len(some.ids), 0])])
    at = np.full(len(ids), UNKNOWN)
    at[taken] = np.arange(len(taken))
    also = np.column_stack([at[also[:, 0]], also[:, 1]])
    return PeerColumns(**both, ids=[ids[place] for place in order], told=told, also_in=also[also[:, 0] != UNKNOWN])


def with_need(
    need: Need, peers: PeerColumns, words: Vocabulary, peer_at: Mapping[str, int], settings: Settings
) -> Columns:
    """One need beside peers kept as columns."""
    asked = _asked([need], settings.reference)
    places = words.territories
    if need.territory is not None and need.territory not in places:
        places = {**places, need.territory: len(places)}
    return Columns(_needs([need], asked, words, peer_at, settings), peers, _neighbours(places, settings))


def _shared(people: Sequence[Need | PeerOffer], sets: Sets, words: Vocabulary) -> dict[str, Any]:
    """The columns that both sides have."""
    numbers = {
        name: _numbers(_look_up(words.numbers[name], getattr(person, name)) for person in people) for name in NAMED
    }
    return {
        **{name: masks(codes, words.bits[name]) for name, codes in sets.items()},
        **numbers,
        "ids": [person.id for person in people],
        "territory": _numbers(_look_up(words.territories, person.territory) for person in people),
        "channels": _channels([person.channels for person in people]),
        "age": _numbers(person.age for person in people),
        "age_at_diagnosis": _numbers(person.age_at_diagnosis for person in people),
        "told": {name: _told(codes) for name, codes in sets.items()},
    }


def _needs(
    needs: Sequence[Need], asked: Sets, words: Vocabulary, peer_at: Mapping[str, int], settings: Settings
) -> NeedColumns:
    excluded = [(i, peer_at[p]) for i, n in enumerate(needs) for p in n.excluded_peers if p in peer_at]
    recruited = [(i, peer_at[p]) for i, n in enumerate(needs) for p in n.recruited if p in peer_at]
    bands = [n.age_wish or (UNKNOWN, UNKNOWN) for n in needs]
    genders = words.numbers["gender"]
    return NeedColumns(
        **_shared(needs, asked, words),
        gender=_numbers(None for _ in needs),
        waiting=np.array([settings.waiting_price(n) for n in needs], np.int64),
        gender_wish=_numbers(_look_up(genders, n.gender_wish) for n in needs),
        age_low=_numbers(low for low, _ in bands),
        age_high=_numbers(high for _, high in bands),
        refused_genders=masks([n.refused_genders for n in needs], genders),
        not_same=np.array([(n.not_same_site, n.not_same_town, n.not_same_employer) for n in needs], bool).reshape(
            -1, 3
        ),
        asked=np.array([[p in n.asked_points for p in POINTS] for n in needs], bool).reshape(-1, len(POINTS)),
        excluded=np.array(excluded, np.int64).reshape(-1, 2),
        recruited=np.array(recruited, np.int64).reshape(-1, 2),
    )


def _peers(peers: Sequence[PeerOffer], lived: Sets, words: Vocabulary, settings: Settings) -> PeerColumns:
    at = words.territories
    also = [(j, at[t]) for j, p in enumerate(peers) for t in sorted(p.in_person_in) if t in at]
    old = [frozenset(outdated_treatments(p, settings.reference)) for p in peers]
    shared = _shared(peers, lived, words)
    shared["told"]["sites"] = np.array([p.sites_ready is not None for p in peers], np.int32)
    return PeerColumns(
        **shared,
        gender=_numbers(_look_up(words.numbers["gender"], p.gender) for p in peers),
        capacity=np.array([p.capacity for p in peers], np.int64),
        load=np.array([p.load for p in peers], np.int64),
        paused=np.array([p.paused for p in peers], bool),
        old_treatments=masks(old, words.bits["treatments"]),
        pairs_12_months=_numbers(p.pairs_12_months for p in peers),
        days_since_last_pair=_numbers(
            None if p.days_since_last_pair is None else max(0, p.days_since_last_pair) for p in peers
        ),
        also_in=np.array(also, np.int64).reshape(-1, 2),
    )


def _neighbours(territory_at: dict[str, int], settings: Settings) -> list[np.ndarray]:
    touching: list[set[int]] = [set() for _ in territory_at]
    for one, others in settings.reference.neighbours.items():
        for other in others:
            if one in territory_at and other in territory_at:
                touching[territory_at[one]].add(territory_at[other])
                touching[territory_at[other]].add(territory_at[one])
    return [np.array(sorted(places), np.int64) for places in touching]
