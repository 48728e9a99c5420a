"""What pages cost: CPU units and queries at 1x, 10x and 100x the demo's data, and a whole request of a patient.

`board` is the matching board of one request, opened one time after another; `board_changed` the same, just after
something was written about one peer. `applications` is the pipeline of those who wish to help (100, 1,000, 10,000
applications); `readiness` is no page but what says who may be proposed where, for every peer on every site (52 on 2,
520 on 20, 5,200 on 200).

Beside ours, at each size, another process measures the least a list can cost here (`bench.limit`): its 0.22 units are the
limit that the goal of 0.4 for a list stays within 1.8 times of.

A unit is the CPU time of 400,000 additions in plain Python, measured around each page in the same moment, so that
figures carry over from one machine to another. Pages run in this process through the server's own door (the WSGI
application, `bench.visitor`) with the whole middleware and static files as in production, on SQLite.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench import limit

LOOP = 400_000
ROUNDS = 12
SIZES = (1, 10, 100)
REQUEST_GOAL = 3.4


def unit() -> float:
    """CPU seconds of the reference loop, now."""
    started = time.process_time()
    total = 0
    for number in range(LOOP):
        total += number
    return time.process_time() - started


def cost(page: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Units of one page: the median of several, each divided by the loop run beside it."""
    page()
    found = []
    for _ in range(rounds):
        before = unit()
        started = time.process_time()
        page()
        spent = time.process_time() - started
        found.append(spent / ((before + unit()) / 2))
    return statistics.median(found)


def prepare() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.demo"
    os.environ["VECU_VAR"] = tempfile.mkdtemp(prefix="vecu-bench-")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone

    from vecu.portal import seed

    settings.STATIC_ROOT = settings.VAR / "static"
    Path(settings.VAR).mkdir(exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("migrate", verbosity=0)
    seed.load(timezone.now())


def rows() -> list[dict[str, Any]]:
    prepare()
    from bench.visits import Visits
    from bench.world import World

    visits = Visits()
    found: list[dict[str, Any]] = []
    queries: dict[str, list[int]] = {}
    world = World(visits.organisation_id, visits.thread)
    for times in SIZES:
        world.grow(times)
        print(f"  {times}x: {visits.count()}", file=sys.stderr, flush=True)
        least = limit.units()
        found.append(_row(f"page.limit.units.{times}x", least, "units", "", None))
        for name, page in visits.pages().items():
            count = visits.queries(page)
            queries.setdefault(name, []).append(count)
            value = cost(page)
            found.append(
                _row(f"page.{name}.units.{times}x", value, "units", f"bare Django list, {least:.3f}", value / least)
            )
            found.append(
                _row(f"page.{name}.queries.{times}x", count, "queries", "the same page at 1x", count / queries[name][0])
            )
        found += _readiness(visits, times, queries.setdefault("readiness", []))
    whole = cost(visits.whole_request)
    found.append(_row("page.request.units", whole, "units", f"the goal of {REQUEST_GOAL} units", whole / REQUEST_GOAL))
    return found


def _readiness(visits: Any, times: int, queries: list[int]) -> list[dict[str, Any]]:
    """Each peer at each site: a million answers at 100x, each of them said with what is missing."""
    queries.append(visits.queries(visits.readiness))
    value = cost(visits.readiness, rounds=3)
    return [
        _row(f"readiness.units.{times}x", value, "units", "", None),
        _row(f"readiness.queries.{times}x", queries[-1], "queries", "the same at 1x", queries[-1] / queries[0]),
    ]


def _row(name: str, value: Any, unit_name: str, against: str, ratio: float | None) -> dict[str, Any]:
    return {"name": name, "value": value, "unit": unit_name, "against": against, "ratio": ratio}


if __name__ == "__main__":
    for row in rows():
        print(row)
