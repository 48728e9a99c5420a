"""The soft points of a pair: one function a point, each gives a level and the words' codes.

A level runs from 0 (as wished) to 100 (not at all). `NEUTRAL` is the level of what was not told, by
either side. Levels stay inside the engine; only verdict, code and params leave it (see `explain`).
The same levels are computed over arrays in `columns`; a test keeps both equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from vecu.accompaniment.matching.instance import Need, PeerOffer, Reference

Verdict = Literal["yes", "partly", "no", "unknown"]

NEUTRAL = 50
NEAR_FAMILY = 40
NEIGHBOURING = 40
ONE_SLOT = 20
#: Level at or under which a point reads "yes", and at or under which it reads "partly".
YES_UP_TO = 20
PARTLY_UP_TO = 60
#: Years of difference that cost nothing, then levels a year.
DIAGNOSIS_FREE_YEARS, DIAGNOSIS_PER_YEAR = 2, 5
AGE_FREE_YEARS, AGE_PER_YEAR = 3, 4
WISH_PER_YEAR = 10
#: Load: share of places taken counts for 60, each pair of the last 12 months for 8.
LOAD_SHARE, LOAD_PER_PAIR = 60, 8
RESTED_AFTER_DAYS = 90


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one point says of a pair; `level` never leaves the engine."""

    point: str
    level: int
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
    known: bool = True

    @property
    def verdict(self) -> Verdict:
        """The verdict in words: yes, partly, no, or unknown when an answer is missing."""
        if not self.known:
            return "unknown"
        if self.level <= YES_UP_TO:
            return "yes"
        return "partly" if self.level <= PARTLY_UP_TO else "no"


@cache
def _untold(point: str, side: str) -> Judgement:
    """The same for all of whom nothing is told: most answers of most people are left out."""
    return Judgement(point, NEUTRAL, f"{point}_not_told_by_{side}", known=False)


def _missing(point: str, asked: object, offered: object) -> Judgement | None:
    """Neutral when either side told nothing (None or empty)."""
    for side, answer in (("person", asked), ("peer", offered)):
        if not answer and not isinstance(answer, int):  # zero years is an answer
            return _untold(point, side)
    return None


