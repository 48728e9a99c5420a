"""Invented people drawn by seed: every optional answer may be missing."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

from vecu.accompaniment.matching import POINTS, Experience, Need, PeerOffer, Reference, Settings

CONDITIONS = ["ms", "lupus", "arthritis", "breast_cancer"]
TREATMENTS = ["chemo", "radio", "biotherapy"]
SITUATIONS = ["work", "children", "alone"]
STAGES = ["diagnosis", "treatment", "after"]
TERRITORIES = ["87", "19", "23", "44"]
GENDERS = ["f", "m"]
RELATIONS = ["spouse", "parent"]
PLACES = ["chu", "clinic"]
TOWNS = ["limoges", "tulle"]
EMPLOYERS = ["bank", "school"]
T = TypeVar("T")
PEER_IDS = [f"p{at}" for at in range(6)]

REFERENCE = Reference(
    families={"ms": "autoimmune", "lupus": "autoimmune", "arthritis": "autoimmune"},
    neighbours={"87": frozenset({"19", "23"})},
    protocol_years={"chemo": 2015, "biotherapy": 2020},
)
ALL_SETTINGS = [
    Settings(reference=REFERENCE, remote_reach="anywhere", best=3),
    Settings(reference=REFERENCE, remote_reach="neighbours", asked_factor=3),
]


CHANNELS = ["phone", "video", "writing", "in_person"]
KINDS = (("illness", CONDITIONS), ("treatment", TREATMENTS), ("situation", SITUATIONS))


def some(rng: Random, codes: Sequence[str]) -> frozenset[str]:
    """None to three of these codes."""
    return frozenset(rng.sample(codes, rng.randint(0, min(3, len(codes)))))


def maybe(rng: Random, values: Sequence[T]) -> T | None:
    """One of these, or None (not told)."""
    return None if rng.random() < 0.3 else rng.choice(values)


def seldom(rng: Random, codes: Sequence[str]) -> frozenset[str]:
    """Mostly nothing."""
    return some(rng, codes) if rng.random() < 0.3 else frozenset()


def _experience(rng: Random) -> Experience:
    kind, codes = rng.choice(KINDS)
    years = range(2000, 2026)
    return Experience(rng.choice(codes), kind, maybe(rng, years), maybe(rng, years))


def peer(rng: Random, name: str) -> PeerOffer:
    """A peer who told some things and not others."""
    return PeerOffer(
        id=name,
        capacity=rng.randint(0, 3),
        load=rng.randint(0, 3),
        role="relative" if rng.random() < 0.25 else "patient",
        paused=rng.random() < 0.1,
        languages=some(rng, ["fr", "en", "ar"]),
        channels=some(rng, CHANNELS),
        territory=maybe(rng, TERRITORIES),
        in_person_in=seldom(rng, TERRITORIES),
        experiences=tuple(_experience(rng) for _ in range(rng.randint(0, 6))),
        stages=some(rng, STAGES),
        age=maybe(rng, range(15, 91)),
        age_at_diagnosis=maybe(rng, range(15, 91)),
        gender=maybe(rng, GENDERS),
        relation=maybe(rng, RELATIONS),
        sites_ready=frozenset(some(rng, PLACES)) if rng.random() < 0.5 else None,
        refuses=seldom(rng, ["after", "children", "lupus"]),
        slots=some(rng, ["tue_am", "thu_am", "fri_pm"]),
        pairs_12_months=rng.randint(0, 9),
        days_since_last_pair=maybe(rng, range(200)),
        place_of_care=maybe(rng, PLACES),
        town=maybe(rng, TOWNS),
        employer=maybe(rng, EMPLOYERS),
    )


def need(rng: Random, name: str) -> Need:
    """A person who told some things and not others."""
    return Need(
        id=name,
        role="relative" if rng.random() < 0.25 else "patient",
        conditions=some(rng, CONDITIONS),
        concerns=some(rng, SITUATIONS + TREATMENTS),
        situations=some(rng, SITUATIONS),
        treatments=some(rng, TREATMENTS),
        stage=maybe(rng, STAGES),
        age=maybe(rng, range(15, 91)),
        age_at_diagnosis=maybe(rng, range(15, 91)),
        relation=maybe(rng, RELATIONS),
        languages=some(rng, ["fr", "en", "br"]),
        channels=some(rng, CHANNELS),
        territory=maybe(rng, TERRITORIES),
        site=maybe(rng, PLACES),
        place_of_care=maybe(rng, PLACES),
        town=maybe(rng, TOWNS),
        employer=maybe(rng, EMPLOYERS),
        slots=some(rng, ["tue_am", "thu_am", "mon_am"]),
        gender_wish=maybe(rng, GENDERS),
        age_wish=maybe(rng, [(20, 40), (50, 65)]),
        refused_genders=seldom(rng, GENDERS),
        not_same_site=rng.random() < 0.3,
        not_same_town=rng.random() < 0.3,
        not_same_employer=rng.random() < 0.3,
        excluded_peers=seldom(rng, PEER_IDS),
        waited_days=rng.randint(0, 300),
        priority_in_days=maybe(rng, range(60)),
        asked_points=tuple(rng.sample(POINTS, rng.randint(0, 3))),
    )


def crowd(rng: Random, most_needs: int, most_peers: int) -> tuple[list[Need], list[PeerOffer]]:
    """Needs n0, n1, … and peers p0, p1, …, from nobody to the most."""
    needs = [need(rng, f"n{at}") for at in range(rng.randint(0, most_needs))]
    return needs, [peer(rng, f"p{at}") for at in range(rng.randint(0, most_peers))]
