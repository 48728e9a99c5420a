"""The words: every proposal lists its reasons, old treatments are dated, and waiting has a why."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from vecu.accompaniment.matching import (
    POINTS,
    Assignment,
    Experience,
    Need,
    PeerOffer,
    Reference,
    Settings,
    explain,
    shortlist,
)
from vecu.accompaniment.tests.matching.people import ALL_SETTINGS, crowd

NADIA = Need(
    "nadia",
    conditions=frozenset({"ms"}),
    situations=frozenset({"work"}),
    slots=frozenset({"tue_am", "thu_am"}),
    territory="87",
    asked_points=("condition", "situation", "slots", "place", "load"),
)
HELENE = PeerOffer(
    "helene",
    capacity=2,
    load=1,
    experiences=(Experience("ms", "illness", 2015), Experience("work", "situation")),
    slots=frozenset({"tue_am", "thu_am"}),
    territory="19",
    days_since_last_pair=20,
)
MARC = replace(HELENE, id="marc", slots=frozenset({"fri_pm"}), territory="87", days_since_last_pair=100)
AICHA = replace(HELENE, id="aicha", load=0, experiences=(Experience("lupus", "illness"), HELENE.experiences[1]))
SETTINGS = Settings(
    reference=Reference(
        families={"ms": "autoimmune", "lupus": "autoimmune"},
        neighbours={"87": frozenset({"19"})},
        protocol_years={"biotherapy": 2018},
    )
)


def test_the_points_asked_come_first_and_none_is_missing() -> None:
    words = explain(NADIA, HELENE, SETTINGS)
    assert [r.point for r in words.reasons[:5]] == list(NADIA.asked_points)
    assert [r.verdict for r in words.reasons[:4]] == ["yes", "yes", "yes", "partly"]
    assert all(r.asked for r in words.reasons[:5])
    assert sorted(r.point for r in words.reasons) == sorted(POINTS)
    assert words.reasons[0].params == {"shared": ("ms",), "since": {"ms": 2015}}
    assert explain(NADIA, MARC, SETTINGS).verdict("slots") == "no"
    assert explain(NADIA, AICHA, SETTINGS).verdict("condition") == "partly"
    assert words.verdict("wish_gender") == "unknown"


@pytest.mark.parametrize("seed", range(3))
def test_every_proposal_lists_every_reason_and_no_number_of_the_engine(seed: int) -> None:
    rng = Random(seed)
    for _ in range(20):
        needs, peers = crowd(rng, 4, 8)
        for person in needs:
            listed = shortlist(person, peers, ALL_SETTINGS[0])
            told = (*listed.best, *listed.others, *listed.stopped)
            assert {words.peer for words in told} == {peer.id for peer in peers}
            assert not any(words.blocks for words in (*listed.best, *listed.others))
            assert all(words.blocks for words in listed.stopped)
            for words in told:
                assert sorted(r.point for r in words.reasons) == sorted(POINTS)
                assert all(r.code for r in words.reasons)
                assert not {"level", "cost", "score"} & {key for r in words.reasons for key in r.params}


def test_an_old_treatment_is_dated_and_what_remains_is_said() -> None:
    person = replace(NADIA, treatments=frozenset({"biotherapy"}), stage="after")
    treated = Experience("biotherapy", "treatment", 2009, 2011)
    old = replace(HELENE, experiences=(*HELENE.experiences, treated), stages=frozenset({"after"}))
    reason = next(r for r in explain(person, old, SETTINGS).reasons if r.point == "treatments")
    assert (reason.code, reason.verdict) == ("treated_before_present_protocol", "partly")
    assert reason.params["changed"] == (("biotherapy", 2011, 2018),)
    assert reason.params["still_shared"] == ("after", "ms", "work")
    again = replace(old, experiences=(*old.experiences, Experience("biotherapy", "treatment", 2022)))
    assert explain(person, again, SETTINGS).verdict("treatments") == "yes"


def test_shortlist_ranks_shares_and_ignores_the_order_of_peers() -> None:
    full = replace(HELENE, id="full", capacity=0)
    peers = [AICHA, full, MARC, HELENE]
    listed = shortlist(NADIA, peers, SETTINGS, size=2)
    assert listed.best[0].peer == "helene"
    assert len(listed.best) == 2
    assert len(listed.others) == 1
    assert [(w.peer, w.blocks[0].rule) for w in listed.stopped] == [("full", "full")]
    assert shortlist(NADIA, peers[::-1], SETTINGS, size=2) == listed
    assert "helene" not in {w.peer for w in shortlist(NADIA, peers, SETTINGS, forbidden=["helene"]).best}


def test_rested_and_less_used_first() -> None:
    used = replace(HELENE, id="used", pairs_12_months=6, days_since_last_pair=5)
    rested = replace(HELENE, id="rested", load=0, days_since_last_pair=120)
    assert shortlist(NADIA, [used, rested], SETTINGS).best[0].peer == "rested"


def test_waits_because_nobody_is_possible() -> None:
    peers = [replace(HELENE, paused=True), replace(MARC, role="relative", paused=True)]
    waiting = Assignment([NADIA], peers, SETTINGS).why_waiting("nadia")
    assert waiting.code == "no_feasible_peer"
    assert waiting.params == {"eliminated": {"paused": 2, "role": 1}}
    plan = Assignment([NADIA], [MARC], SETTINGS, forbidden=[("nadia", "marc")])
    assert plan.why_waiting("nadia").params == {"eliminated": {"forbidden": 1}}


def test_waits_because_all_are_full() -> None:
    needs = [replace(NADIA, id=f"n{at}", waited_days=at) for at in range(3)]
    plan = Assignment(needs, [HELENE], SETTINGS)
    waiting = plan.why_waiting("n0")
    assert waiting.code == "all_full"
    (price,) = waiting.params["peers"]
    assert price == plan.price("helene")
    before = plan.objective
    plan.change_capacity("helene", 3)
    assert before - plan.objective == price.saves > 0
    with pytest.raises(ValueError, match="does not wait"):
        plan.why_waiting("n0")


def test_waits_because_a_place_costs_more_than_waiting() -> None:
    dear = replace(SETTINGS, waiting_base=1)
    waiting = Assignment([NADIA], [HELENE], dear).why_waiting("nadia")
    assert waiting.code == "could_be_served_but_costs_more"
    assert waiting.params["peers"][0].saves == 0


def test_exclusions_limits_and_roles_hold_in_the_assignment() -> None:
    rng = Random(4)
    for _ in range(30):
        needs, peers = crowd(rng, 8, 8)
        plan = Assignment(needs, peers, ALL_SETTINGS[1])
        people = {person.id: person for person in (*needs, *peers)}
        for person, offer in plan.solution().pairs.items():
            assert not explain(people[person], people[offer], ALL_SETTINGS[1]).blocks
            assert people[person].role == people[offer].role
            assert offer not in people[person].excluded_peers
