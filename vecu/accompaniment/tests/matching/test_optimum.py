"""The cold solve equals independent solvers to the unit, whatever the shape and the order."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vecu.accompaniment.matching import Assignment, CandidateTable, Row, Settings, cold
from vecu.accompaniment.matching.network import Network
from vecu.accompaniment.matching.table import TIE, id_hash, scaled_cost, scaled_costs, tie_digits
from vecu.accompaniment.tests.matching.instances import Places, instances, shaped
from vecu.accompaniment.tests.matching.oracle import assert_prices_prove_it, brute_objective, flow_objective

SHAPES = {
    "clinic": (20, 50, 6, 1000, 5),
    "spare": (200, 150, 8, 1000, 5),
    "balanced": (300, 600, 8, 1000, 4),
    "oversubscribed": (300, 3000, 10, 1000, 4),
    "ties": (200, 1500, 8, 3, 3),
    "dense": (60, 500, 40, 1000, 6),
    "unit": (400, 1200, 6, 200, 1),
}


def solved(table: CandidateTable, fair_load: int, **options: object) -> Assignment:
    return Assignment.from_table(table, Settings(fair_load=fair_load), **options)


@pytest.mark.parametrize("fair_load", [0, 40])
@pytest.mark.parametrize("shape", SHAPES)
def test_equals_min_cost_flow(shape: str, fair_load: int) -> None:
    for seed in range(2):
        table = shaped(seed, *SHAPES[shape])
        assignment = solved(table, fair_load)
        assert assignment.objective == flow_objective(table, fair_load)
        assert_prices_prove_it(assignment.network)


@settings(max_examples=60, deadline=None)
@given(instances(most_needs=5), st.sampled_from([0, 1, 3]))
def test_equals_brute_force(instance: tuple[list[Row], Places], fair_load: int) -> None:
    table = CandidateTable.from_rows(*instance)
    assert solved(table, fair_load).objective == brute_objective(table, fair_load)


@pytest.mark.parametrize("shape", ["ties", "balanced"])
def test_bulk_prices_change_nothing(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = shaped(5, *SHAPES[shape])
    bulk = solved(table, 3).solution()
    monkeypatch.setattr(cold, "BULK_FROM_EDGES", 1 << 60)
    assert solved(table, 3).solution() == bulk


@settings(max_examples=60, deadline=None)
@given(instances(), st.randoms(use_true_random=False), st.sampled_from([0, 2]))
def test_order_of_input_changes_nothing(instance: tuple[list[Row], Places], rng: random.Random, fair_load: int) -> None:
    rows, peers = instance
    expected = solved(CandidateTable.from_rows(rows, peers), fair_load).solution()
    mixed = [Row(row.id, row.waiting, dict(_shuffled(rng, row.costs.items()))) for row in _shuffled(rng, rows)]
    found = solved(CandidateTable.from_rows(mixed, _shuffled(rng, peers)), fair_load).solution()
    assert found.pairs == expected.pairs
    assert found.objective == expected.objective


def test_order_of_a_large_input_changes_nothing() -> None:
    table = shaped(9, *SHAPES["ties"])
    rows, peers = _unpacked(table)
    expected = solved(table, 1).solution()
    rng = random.Random(3)
    found = solved(CandidateTable.from_rows(_shuffled(rng, rows), _shuffled(rng, peers)), 1).solution()
    assert found.pairs == expected.pairs


def test_current_pairs_stay_when_they_are_as_good() -> None:
    table = shaped(11, *SHAPES["ties"])
    free = solved(table, 1).solution()
    rows, peers = _unpacked(table)
    other = CandidateTable.from_rows([Row(f"x{row.id}", row.waiting, row.costs) for row in rows], peers)
    as_good = {need[1:]: peer for need, peer in solved(other, 1).solution().pairs.items()}
    assert as_good != free.pairs  # other ids break ties elsewhere, at the same objective
    again = solved(table, 1, current=as_good).solution()
    assert again.pairs == as_good
    assert again.objective == free.objective


def test_prices_that_leapt_too_high_come_down_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold, "BULK_FROM_EDGES", 0)
    monkeypatch.setattr(cold, "LEAPS_TO_WAITING", 1)
    monkeypatch.setattr(cold, "LET_DOWN", 0)
    offered = []
    offer_place = Network.offer_place
    monkeypatch.setattr(Network, "offer_place", lambda self, peer: (offered.append(peer), offer_place(self, peer)))
    for seed in range(3):
        table = shaped(seed, 60, 200, 6, 300, 3)
        assignment = solved(table, 5)
        assert assignment.objective == flow_objective(table, 5)
        assert_prices_prove_it(assignment.network)
    assert offered


@settings(max_examples=40, deadline=None)
@given(instances(most_needs=4))
def test_the_digits_of_a_pair_are_the_same_alone_and_in_bulk(instance: tuple[list[Row], Places]) -> None:
    rows, peers = instance
    current = {row.id: peers[0][0] for row in rows[::2]}
    table = CandidateTable.from_rows(rows, peers)
    alone = [scaled_cost(row.id, peer, cost, current) for row in rows for peer, cost in row.costs.items()]
    assert scaled_costs(table, current).tolist() == alone
    digits = [tie_digits(id_hash(f"n{a}"), id_hash(f"p{b}")) for a in range(20) for b in range(20)]
    assert len(set(digits)) > 395
    assert 1 <= min(digits) <= max(digits) < TIE


def test_too_many_pairs_are_refused() -> None:
    table = CandidateTable.from_rows([Row("n", 5, {"p": 1})], [("p", 1, 0)])
    import vecu.accompaniment.matching.solver as solver

    limit = solver.MOST_PAIRS
    try:
        solver.MOST_PAIRS = 0
        with pytest.raises(ValueError, match="split"):
            solved(table, 0)
    finally:
        solver.MOST_PAIRS = limit


def _shuffled(rng: random.Random, items: object) -> list:
    items = list(items)
    rng.shuffle(items)
    return items


def _unpacked(table: CandidateTable) -> tuple[list[Row], Places]:
    rows = []
    for i, name in enumerate(table.need_ids):
        low, high = table.start[i], table.start[i + 1]
        names = [table.peer_ids[j] for j in table.peer[low:high]]
        costs = dict(zip(names, table.cost[low:high].tolist(), strict=True))
        rows.append(Row(name, int(table.waiting[i]), costs))
    places = zip(table.peer_ids, table.capacity.tolist(), table.load.tolist(), strict=True)
    return rows, list(places)
