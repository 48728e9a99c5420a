"""Candidates by plain rules and by columns are the same, and the cut is proven by the prices."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vecu.accompaniment.matching import Assignment, CandidateTable, Experience, Need, PeerOffer, Row, Settings
from vecu.accompaniment.matching.blocking import candidate_table, cut_table
from vecu.accompaniment.matching.candidates import ColumnSource, PlainSource, cut_row, plain_row, source
from vecu.accompaniment.matching.columns import encode
from vecu.accompaniment.matching.table import NOT_CUT
from vecu.accompaniment.tests.matching.instances import instances, shaped
from vecu.accompaniment.tests.matching.oracle import flow_objective
from vecu.accompaniment.tests.matching.people import ALL_SETTINGS, crowd


def as_rows(table: CandidateTable) -> dict[str, tuple[int, dict[str, int], int]]:
    found = {}
    for i, name in enumerate(table.need_ids):
        low, high = table.start[i], table.start[i + 1]
        names = [table.peer_ids[j] for j in table.peer[low:high]]
        costs = dict(zip(names, table.cost[low:high].tolist(), strict=True))
        found[name] = (int(table.waiting[i]), costs, int(table.cut[i]))
    return found


@pytest.mark.parametrize("chosen", ALL_SETTINGS, ids=["anywhere", "neighbours"])
@pytest.mark.parametrize("seed", range(4))
def test_columns_equal_plain_rules(seed: int, chosen: Settings) -> None:
    rng = Random(seed)
    for _ in range(30):
        check_columns(*crowd(rng, 8, 10), chosen)


def check_columns(needs: list[Need], peers: list[PeerOffer], chosen: Settings) -> None:
    """Both sources give the same rows, cut and whole."""
    plain = PlainSource(needs, tuple(peers), chosen)
    bulk = ColumnSource(encode(needs, peers, chosen), chosen, needs, tuple(peers))
    assert as_rows(bulk.table()) == as_rows(plain.table())
    names = [n.id for n in needs[::2]]
    assert as_rows(bulk.whole(names)) == as_rows(plain.whole(names))


def test_those_recruited_for_a_need_cost_least_in_both() -> None:
    rng, changed = Random(7), 0
    for _ in range(10):
        needs, peers = crowd(rng, 8, 10)
        needs = [
            replace(need, recruited=frozenset(rng.sample([p.id for p in peers], min(2, len(peers))))) for need in needs
        ]
        for chosen in ALL_SETTINGS:
            check_columns(needs, peers, chosen)
        for need in needs:
            row = plain_row(need, peers, ALL_SETTINGS[0])
            changed += len(need.recruited & row.costs.keys())
            assert all(row.costs[peer] == 1 for peer in need.recruited & row.costs.keys())
    assert changed


def test_the_whole_prefers_them_but_nobody_waits_for_it() -> None:
    lived = (Experience("ms", "illness", 2015),)
    near, came = PeerOffer("near", 1, experiences=lived), PeerOffer("came", 1)
    asked = Need("asked", conditions=frozenset({"ms"}), languages=frozenset({"fr"}))
    assert Assignment([asked], [near, came]).peer_of("asked") == "near"
    asked = replace(asked, recruited=frozenset({"came"}))
    assert Assignment([asked], [near, came]).peer_of("asked") == "came"
    other = Need("other", excluded_peers=frozenset({"near"}))
    plan = Assignment([asked, other], [near, came])
    assert (plan.peer_of("asked"), plan.peer_of("other")) == ("near", "came")


@settings(max_examples=60, deadline=None)
@given(instances(most_needs=4), st.integers(0, 4))
def test_both_cuts_keep_the_same(instance: tuple, best: int) -> None:
    rows, peers = instance
    places = [(name, capacity, load) for name, capacity, load in peers]
    cut = [cut_row(row, best) for row in rows]
    expected = CandidateTable.from_rows([row for row, _ in cut], places, [lowest for _, lowest in cut])
    assert as_rows(cut_table(CandidateTable.from_rows(rows, places), best)) == as_rows(expected)


class CutSource:
    """A source with lists cut so short that the cut matters."""

    peers = ()

    def __init__(self, table: CandidateTable, best: int) -> None:
        self._rows = {name: Row(name, waiting, costs) for name, (waiting, costs, _) in as_rows(table).items()}
        self._places = list(zip(table.peer_ids, table.capacity.tolist(), table.load.tolist(), strict=True))
        self._cut = cut_table(table, best)

    def table(self) -> CandidateTable:
        return self._cut

    def whole(self, names: list[str]) -> CandidateTable:
        return CandidateTable.from_rows([self._rows[name] for name in names], self._places)


@pytest.mark.parametrize("shape", [(60, 100, 12, 300, 3), (60, 400, 12, 300, 3)])
@pytest.mark.parametrize("best", [1, 3])
def test_prices_put_back_what_the_cut_lost(shape: tuple[int, ...], best: int) -> None:
    table = shaped(4, *shape)
    cut = CutSource(table, best)
    assert (cut.table().cut < NOT_CUT).any()
    blind = Assignment.from_table(cut.table(), Settings(fair_load=7))
    proven = Assignment.from_table(cut.table(), Settings(fair_load=7), source=cut)
    assert proven.objective == flow_objective(table, 7)
    assert blind.objective > proven.objective
    assert proven.prove() == 0


def test_a_large_instance_goes_through_columns() -> None:
    peers = [PeerOffer(f"p{at}") for at in range(80)]
    needs = [Need(f"n{at}") for at in range(80)]
    chosen = Settings()
    assert isinstance(source(needs, peers, chosen), ColumnSource)
    assert isinstance(source(needs[:2], peers, chosen), PlainSource)
    plan = Assignment(needs, peers, replace(chosen, best=50))
    assert not plan.solution().waiting


def test_nobody_at_all() -> None:
    table = candidate_table(encode([], [], Settings()), Settings(), best=5)
    assert list(table.need_ids) == []
    assert Assignment([], []).solution().objective == 0
    assert Assignment([Need("n")], []).why_waiting("n").code == "no_feasible_peer"
    assert Assignment([], [PeerOffer("p")]).price("p").saves == 0
