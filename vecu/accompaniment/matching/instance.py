"""The input of matching: what a peer offers and what a person needs.

Rule: every optional answer may be left out. `None` or an empty set means "not told", and what
was not told is neutral: it never excludes anybody and never makes a pair dearer or cheaper.
Ages are in years, waiting times in days, codes are the reference codes of the platform.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["patient", "relative"]
ExperienceKind = Literal["illness", "treatment", "situation"]

#: Channels that need no travelling.
REMOTE_CHANNELS = frozenset({"phone", "video", "writing"})
FACE_TO_FACE = "in_person"
CHANNELS = REMOTE_CHANNELS | {FACE_TO_FACE}


def _check_channels(who: str, channels: frozenset[str]) -> None:
    if not channels <= CHANNELS:
        raise ValueError(f"{who}: unknown channels {sorted(channels - CHANNELS)}")


@dataclass(frozen=True, slots=True)
class Experience:
    """One thing lived, with the years when they are known (calendar years)."""

    code: str
    kind: ExperienceKind
    year_from: int | None = None
    year_to: int | None = None

    @property
    def last_year(self) -> int | None:
        """The last known year of the experience; None when undated or still going on unknown."""
        return self.year_to if self.year_to is not None else self.year_from


@dataclass(frozen=True, slots=True)
class PeerOffer:
    """What one peer can give now.

    `capacity` is the number of free places now, `load` the number of persons carried now.
    `sites_ready` None means readiness does not depend on the site; an empty set means ready nowhere.
    `refuses` holds the codes of the limits passport (topics, stages, situations, conditions).
    """

    id: str
    capacity: int = 1
    load: int = 0
    role: Role = "patient"
    paused: bool = False
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    territory: str | None = None
    in_person_in: frozenset[str] = frozenset()
    experiences: tuple[Experience, ...] = ()
    stages: frozenset[str] = frozenset()
    age: int | None = None
    age_at_diagnosis: int | None = None
    gender: str | None = None
    relation: str | None = None
    sites_ready: frozenset[str] | None = None
    refuses: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    pairs_12_months: int = 0
    days_since_last_pair: int | None = None
    place_of_care: str | None = None
    town: str | None = None
    employer: str | None = None

    def __post_init__(self) -> None:
        if self.capacity < 0 or self.load < 0 or self.pairs_12_months < 0:
            raise ValueError(f"peer {self.id}: capacity, load and pairs cannot be negative")
        _check_channels(self.id, self.channels)

    def codes(self, *kinds: str) -> frozenset[str]:
        """The codes lived, of the kinds asked (all kinds when none is named)."""
        return frozenset([e.code for e in self.experiences if not kinds or e.kind in kinds])


@dataclass(frozen=True, slots=True)
class Need:
    """What one person asks for.

    `priority_in_days` is the number of days to a fixed date (an operation), None without one.
    `asked_points` are the points of `rules.POINTS` the person said matter most, in her order.
    `recruited` are the peers looked for because of this very need: shown first among those possible, and preferred when
    all who wait are looked at together.
    The three `not_same_*`, `refused_genders` and `excluded_peers` are explicit exclusions: hard rules.
    """

    id: str
    role: Role = "patient"
    conditions: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    situations: frozenset[str] = frozenset()
    treatments: frozenset[str] = frozenset()
    stage: str | None = None
    age: int | None = None
    age_at_diagnosis: int | None = None
    relation: str | None = None
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    territory: str | None = None
    site: str | None = None
    place_of_care: str | None = None
    town: str | None = None
    employer: str | None = None
    slots: frozenset[str] = frozenset()
    gender_wish: str | None = None
    age_wish: tuple[int, int] | None = None
    refused_genders: frozenset[str] = frozenset()
    not_same_site: bool = False
    not_same_town: bool = False
    not_same_employer: bool = False
    excluded_peers: frozenset[str] = frozenset()
    waited_days: int = 0
    priority_in_days: int | None = None
    asked_points: tuple[str, ...] = ()
    recruited: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.waited_days < 0:
            raise ValueError(f"need {self.id}: waited_days cannot be negative")
        _check_channels(self.id, self.channels)


@dataclass(frozen=True, slots=True)
class Reference:
    """The maps shared by all pairs.

    `families`: condition code -> family code, for "not the same illness, a near one".
    `neighbours`: territory -> territories next to it (read in both directions).
    `protocol_years`: treatment code -> year the present treatment came in; an experience that ended
    before that year is "before the present treatment".
    """

    families: Mapping[str, str] = field(default_factory=dict)
    neighbours: Mapping[str, frozenset[str]] = field(default_factory=dict)
    protocol_years: Mapping[str, int] = field(default_factory=dict)

    def are_neighbours(self, one: str, other: str) -> bool:
        """Whether two territories touch; the map may give the border on either side."""
        return other in self.neighbours.get(one, ()) or one in self.neighbours.get(other, ())

    def families_of(self, conditions: frozenset[str]) -> frozenset[str]:
        """The families of these conditions; a condition without family has none."""
        return frozenset([self.families[c] for c in conditions if c in self.families])
