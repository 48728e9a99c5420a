"""Several verbs at the same second: for tests on PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier, Event
from typing import Any

from django.db import connection, transaction

from vecu.core.errors import Refused

LONGEST = 30  # seconds before a thread that never comes back fails its test


def results_at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Run these at the same moment, each in a thread and a connection of its own.

    In their order: what each returned, or the Refused it raised. Any other error is raised here.
    """
    start = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> Any:
        start.wait(LONGEST)
        try:
            return verb()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(verbs)) as threads:
        return [ran.result(LONGEST) for ran in [threads.submit(run, verb) for verb in verbs]]


def at_once(*verbs: Callable[[], Any]) -> list[str]:
    """The same; what each came to, in their order: "done" or the code of its refusal."""
    return [result.code if isinstance(result, Refused) else "done" for result in results_at_once(*verbs)]


@contextmanager
def meanwhile(work: Callable[[], Any]) -> Iterator[None]:
    """Somebody else's transaction, which has done this much and ends after what stands in the block.

    An error of theirs, in the work or as it ends, is raised here.
    """
    begun, may_end = Event(), Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                work()
                begun.set()
                may_end.wait(LONGEST)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        ran = threads.submit(slowly)
        ran.add_done_callback(lambda _ran: begun.set())  # whoever failed before is not waited for
        try:
            assert begun.wait(LONGEST), "it did not begin"
            if ran.done():
                ran.result()
            yield
        finally:
            may_end.set()
        ran.result(LONGEST)