def condition(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Same illness, an illness of the same family, or another one."""
    lived = peer.codes("illness")
    if missing := _missing("condition", need.conditions, lived):
        return missing
    if shared := need.conditions & lived:
        dates = {e.code: e.year_from for e in peer.experiences if e.code in shared and e.year_from}
        return Judgement("condition", 0, "same_condition", {"shared": tuple(sorted(shared)), "since": dates})
    if families := ref.families_of(need.conditions) & ref.families_of(lived):
        params = {"families": tuple(sorted(families)), "lived": tuple(sorted(lived))}
        return Judgement("condition", NEAR_FAMILY, "near_condition", params)
    return Judgement("condition", 100, "other_condition", {"lived": tuple(sorted(lived))})


def _share(point: str, asked: frozenset[str], lived: frozenset[str]) -> Judgement:
    """The share of what is asked that was lived."""
    if missing := _missing(point, asked, lived):
        return missing
    shared, lacking = asked & lived, asked - lived
    level = 100 - 100 * len(shared) // len(asked)
    params = {"shared": tuple(sorted(shared)), "lacking": tuple(sorted(lacking))}
    if not shared:
        return Judgement(point, level, f"no_shared_{point}", params)
    return Judgement(point, level, f"some_shared_{point}" if lacking else f"all_shared_{point}", params)


def concerns(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """The share of the person's concerns that the peer lived (as a situation or an effect of treatment)."""
    return _share("concerns", need.concerns, peer.codes("situation", "treatment"))


def situation(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """The share of the person's family and work situations that the peer lived."""
    return _share("situation", need.situations, peer.codes("situation"))


def outdated_treatments(peer: PeerOffer, ref: Reference) -> dict[str, int]:
    """Treatment code -> last year lived, for treatments that ended before the present protocol.

    A treatment lived again since, or undated, is not outdated.
    """
    last: dict[str, int | None] = {}
    for e in peer.experiences:
        if e.kind == "treatment":
            seen, year = last.get(e.code, -1), e.last_year
            last[e.code] = None if year is None or seen is None else max(seen, year)
    return {code: year for code, year in last.items() if year is not None and year < ref.protocol_years.get(code, 0)}


def treatments(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """The share of treatments lived; one lived before the present protocol counts for half."""
    lived = peer.codes("treatment")
    if missing := _missing("treatments", need.treatments, lived):
        return missing
    shared = need.treatments & lived
    outdated = outdated_treatments(peer, ref)
    old = shared & outdated.keys()
    level = 100 - (100 * len(shared - old) + 50 * len(old)) // len(need.treatments)
    if not old:
        return _share("treatments", need.treatments, lived)
    changed = tuple((code, outdated[code], ref.protocol_years[code]) for code in sorted(old))
    params = {
        "changed": changed,
        "shared": tuple(sorted(shared - old)),
        "lacking": tuple(sorted(need.treatments - lived)),
        "still_shared": still_shared(need, peer),
    }
    return Judgement("treatments", level, "treated_before_present_protocol", params)


def still_shared(need: Need, peer: PeerOffer) -> tuple[str, ...]:
    """What an old treatment does not change: illness, stages, concerns and situations in common."""
    told = need.conditions | need.concerns | need.situations | ({need.stage} if need.stage else set())
    lived = peer.codes("illness", "situation") | peer.stages
    return tuple(sorted(told & lived))


def stage(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Whether the peer has been through the stage the person is in."""
    if missing := _missing("stage", need.stage, peer.stages):
        return missing
    been = need.stage in peer.stages
    return Judgement("stage", 0 if been else 100, "same_stage" if been else "other_stage", {"stage": need.stage})


def relation(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Relatives: the same bond with the ill person (spouse, parent, child)."""
    if missing := _missing("relation", need.relation, peer.relation):
        return missing
    same = need.relation == peer.relation
    code = "same_relation" if same else "other_relation"
    return Judgement("relation", 0 if same else 100, code, {"relation": peer.relation})


def _years_apart(point: str, asked: int | None, lived: int | None, free: int, per_year: int) -> Judgement:
    """Years of difference: free up to `free` years, then `per_year` levels a year."""
    if asked is None or lived is None:
        return _untold(point, "person" if asked is None else "peer")
    apart = abs(asked - lived)
    level = min(100, per_year * max(0, apart - free))
    code = f"near_{point}" if level <= YES_UP_TO else f"far_{point}"
    return Judgement(point, level, code, {"years_apart": apart, "peer": lived})


def age_at_diagnosis(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """How near the ages at diagnosis are."""
    return _years_apart(
        "age_at_diagnosis",
        need.age_at_diagnosis,
        peer.age_at_diagnosis,
        DIAGNOSIS_FREE_YEARS,
        DIAGNOSIS_PER_YEAR,
    )


def age(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """How near the present ages are."""
    return _years_apart("age", need.age, peer.age, AGE_FREE_YEARS, AGE_PER_YEAR)


def wish_gender(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """The person's wish about the peer's gender (a wish, not an exclusion)."""
    if missing := _missing("wish_gender", need.gender_wish, peer.gender):
        return missing
    met = need.gender_wish == peer.gender
    code = "gender_as_wished" if met else "gender_not_as_wished"
    return Judgement("wish_gender", 0 if met else 100, code, {"wished": need.gender_wish})


def wish_age(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """The person's wish about the peer's age: inside the band, or how many years outside."""
    if need.age_wish is None or peer.age is None:
        return _untold("wish_age", "person" if need.age_wish is None else "peer")
    low, high = need.age_wish
    outside = max(low - peer.age, peer.age - high, 0)
    code = "age_outside_wish" if outside else "age_as_wished"
    return Judgement("wish_age", min(100, WISH_PER_YEAR * outside), code, {"band": need.age_wish, "peer": peer.age})


def slots(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Half-days in common: two or more are plenty, one will do, none is a difficulty."""
    if missing := _missing("slots", need.slots, peer.slots):
        return missing
    shared = need.slots & peer.slots
    level = 100 if not shared else ONE_SLOT if len(shared) == 1 else 0
    code = "slots_in_common" if shared else "no_slot_in_common"
    return Judgement("slots", level, code, {"shared": tuple(sorted(shared)), "peer": tuple(sorted(peer.slots))})


def place(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Same territory, a neighbouring one, or far."""
    if need.territory is None or peer.territory is None:
        return _untold("place", "person" if need.territory is None else "peer")
    params = {"territory": peer.territory}
    if need.territory == peer.territory or need.territory in peer.in_person_in:
        return Judgement("place", 0, "same_place", params)
    if ref.are_neighbours(need.territory, peer.territory):
        return Judgement("place", NEIGHBOURING, "neighbouring_place", params)
    return Judgement("place", 100, "far_place", params)


def load(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Less used first: share of places taken now and pairs in the last 12 months."""
    places = peer.load + peer.capacity
    share = LOAD_SHARE * peer.load // places if places else 0
    level = min(100, share + LOAD_PER_PAIR * peer.pairs_12_months)
    params = {"carried": peer.load, "places": places, "pairs_12_months": peer.pairs_12_months}
    return Judgement("load", level, "carries_few" if level <= YES_UP_TO else "carries_several", params)


def rest(need: Need, peer: PeerOffer, ref: Reference) -> Judgement:
    """Rested first: days since the last pair began, up to three months."""
    days = peer.days_since_last_pair
    if days is None:
        return _untold("rest", "peer")
    level = 100 * (RESTED_AFTER_DAYS - min(max(days, 0), RESTED_AFTER_DAYS)) // RESTED_AFTER_DAYS
    return Judgement("rest", level, "rested" if level <= YES_UP_TO else "recently_paired", {"days": days})


#: Point -> how it is judged; the names are those of `weights.POINTS`.
JUDGES: Mapping[str, Callable[[Need, PeerOffer, Reference], Judgement]] = {
    judge.__name__: judge
    for judge in (
        condition, concerns, age_at_diagnosis, treatments, situation, stage, relation,
        wish_gender, wish_age, age, slots, place, load, rest,
    )
}  # fmt: skip
