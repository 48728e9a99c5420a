"""Fixtures of the browser tests: `live_site` on a free loopback port, `page` fresh each time.

The site is the real one, pages and live streams on one port, served by uvicorn in threads of this process, so that
the clock of a story may be moved for both. It needs a database file: threads cannot share one in memory.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import cast
from tests.e2e.kit import CHROMIUM, FLAGS, HEIGHT, WIDTHS, watch
from tests.e2e.server import Server
from vecu.people.models import Person


@dataclass(frozen=True)
class LiveSite:
    """The site, served over the test database."""

    url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Before the test database is made: a file when browsers will read it from threads."""
    if connection.vendor == "sqlite" and any("tests/e2e" in str(item.path) for item in session.items):
        connection.settings_dict["TEST"]["NAME"] = str(settings.VAR / "browser.sqlite3")
        connection.settings_dict["OPTIONS"] |= {
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA busy_timeout=10000;",
        }


@pytest.fixture(scope="session")
def server(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Server]:
    """pytest-django makes the database only for tests that say they use it: pages that share one world do not."""
    is_there = connection.settings_dict["NAME"] == connection.creation._get_test_db_name()
    with django_db_blocker.unblock():
        made = [] if is_there else setup_databases(verbosity=0, interactive=False)
    with Server() as running:
        yield running
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, once a worker: Playwright keeps an event loop of its own, and there is room for one only.

    Nothing runs in that loop while a test uses the database, so Django's refusal would be mistaken.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def live_site(server: Server, transactional_db: None) -> LiveSite:
    return LiveSite(url=server.url)


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Open another reader's browser: their own cookies, with or without JavaScript."""
    opened: list[BrowserContext] = []

    def open_one(**options: Any) -> BrowserContext:
        size = {"width": WIDTHS[0], "height": HEIGHT}
        context = browser.new_context(**{"locale": "fr-FR", "viewport": size, **options})
        context.set_default_timeout(10_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: Callable[..., BrowserContext], live_site: LiveSite) -> Page:
    one = open_context().new_page()
    watch(one, live_site.url)
    return one


@pytest.fixture
def sign_in(live_site: LiveSite) -> Callable[[Page, Any], None]:
    """Give a page the session of a user, or of a person with their second factor. A test of the sign-in pages
    types into them instead."""

    def enter(page: Page, who: Any) -> None:
        client = Client()
        if isinstance(who, Person):
            cast.sign_in(client, who)
        else:
            client.force_login(who)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        # What the page still asks for with the session it had may not put that one back.
        page.goto("about:blank")
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_site.url}])

    return enter
