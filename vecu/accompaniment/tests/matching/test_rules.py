"""Hard rules and soft points: each rule stops whom it must, and what was not told changes nothing."""

from __future__ import annotations

from dataclasses import fields, replace
from random import Random

import pytest

from vecu.accompaniment.matching import HARD_RULES, POINTS, Experience, Need, PeerOffer, Settings, Weights, rules
from vecu.accompaniment.matching.points import JUDGES, NEUTRAL
from vecu.accompaniment.tests.matching.people import ALL_SETTINGS, REFERENCE, need, peer

REMOTE = frozenset({"phone"})
FACE = frozenset({"in_person"})
STOPPED = {
    "role": (Need("n", role="relative"), PeerOffer("p")),
    "paused": (Need("n"), PeerOffer("p", paused=True)),
    "site": (Need("n", site="chu"), PeerOffer("p", sites_ready=frozenset())),
    "language": (Need("n", languages=frozenset({"ar"})), PeerOffer("p", languages=frozenset({"fr"}))),
    "channel": (Need("n", channels=REMOTE), PeerOffer("p", channels=FACE)),
    "distance": (Need("n", channels=FACE, territory="87"), PeerOffer("p", territory="19")),
    "excluded": (Need("n", excluded_peers=frozenset({"p"})), PeerOffer("p")),
    "gender": (Need("n", refused_genders=frozenset({"m"})), PeerOffer("p", gender="m")),
    "same_site": (Need("n", not_same_site=True, place_of_care="chu"), PeerOffer("p", place_of_care="chu")),
    "same_town": (Need("n", not_same_town=True, town="tulle"), PeerOffer("p", town="tulle")),
    "same_employer": (Need("n", not_same_employer=True, employer="bank"), PeerOffer("p", employer="bank")),
    "peer_limits": (Need("n", stage="palliative"), PeerOffer("p", refuses=frozenset({"palliative"}))),
}
#: Answers that are never optional: who it is, and what the programme itself knows.
KNOWN = {
    "id", "role", "capacity", "load", "paused", "pairs_12_months", "waited_days", "in_person_in",
}  # fmt: skip
#: Answer -> the points that become unknown without it.
POINTS_OF = {
    "conditions": ("condition",),
    "experiences": ("condition", "concerns", "treatments", "situation"),
    "concerns": ("concerns",),
    "situations": ("situation",),
    "treatments": ("treatments",),
    "stage": ("stage",),
    "stages": ("stage",),
    "age": ("age", "wish_age"),
    "age_at_diagnosis": ("age_at_diagnosis",),
    "relation": ("relation",),
    "slots": ("slots",),
    "gender": ("wish_gender",),
    "gender_wish": ("wish_gender",),
    "age_wish": ("wish_age",),
    "territory": ("place",),
    "days_since_last_pair": ("rest",),
}


def test_every_rule_is_tried_here() -> None:
    assert set(STOPPED) == set(HARD_RULES)


@pytest.mark.parametrize("rule", STOPPED)
def test_each_rule_stops(rule: str) -> None:
    person, offer = STOPPED[rule]
    assert [block.rule for block in rules.blocks(person, offer, Settings())] == [rule]
    assert not rules.is_allowed(person, offer, Settings())


def test_a_full_peer_is_stopped_but_stays_a_candidate() -> None:
    person, offer = Need("n"), PeerOffer("p", capacity=0, load=2)
    assert [block.rule for block in rules.blocks(person, offer, Settings())] == ["full"]
    assert rules.is_allowed(person, offer, Settings())


def test_face_to_face_asks_for_the_place_and_a_phone_does_not() -> None:
    person = Need("n", channels=FACE | REMOTE, territory="87")
    near = PeerOffer("p", channels=FACE, territory="19", in_person_in=frozenset({"87"}))
    far = PeerOffer("p", channels=FACE | REMOTE, territory="44")
    anywhere, neighbours = ALL_SETTINGS
    assert rules.is_allowed(person, near, anywhere)
    assert not rules.is_allowed(person, replace(near, in_person_in=frozenset()), anywhere)
    assert rules.is_allowed(person, far, anywhere)
    assert not rules.is_allowed(person, far, neighbours)
    assert rules.is_allowed(person, replace(far, territory="19"), neighbours)


