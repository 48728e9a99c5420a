"""The long trials: `python -m tests.crash [--kills 200] [--only words] [--pg host:port]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

from tests.crash import disks, postgres, power, trials

LETTERS = 300
Trial = tuple[str, Callable[[], tuple[str, bool]]]


def kill_web(engine: str, kills: int) -> tuple[str, bool]:
    outcome = trials.kill_web(engine, kills)
    return str(outcome), outcome.is_right


def kill_worker(engine: str, kills: int) -> tuple[str, bool]:
    outcome = trials.kill_worker(engine, kills)
    return str(outcome), outcome.is_right


def kill_postman(engine: str, kills: int) -> tuple[str, bool]:
    received, killed = trials.kill_postman(engine, kills, letters=LETTERS)
    twice = sum(received.values()) - len(received)
    said = f"{killed} kills, {len(received)} of {LETTERS} letters arrived, {twice} twice with the same Message-ID"
    return said, len(received) == LETTERS and twice <= 2 * killed


def kill_database(kills: int) -> tuple[str, bool]:
    outcome, answers = postgres.kill(kills)
    return f"{outcome}; answers {answers}", outcome.is_right and set(answers) <= {303, 503}


def cut_power(synchronous: str, cuts: int, seconds: float, is_safe: bool) -> tuple[str, bool]:
    found = power.cut(cuts, seconds, synchronous)
    wrong = found.lost + found.doubled + found.damaged
    return str(found), (wrong == 0) is is_safe


def fill_disk(fill: disks.Trial) -> tuple[str, bool]:
    found = fill()
    return str(found), len(found.found["facts"]) == found.found["counter"] == found.acknowledged


def all_trials(kills: int, server: str) -> Iterator[Trial]:
    for name, engine in (("SQLite", ""), ("PostgreSQL", server)):
        if name == "SQLite" or engine:
            yield f"{name}, web killed", lambda engine=engine: kill_web(engine, kills)
            yield f"{name}, workers killed", lambda engine=engine: kill_worker(engine, kills // 2)
            yield f"{name}, postman killed", lambda engine=engine: kill_postman(engine, kills // 10)
    if postgres.is_here():
        yield "PostgreSQL, database killed", lambda: kill_database(kills // 4)
    yield "SQLite, power cut", lambda: cut_power("FULL", 5 * kills, kills / 20, is_safe=True)
    yield "SQLite, power cut without waiting for the disk", lambda: cut_power("NORMAL", 50, 2, is_safe=False)
    if os.geteuid() == 0:
        yield "SQLite, full disk", lambda: fill_disk(disks.sqlite)
        if postgres.is_here():
            yield "PostgreSQL, full disk", lambda: fill_disk(disks.postgresql)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only", default="", help="trials whose name holds these words")
    parser.add_argument(
        "--pg", default=os.environ.get("VECU_PG", ""), help="host:port of a PostgreSQL; SQLite is always tried"
    )
    given = parser.parse_args()
    wrong = []
    chosen = [(name, trial) for name, trial in all_trials(given.kills, given.pg) if given.only in name]
    for name, trial in chosen:
        start = time.monotonic()
        said, is_right = trial()
        print(f"{name}: {said} ({time.monotonic() - start:.0f} s){'' if is_right else '   WRONG'}", flush=True)
        wrong += [] if is_right else [name]
    print("Wrong: " + ", ".join(wrong) if wrong else "Nothing acknowledged was lost, nothing was doubled.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
