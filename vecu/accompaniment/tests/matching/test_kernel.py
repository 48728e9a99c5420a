"""The compiled kernel gives the plain engine's matching; it must build here (build-essential is required)."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vecu.accompaniment.matching import Assignment, CandidateTable, Settings, kernel
from vecu.accompaniment.tests.matching.instances import instances, shaped
from vecu.accompaniment.tests.matching.oracle import assert_prices_prove_it
from vecu.accompaniment.tests.matching.test_optimum import SHAPES

BUILD = Path(__file__).resolve().parents[4] / "kernel" / "build.py"


@pytest.fixture(scope="module", autouse=True)
def built(tmp_path_factory: pytest.TempPathFactory) -> object:
    with pytest.MonkeyPatch.context() as patch:
        target = tmp_path_factory.mktemp("kernel") / "_kernel.so"
        patch.setattr(kernel, "LIBRARY", runpy.run_path(str(BUILD))["build"](target))
        yield


def both(table: CandidateTable, fair_load: int, **options: object) -> tuple[Assignment, Assignment]:
    chosen = Settings(fair_load=fair_load)
    return tuple(Assignment.from_table(table, chosen, engine=e, **options) for e in ("plain", "compiled"))


@pytest.mark.parametrize("fair_load", [0, 40])
@pytest.mark.parametrize("shape", SHAPES)
def test_same_matching(shape: str, fair_load: int) -> None:
    plain, compiled = both(shaped(1, *SHAPES[shape]), fair_load)
    assert compiled.solution() == plain.solution()
    assert_prices_prove_it(compiled.network)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(instances(), st.sampled_from([0, 2]), st.data())
def test_same_matching_with_locks_and_after_changes(instance: tuple, fair_load: int, data: st.DataObject) -> None:
    rows, peers = instance
    open_peers = [name for name, capacity, _ in peers if capacity]
    locks = {}
    if rows and open_peers:
        locks = {data.draw(st.sampled_from(rows)).id: data.draw(st.sampled_from(open_peers))}
    plain, compiled = both(CandidateTable.from_rows(rows, peers), fair_load, locks=locks)
    assert compiled.solution() == plain.solution()
    for row in rows:
        moved = {m.need: m for m in compiled.remove(row.id)}
        assert moved == {m.need: m for m in plain.remove(row.id)}
        assert_prices_prove_it(compiled.network)


def test_asked_for_but_not_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "LIBRARY", tmp_path / "nothing.so")
    assert not kernel.is_built()
    with pytest.raises(RuntimeError, match=r"kernel/build\.py"):
        both(CandidateTable.from_rows([], []), 0)
