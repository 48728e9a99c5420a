"""The long trials: `python -m tests.crash [--kills 200] [--pg host:port]`."""

from __future__ import annotations

import argparse
import os
import sys

from tests.crash import trials


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument(
        "--pg", default=os.environ.get("VECU_PG", ""), help="host:port of a PostgreSQL; SQLite is always tried"
    )
    given = parser.parse_args()
    wrong = 0
    for name, postgres in (("SQLite", ""), ("PostgreSQL", given.pg)):
        if name == "PostgreSQL" and not postgres:
            continue
        for what, trial in (("web", trials.kill_web), ("worker", trials.kill_worker)):
            outcome = trial(postgres, given.kills if what == "web" else given.kills // 4)
            print(f"{name}, {what}: {outcome}", flush=True)
            wrong += bool(outcome.lost or outcome.doubled or not outcome.is_counted)
        received, kills = trials.kill_postman(postgres, given.kills // 10, letters=300)
        print(
            f"{name}, letters: {kills} kills, {len(received)} of 300 arrived, {sum(received.values()) - len(received)} twice"
        )
        wrong += len(received) != 300
    print(f"SQLite, full disk: {trials.full_disk()}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
