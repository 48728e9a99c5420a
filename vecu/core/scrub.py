"""The bytes of what was erased leave the disk too, not only the tables.

A row deleted is not overwritten by itself. SQLite is told to (`secure_delete`) and its log is emptied here.
PostgreSQL keeps old rows in the file of their table until it writes a new file: that is done here for the tables
which hold keys or, in clear, who somebody is, and for the samples of their values that its planner keeps. What
PostgreSQL's own log still holds goes as its segments are used again: docs/guides/backup.md says how to make that soon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import sleep
from typing import TYPE_CHECKING, Any

import structlog
from django.apps import apps
from django.db import connection
from django.utils import timezone

from vecu.core import jobs

if TYPE_CHECKING:
    import psycopg

KIND = "core.scrub"
EVERY = timedelta(minutes=15)
MARGIN = timedelta(minutes=1)
PATIENCE = "5s"
TRIES, PAUSE = 5, 1.0
SAMPLES = "pg_statistic"
TABLES = ["core.DataKey", "core.Job", "sessions.Session"]
log = structlog.get_logger("vecu.scrub")


class StillRead(Exception):
    """Somebody reads what should go: the job is tried again."""


def table(model: str) -> None:
    """Register a table that holds, in clear, something by which a person is known."""
    TABLES.append(model)


def soon(now: datetime | None = None) -> None:
    """Scrub once this transaction is over: within a quarter of an hour, once for all that is erased until then. Not in
    the minute that comes: the transaction may end after it."""
    soonest = (now or timezone.now()) + MARGIN
    moment = soonest + EVERY - timedelta(seconds=soonest.timestamp() % EVERY.total_seconds())
    jobs.enqueue(KIND, run_at=moment, key=f"{KIND}@{moment:%Y%m%dT%H%M}")


@jobs.job(KIND, atomic=False)
def scrub(payload: dict[str, Any]) -> None:
    """Make what was erased leave the files of the database."""
    if connection.in_atomic_block:  # a test within its transaction
        return
    if connection.vendor == "sqlite":
        _empty_log()
    else:
        _rewrite_tables()
    log.info("scrubbed")


def _empty_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_busy = cursor.fetchone()[0]
    if is_busy:
        raise StillRead


def _rewrite_tables() -> None:
    """A lock for the time of a rewriting: if a table is in use for long, the whole is tried again."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}'")
        try:
            for label in TABLES:
                _rewrite(cursor, apps.get_model(label)._meta.db_table)
            _rewrite(cursor, SAMPLES)
        finally:
            cursor.execute("RESET lock_timeout")


def _rewrite(cursor: Any, name: str) -> None:
    """Until nothing dead is left in it: rows which died a moment ago are kept for whoever began before, most often for
    another moment. A backup that began before the erasure keeps them for long: the job is then tried again."""
    for _try in range(TRIES):
        with _heard() as heard:
            cursor.execute(f"VACUUM (FULL, VERBOSE, ANALYZE) {connection.ops.quote_name(name)}")
        if any(is_refused for is_refused, _words in heard):
            log.error("scrub.refused", said=[words for _refused, words in heard])
            raise jobs.GiveUp("the role of the database does not own it")
        if not heard:
            return
        sleep(PAUSE)
    raise StillRead(name)


@contextmanager
def _heard() -> Iterator[list[tuple[bool, str]]]:
    """What the server, telling of its work next to the answers, could not do: whether for good, and in its words,
    which name tables only."""
    found: list[tuple[bool, str]] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        is_refused = notice.severity_nonlocalized == "WARNING"
        if is_refused or _is_kept(notice):
            found.append((is_refused, notice.message_primary or ""))

    line: psycopg.Connection[Any] = connection.connection
    line.add_notice_handler(hear)
    try:
        yield found
    finally:
        line.remove_notice_handler(hear)


def _is_kept(notice: psycopg.errors.Diagnostic) -> bool:
    """As in "3 dead row versions cannot be removed yet", whatever the language."""
    dead = re.match(r"\d+", notice.message_detail or "")
    return dead is not None and int(dead[0]) > 0
