"""Invented people by hypothesis: every optional answer may be missing."""

from __future__ import annotations

from hypothesis import strategies as st

from vecu.accompaniment.matching import POINTS, Experience, Need, PeerOffer, Reference, Settings

CONDITIONS = ["ms", "lupus", "arthritis", "breast_cancer"]
TREATMENTS = ["chemo", "radio", "biotherapy"]
SITUATIONS = ["work", "children", "alone"]
STAGES = ["diagnosis", "treatment", "after"]
TERRITORIES = ["87", "19", "23", "44"]
GENDERS = ["f", "m"]
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


def some(codes: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(codes), max_size=3)


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


years = maybe(st.integers(2000, 2025))
experiences = st.one_of(
    *(
        st.builds(Experience, st.sampled_from(codes), st.just(kind), years, years)
        for codes, kind in ((CONDITIONS, "illness"), (TREATMENTS, "treatment"), (SITUATIONS, "situation"))
    )
)
roles = st.sampled_from(["patient", "patient", "patient", "relative"])
channels = some(["phone", "video", "writing", "in_person"])
ages = maybe(st.integers(15, 90))


def peer(name: str) -> st.SearchStrategy[PeerOffer]:
    return st.builds(
        PeerOffer,
        id=st.just(name),
        capacity=st.integers(0, 3),
        load=st.integers(0, 3),
        role=roles,
        paused=st.sampled_from([False, False, False, True]),
        languages=some(["fr", "en", "ar"]),
        channels=channels,
        territory=maybe(st.sampled_from(TERRITORIES)),
        in_person_in=some(TERRITORIES),
        experiences=st.lists(experiences, max_size=5).map(tuple),
        stages=some(STAGES),
        age=ages,
        age_at_diagnosis=ages,
        gender=maybe(st.sampled_from(GENDERS)),
        relation=maybe(st.sampled_from(["spouse", "parent"])),
        sites_ready=maybe(some(["chu", "clinic"])),
        refuses=some(["after", "children", "lupus"]) | st.just(frozenset()),
        slots=some(["tue_am", "thu_am", "fri_pm"]),
        pairs_12_months=st.integers(0, 9),
        days_since_last_pair=maybe(st.integers(0, 200)),
        place_of_care=maybe(st.sampled_from(["chu", "clinic"])),
        town=maybe(st.sampled_from(["limoges", "tulle"])),
        employer=maybe(st.sampled_from(["bank", "school"])),
    )


def need(name: str) -> st.SearchStrategy[Need]:
    return st.builds(
        Need,
        id=st.just(name),
        role=roles,
        conditions=some(CONDITIONS),
        concerns=some(SITUATIONS + TREATMENTS),
        situations=some(SITUATIONS),
        treatments=some(TREATMENTS),
        stage=maybe(st.sampled_from(STAGES)),
        age=ages,
        age_at_diagnosis=ages,
        relation=maybe(st.sampled_from(["spouse", "parent"])),
        languages=some(["fr", "en", "br"]),
        channels=channels,
        territory=maybe(st.sampled_from(TERRITORIES)),
        site=maybe(st.sampled_from(["chu", "clinic"])),
        place_of_care=maybe(st.sampled_from(["chu", "clinic"])),
        town=maybe(st.sampled_from(["limoges", "tulle"])),
        employer=maybe(st.sampled_from(["bank", "school"])),
        slots=some(["tue_am", "thu_am", "mon_am"]),
        gender_wish=maybe(st.sampled_from(GENDERS)),
        age_wish=maybe(st.sampled_from([(20, 40), (50, 65)])),
        refused_genders=some(GENDERS) | st.just(frozenset()),
        not_same_site=st.booleans(),
        not_same_town=st.booleans(),
        not_same_employer=st.booleans(),
        excluded_peers=some(PEER_IDS) | st.just(frozenset()),
        waited_days=st.integers(0, 300),
        priority_in_days=maybe(st.integers(0, 60)),
        asked_points=st.lists(st.sampled_from(POINTS), max_size=3).map(tuple),
    )


def crowd(make: object, prefix: str, most: int) -> st.SearchStrategy[list]:
    """Zero to `most` people with ids prefix0, prefix1, …"""
    return st.integers(0, most).flatmap(lambda n: st.tuples(*(make(f"{prefix}{i}") for i in range(n)))).map(list)
