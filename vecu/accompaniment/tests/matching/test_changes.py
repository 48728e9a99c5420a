"""Any sequence of changes leaves the assignment equal to a cold solve of the same situation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vecu.accompaniment.matching import Assignment, CandidateTable, Moved, Row, Settings
from vecu.accompaniment.tests.matching.instances import instances, rows
from vecu.accompaniment.tests.matching.oracle import assert_prices_prove_it, flow_objective

VERBS = ["insert", "remove", "change", "lock", "unlock", "forbid", "change_capacity"]


class Situation:
    """What a cold solve would be given: kept beside the assignment, change by change."""

    def __init__(self, needs: list[Row], peers: list[tuple[str, int, int]], fair_load: int) -> None:
        self.settings = Settings(fair_load=fair_load)
        self.rows = {row.id: row for row in needs}
        self.places = {name: (capacity, load) for name, capacity, load in peers}
        self.locks: dict[str, str] = {}
        self.forbidden: set[tuple[str, str]] = set()
        self.plan = self.cold()
        self.fresh = 100

    def table(self) -> CandidateTable:
        places = [(name, *numbers) for name, numbers in self.places.items()]
        return CandidateTable.from_rows(list(self.rows.values()), places)

    def cold(self) -> Assignment:
        return Assignment.from_table(self.table(), self.settings, locks=self.locks, forbidden=self.forbidden)

    def apply(self, verb: str, data: st.DataObject) -> tuple[Moved, ...] | None:
        """Draw and apply one change to both; None when it has no object."""
        return getattr(self, verb)(data)

    def _new_row(self, data: st.DataObject, name: str) -> Row:
        return data.draw(rows([(peer, 0, 0) for peer in self.places], name))

    def _free_need(self, data: st.DataObject) -> str | None:
        free = sorted(self.rows.keys() - self.locks.keys())
        return data.draw(st.sampled_from(free)) if free else None

    def insert(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        self.fresh += 1
        row = self._new_row(data, f"n{self.fresh}")
        self.rows[row.id] = row
        return self.plan.insert(row)

    def remove(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        if not self.rows:
            return None
        name = data.draw(st.sampled_from(sorted(self.rows)))
        del self.rows[name]
        self.locks.pop(name, None)
        return self.plan.remove(name)

    def change(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        if (name := self._free_need(data)) is None:
            return None
        self.rows[name] = self._new_row(data, name)
        return self.plan.change(self.rows[name])

    def lock(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        held = list(self.locks.values())
        open_peers = sorted(name for name, (n, _) in self.places.items() if held.count(name) < n)
        if not open_peers or (name := self._free_need(data)) is None:
            return None
        self.locks[name] = data.draw(st.sampled_from(open_peers))
        return self.plan.lock(name, self.locks[name])

    def unlock(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        if not self.locks:
            return None
        name = data.draw(st.sampled_from(sorted(self.locks)))
        del self.locks[name]
        return self.plan.unlock(name)

    def forbid(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        if (name := self._free_need(data)) is None:
            return None
        pair = (name, data.draw(st.sampled_from(sorted(self.places))))
        self.forbidden.add(pair)
        return self.plan.forbid(*pair)

    def change_capacity(self, data: st.DataObject) -> tuple[Moved, ...] | None:
        name = data.draw(st.sampled_from(sorted(self.places)))
        capacity = data.draw(st.integers(list(self.locks.values()).count(name), 4))
        self.places[name] = (capacity, self.places[name][1])
        return self.plan.change_capacity(name, capacity)


@settings(max_examples=100, deadline=None)
@given(instances(most_needs=7), st.sampled_from([0, 2]), st.data())
def test_changes_equal_a_cold_solve(instance: tuple, fair_load: int, data: st.DataObject) -> None:
    situation = Situation(*instance, fair_load)
    for verb in data.draw(st.lists(st.sampled_from(VERBS), max_size=10)):
        before = situation.plan.solution().pairs
        moved = situation.apply(verb, data)
        if moved is None:
            continue
        assert_prices_prove_it(situation.plan.network)
        found, expected = situation.plan.solution(), situation.cold().solution()
        assert found.objective == expected.objective
        assert found.pairs == expected.pairs
        assert {m.need: (m.before, m.after) for m in moved} == _difference(before, found.pairs)


def _difference(before: dict, after: dict) -> dict:
    everybody = before.keys() | after.keys()
    return {n: (before.get(n), after.get(n)) for n in everybody if before.get(n) != after.get(n)}


@settings(max_examples=60, deadline=None)
@given(instances(), st.sampled_from([0, 3]))
def test_a_price_is_what_one_more_place_saves(instance: tuple, fair_load: int) -> None:
    needs, peers = instance
    plan = Assignment.from_table(CandidateTable.from_rows(needs, peers), Settings(fair_load=fair_load))
    for at, (name, capacity, load) in enumerate(peers):
        more = [*peers[:at], (name, capacity + 1, load), *peers[at + 1 :]]
        saved = plan.objective - flow_objective(CandidateTable.from_rows(needs, more), fair_load)
        assert plan.price(name).saves == saved


def test_refusals() -> None:
    plan = Assignment.from_table(CandidateTable.from_rows([Row("n", 9, {"p": 1})], [("p", 1, 0)]))
    plan.lock("n", "p")
    with pytest.raises(ValueError, match="locked"):
        plan.lock("n", "p")
    with pytest.raises(ValueError, match="locked"):
        plan.change(Row("n", 9, {}))
    with pytest.raises(ValueError, match="locked"):
        plan.forbid("n", "p")
    with pytest.raises(ValueError, match="locks"):
        plan.change_capacity("p", 0)
    with pytest.raises(ValueError, match="already"):
        plan.insert(Row("n", 9, {}))
    plan.insert(Row("m", 9, {"p": 1}))
    with pytest.raises(ValueError, match="no place"):
        plan.lock("m", "p")
    with pytest.raises(KeyError):
        plan.remove("nobody")
