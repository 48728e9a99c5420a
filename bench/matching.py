"""What matching costs, against OR-Tools' min-cost flow in the same run.

`python -m bench.matching [--quick]` prints one row a line; `rows()` gives them as data. A ratio is ours
divided by OR-Tools' solve time of the same instance (its build time is not counted against it).
The people are invented: see `people`.
"""

from __future__ import annotations

import argparse
import json
import runpy
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ortools.graph.python import min_cost_flow

from bench.matching_people import SETTINGS, people
from vecu.accompaniment.matching import Assignment, CandidateTable, Row, kernel
from vecu.accompaniment.matching.candidates import ColumnSource
from vecu.accompaniment.matching.table import NOT_CUT

ROOT = Path(__file__).resolve().parent.parent
#: Peers and needs of each instance.
SIZES = {
    "clinic": (50, 20),
    "region": (1_000, 5_000),
    "large": (5_000, 50_000),
    "national": (20_000, 200_000),
    "balanced": (20_000, 40_000),
}
QUICK = ("clinic", "region")
CHANGES = 400
#: A small instance is timed as the best of this many runs.
REPEATS = {"clinic": 20, "region": 5}


def say(text: str) -> None:
    """Progress, on stderr."""
    print(text, file=sys.stderr, flush=True)


def row(name: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> dict:
    """One row; `against` says what the ratio divides by."""
    rounded = None if ratio is None else float(f"{ratio:.6g}")
    return {
        "name": f"matching.{name}",
        "value": float(f"{value:.4g}") if unit != "persons" else int(value),
        "unit": unit,
        "against": against,
        "ratio": rounded,
    }


def timed(work: Callable[[], object], repeats: int = 1) -> tuple[float, object]:
    """The best CPU time of some runs, in seconds, and the last result.

    CPU time, because both sides run on one thread and the machine may be shared.
    """
    best = float("inf")
    for _ in range(repeats):
        begun = time.process_time()
        result = work()
        best = min(best, time.process_time() - begun)
    return best, result


def flow_of(table: CandidateTable) -> min_cost_flow.SimpleMinCostFlow:
    """The instance as a min-cost flow: peers with capacity, one arc from each need to waiting."""
    flow = min_cost_flow.SimpleMinCostFlow()
    needs, peers = len(table.need_ids), len(table.peer_ids)
    sink, everybody = needs + peers, np.arange(needs)
    ones = np.ones(needs, np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(
        table.owners(), needs + table.peer, np.ones(len(table.peer), np.int64), table.cost
    )
    flow.add_arcs_with_capacity_and_unit_cost(everybody, np.full(needs, sink), ones, table.waiting)
    flow.add_arcs_with_capacity_and_unit_cost(
        needs + np.arange(peers), np.full(peers, sink), table.capacity, np.zeros(peers, np.int64)
    )
    flow.set_nodes_supplies(everybody, ones)
    flow.set_node_supply(sink, -needs)
    return flow


def flow_time(table: CandidateTable, repeats: int) -> tuple[float, int]:
    """OR-Tools' solve time and objective."""
    best = float("inf")
    for _ in range(repeats):
        flow = flow_of(table)
        seconds, status = timed(flow.solve)
        best = min(best, seconds)
        if status != flow.OPTIMAL:
            raise RuntimeError(f"OR-Tools did not solve it: {status}")
    return best, flow.optimal_cost()


def size_rows(size: str) -> list[dict]:
    """Candidates, solve (plain and compiled), both together, gap and memory of one instance."""
    repeats = REPEATS.get(size, 1)
    source = ColumnSource(people(*SIZES[size]), SETTINGS)
    say(f"{size}: candidates")
    found, table = timed(source.table, repeats)
    say(f"{size}: {len(table.peer):,} pairs, {table.capacity.sum():,} places; OR-Tools")
    flow_seconds, objective = flow_time(table, repeats)
    against = f"OR-Tools min-cost flow, {flow_seconds:.3g} s"
    if (table.cut < NOT_CUT).any():
        say(f"{size}: OR-Tools on the uncut lists")
        objective = flow_time(source.whole(table.need_ids), 1)[1]
    result = [row(f"{size}.candidates", found, "s", against, found / flow_seconds)]
    for engine, suffix in (("plain", ""), ("compiled", "_compiled")):
        say(f"{size}: {engine} solve")
        seconds, plan = timed(
            lambda engine=engine: Assignment.from_table(table, SETTINGS, source=source, engine=engine),
            repeats,
        )
        result.append(row(f"{size}.solve{suffix}", seconds, "s", against, seconds / flow_seconds))
        whole = found + seconds
        result.append(row(f"{size}.cold{suffix}", whole, "s", against, whole / flow_seconds))
        gap = plan.objective - objective
        result.append(
            row(
                f"{size}.gap{suffix}",
                gap,
                "cost",
                f"OR-Tools' optimum {objective:,}",
                plan.objective / objective,
            )
        )
        del plan
    ours, theirs = memory_of("plain", size), memory_of("flow", size)
    result.append(row(f"{size}.memory", ours, "MB", f"OR-Tools, {theirs:.0f} MB", ours / max(theirs, 1)))
    return result


def memory_of(solver: str, size: str) -> float:
    """Growth of the peak memory while solving, in a process of its own, in MB."""
    say(f"{size}: memory, {solver}")
    command = [sys.executable, "-m", "bench.matching", "--memory", solver, size]
    return float(subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def print_memory(solver: str, size: str) -> None:
    """In the child process: solve, then print the peak of resident memory over the bare candidates."""
    table = ColumnSource(people(*SIZES[size]), SETTINGS).table()
    Path("/proc/self/clear_refs").write_text("5")  # the peak starts again from here
    before = resident("VmRSS")
    if solver == "plain":
        Assignment.from_table(table, SETTINGS)
    else:
        flow_of(table).solve()
    print(resident("VmHWM") - before)


def resident(line: str) -> float:
    """Resident memory of this process, in MB: now (VmRSS) or at its peak (VmHWM)."""
    for text in Path("/proc/self/status").read_text().splitlines():
        if text.startswith(line):
            return int(text.split()[1]) / 1024
    raise KeyError(line)


def change_rows(size: str) -> list[dict]:
    """One request inserted, changed, locked, unlocked, forbidden or removed, against a whole solve."""
    source = ColumnSource(people(*SIZES[size]), SETTINGS)
    table = source.table()
    flow_seconds, _ = flow_time(table, 1)
    plan = Assignment.from_table(table, SETTINGS, engine="compiled")
    plan.remove(next(iter(plan.solution().pairs)))  # the first removal turns the table round, once
    say(f"{size}: {CHANGES} changes")
    times = []
    for verb, change in changes(plan, table):
        seconds, _ = timed(change)
        times.append(seconds * 1000)
        if seconds > 0.05:
            say(f"  {verb} took {seconds * 1000:.0f} ms")
    against = f"OR-Tools whole solve, {flow_seconds:.3g} s"
    return [
        row(f"change.{name}", value, "ms", against, value / 1000 / flow_seconds)
        for name, value in (("p50", np.percentile(times, 50)), ("p95", np.percentile(times, 95)))
    ]


def changes(plan: Assignment, table: CandidateTable) -> list[tuple[str, Callable[[], object]]]:
    """A fixed mixture of changes drawn over the whole instance, matched needs as often as waiting ones."""
    draw = np.random.default_rng(3)
    matched = list(plan.solution().pairs.items())
    picked = draw.permutation(len(matched))
    anyone = draw.permutation(len(table.need_ids))
    result: list[tuple[str, Callable[[], object]]] = []
    for k in range(CHANGES // 8):
        i = anyone[k]
        low, high = table.start[i], table.start[i + 1]
        names = [table.peer_ids[j] for j in table.peer[low:high].tolist()]
        costs = dict(zip(names, table.cost[low:high].tolist(), strict=True))
        fresh = Row(f"new{k}", int(table.waiting[i]), costs)
        (gone, _), (kept, peer), (barred, other) = (matched[picked[3 * k + n]] for n in range(3))
        later = Row(fresh.id, fresh.waiting + 400, costs)
        result += [
            ("insert", lambda row=fresh: plan.insert(row)),
            ("change", lambda row=later: plan.change(row)),
            ("remove", lambda name=gone: plan.remove(name)),
            ("forbid", lambda a=barred, b=other: plan.forbid(a, b)),
            ("lock", lambda a=kept, b=other: plan.lock(a, b)),
            ("unlock", lambda a=kept: plan.unlock(a)),
            ("one place less", lambda a=peer: plan.change_capacity(a, 0)),
            ("places back", lambda a=peer: plan.change_capacity(a, 5)),
        ]
    return result


def greedy(table: CandidateTable, edges: np.ndarray) -> int:
    """Persons matched when pairs are taken in this order while both sides are free."""
    free, matched = table.capacity.copy(), np.zeros(len(table.need_ids), bool)
    for need, peer in zip(table.owners()[edges].tolist(), table.peer[edges].tolist(), strict=True):
        if not matched[need] and free[peer] > 0:
            matched[need] = True
            free[peer] -= 1
    return int(matched.sum())


def quality_rows(size: str) -> list[dict]:
    """Persons matched by the optimum, by the longest waiting first, and by the best pair first."""
    say(f"{size}: quality")
    table = ColumnSource(people(*SIZES[size]), SETTINGS).table()
    best = len(Assignment.from_table(table, SETTINGS).solution().pairs)
    waiting = table.waiting[table.owners()]
    rules = {
        "longest_waiting_first": np.lexsort((table.cost, table.owners(), -waiting)),
        "greedy": np.argsort(table.cost, kind="stable"),
    }
    found = [row("quality", best, "persons", f"{size}, global optimum", 1.0)]
    for name, order in rules.items():
        count = greedy(table, order)
        found.append(
            row(
                f"quality.{name}",
                count,
                "persons",
                f"ours, {best:,} persons; ratio ours / this",
                best / count,
            )
        )
    return found


def rows(*, quick: bool = False) -> list[dict]:
    """All rows; `quick` keeps to the clinic and the region."""
    runpy.run_path(str(ROOT / "kernel" / "build.py"))["build"]()
    if not kernel.is_built():
        raise RuntimeError("the kernel was not built")
    result = []
    for size in QUICK if quick else ("clinic", "region", "large", "national"):
        result += size_rows(size)
    result += change_rows("region" if quick else "national")
    return result + quality_rows("region" if quick else "balanced")


def main() -> None:
    """Print the rows, one JSON object a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="clinic and region only")
    parser.add_argument("--memory", nargs=2, metavar=("SOLVER", "SIZE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        print_memory(*options.memory)
        return
    for found in rows(quick=options.quick):
        print(json.dumps(found))


if __name__ == "__main__":
    main()