@pytest.mark.parametrize("chosen", ALL_SETTINGS, ids=["anywhere", "neighbours"])
@pytest.mark.parametrize("side", ["need", "peer"])
def test_a_missing_answer_never_counts_against_anyone(side: str, chosen: Settings) -> None:
    rng, blank = Random(5), {"need": Need("n1"), "peer": PeerOffer("p1")}[side]
    optional = [f.name for f in fields(blank) if f.name not in KNOWN]
    for _ in range(120):
        pair = {"need": need(rng, "n1"), "peer": peer(rng, "p1")}
        before = {block.rule for block in rules.blocks(*pair.values(), chosen)}
        for name in optional:
            untold = pair | {side: replace(pair[side], **{name: getattr(blank, name)})}
            after = {block.rule for block in rules.blocks(*untold.values(), chosen)}
            # silence on channels opens the channels, and with them only the question of distance
            assert after - before <= ({"distance"} if name == "channels" and "channel" in before else set())
            for point in POINTS_OF.get(name, ()):
                judged = JUDGES[point](*untold.values(), chosen.reference)
                if (side, name, point) == ("need", "age", "wish_age"):
                    continue  # a wish is about the peer's age
                assert (judged.level, judged.verdict) == (NEUTRAL, "unknown"), (name, point)


def test_nothing_told_costs_the_same_with_everybody() -> None:
    rng = Random(8)
    told_nothing = PeerOffer("p")
    costs = {rules.cost(replace(need(rng, "n"), asked_points=()), told_nothing, Settings()) for _ in range(50)}
    assert len(costs) == 1


def test_cost_stays_between_its_bounds() -> None:
    rng = Random(2)
    found = [rules.cost(need(rng, "n"), peer(rng, "p"), ALL_SETTINGS[0]) for _ in range(400)]
    assert min(found) >= rules.LOWEST_COST
    assert max(found) <= rules.HIGHEST_COST
    assert max(found) - min(found) > 200


def test_the_nearer_peer_is_cheaper_on_each_point() -> None:
    person = Need(
        "n", conditions=frozenset({"ms"}), concerns=frozenset({"work", "children"}), stage="after", age=50,
        age_at_diagnosis=45, gender_wish="f", age_wish=(45, 60), territory="87", relation="spouse",
        treatments=frozenset({"biotherapy"}), situations=frozenset({"work"}), slots=frozenset({"tue_am"}),
    )  # fmt: skip
    lived = (Experience("ms", "illness"), Experience("biotherapy", "treatment", 2021, 2023))
    lived += (Experience("work", "situation"), Experience("children", "situation"))
    ideal = PeerOffer(
        "p", experiences=lived, stages=frozenset({"after"}), age=52, age_at_diagnosis=44, gender="f",
        territory="87", relation="spouse", slots=frozenset({"tue_am"}), days_since_last_pair=200,
    )  # fmt: skip
    worse = {
        "condition": {"experiences": (Experience("lupus", "illness"), *lived[1:])},
        "concerns": {"experiences": lived[:3]},
        "treatments": {"experiences": (lived[0], Experience("biotherapy", "treatment", 2009, 2011), *lived[2:])},
        "stage": {"stages": frozenset({"diagnosis"})},
        "age": {"age": 30},
        "age_at_diagnosis": {"age_at_diagnosis": 20},
        "wish_gender": {"gender": "m"},
        "wish_age": {"age": 75},
        "place": {"territory": "19"},
        "relation": {"relation": "parent"},
        "situation": {"experiences": (lived[0], lived[1], lived[3])},
        "slots": {"slots": frozenset({"fri_pm"})},
        "rest": {"days_since_last_pair": 3},
        "load": {"load": 2, "pairs_12_months": 4},
    }
    assert set(worse) == set(POINTS)
    chosen = Settings(reference=REFERENCE)
    for point, changed in worse.items():
        other = replace(ideal, **changed)
        assert rules.cost(person, other, chosen) > rules.cost(person, ideal, chosen), point
        asked = replace(person, asked_points=(point,))
        dearer = rules.cost(asked, other, chosen) - rules.cost(asked, ideal, chosen)
        assert dearer > rules.cost(person, other, chosen) - rules.cost(person, ideal, chosen), point


def test_waiting_price_grows_with_days_and_with_a_near_date() -> None:
    chosen = Settings()
    assert chosen.waiting_price(Need("n")) == 1200
    assert chosen.waiting_price(Need("n", waited_days=10)) == 1240
    assert chosen.waiting_price(Need("n", priority_in_days=60)) == 1200
    assert chosen.waiting_price(Need("n", priority_in_days=15)) == 1400
    assert chosen.waiting_price(Need("n", priority_in_days=0)) == 1600


def test_wrong_input_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        PeerOffer("p", capacity=-1)
    with pytest.raises(ValueError, match="negative"):
        Need("n", waited_days=-1)
    with pytest.raises(ValueError, match="pigeon"):
        Need("n", channels=frozenset({"pigeon"}))
    with pytest.raises(ValueError, match="weights"):
        Weights(condition=-1)
