"""Fixtures of the browser tests: `browser` once a worker, `live_site` on a free loopback port, `page` fresh each time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.e2e.kit import CHROMIUM, FLAGS, HEIGHT, WIDTHS, watch

# Playwright keeps an event loop of its own in the test's thread. Nothing runs in it while a test uses the database,
# so Django's refusal would be mistaken here.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@dataclass(frozen=True)
class LiveSite:
    """The site, served by Django's own threaded WSGI server over the test database."""

    url: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/e2e" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.enable_socket)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def live_site(live_server: Any) -> LiveSite:
    return LiveSite(url=live_server.url)


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
    """Give a page the session of a user. A test of the sign-in pages types into them instead."""

    def enter(page: Page, user: Any) -> None:
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_site.url}])

    return enter
