"""Rules of every test: no network but loopback, and each HTML answer is checked."""

from __future__ import annotations

import gc
import logging
import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_socket import socket_allow_hosts

LOOPBACK = ["127.0.0.1", "::1"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


LEFT_OUT: dict[str, int] = {}
WHY = {
    "postgres": "they need PostgreSQL (make test runs them there)",
    "pure": "they touch no database, and run beside SQLite",
    "root": "they need the right to mount a small disk",
}


DATABASE = {"db", "transactional_db", "django_db_setup", "live_server"}


def speaks_to_a_database(item: pytest.Item) -> bool:
    markers = any(item.get_closest_marker(name) for name in ("django_db", "postgres", "engine", "browser", "crash"))
    return markers or not DATABASE.isdisjoint(getattr(item, "fixturenames", ()))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot run here, and say so at the end: nothing is left out in silence.

    With PostgreSQL, only what speaks to a database: the rest has run beside SQLite.
    """
    strays = [item.nodeid for item in items if item.get_closest_marker("browser") and "tests/e2e/" not in item.nodeid]
    if strays:
        raise pytest.UsageError(f"tests/run.sh looks for these in tests/e2e: {strays}")
    missing = {"postgres": not os.environ.get("VECU_TEST_PG"), "root": os.geteuid() != 0}
    kept = []
    for item in items:
        why = next((name for name, is_missing in missing.items() if is_missing and item.get_closest_marker(name)), None)
        if why is None and not missing["postgres"] and not speaks_to_a_database(item):
            why = "pure"
        if why is None:
            kept.append(item)
        else:
            LEFT_OUT[why] = LEFT_OUT.get(why, 0) + 1
    items[:] = sorted(kept, key=turn)


LONGEST = ("tests/crash/", "test_story_", "test_halfway", "tests/faults/", "tests/access/", "tests/threats/")


def turn(item: pytest.Item) -> int:
    """What takes longest comes first: begun last, it would be waited for alone. What shares a world stays together."""
    return next((place for place, name in enumerate(LONGEST) if name in item.nodeid), len(LONGEST))


def pytest_collection_finish() -> None:
    """What was imported stays: looking through all of it again and again for rubbish takes a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    for why, count in LEFT_OUT.items():
        terminalreporter.write_line(f"{count} tests were left out: {WHY[why]}.")


@pytest.fixture(autouse=True)
def _fresh_state(settings: Any) -> Iterator[None]:
    """Throttles, languages, silence and signed heads of the journal do not leak from one test into the next."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate("fr")
    logging.disable(logging.NOTSET)
    yield
    cache.clear()
    # The rows that were signed are rolled back: kept, the files would accuse the next test of a cut journal.
    shutil.rmtree(settings.VAR / "anchors", ignore_errors=True)


INLINE = re.compile(rb"""<[^>]+\s(?:style|on[a-z]+)\s*=\s*["']""", re.IGNORECASE)
UNRENDERED = re.compile(rb"\{\{\s*[a-z_]|\{%\s*[a-z]")
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE)


class CheckedClient(Client):
    """Django's client, which also looks at every HTML page: no inline script or style, one h1, nothing unrendered."""

    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            body = response.content
            assert not INLINE.search(body), INLINE.search(body)
            assert not INLINE_SCRIPT.search(body), "inline script"
            assert not UNRENDERED.search(body), "unrendered template"
            if b"<html" in body and response.status_code == 200:
                assert body.count(b"<h1") == 1, f"{body.count(b'<h1')} h1 on {kwargs.get('PATH_INFO')}"
        return response

    def htmx(self, method: str, path: str, data: Any = None, **extra: Any) -> Any:
        """The same request as htmx makes it."""
        return getattr(self, method)(path, data, headers={"HX-Request": "true"}, **extra)


@pytest.fixture
def client() -> CheckedClient:
    return CheckedClient()
