"""Every page of the site, as each role: sound for everyone who reads it, in one loading of the page.

The first role that meets a page looks at it wholly: axe (A, AA, 2.2, good practice, AAA contrast, size of targets), no
scrolling sideways at 1280, 390 and 360 px nor with text at 200 %, nothing asked from another host, nothing refused by
the Content-Security-Policy, a quiet console. What depends on the look of things alone (dark colours, the narrow screen,
the visible focus of each stop of the Tab key) is looked at on every page that shows something which no page before had
shown. Those who meet a page later look at it narrow and light, with axe by the same rule; and each page is opened once
without JavaScript.
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page

from tests.access.walk import ROLES, STRANGER, Address, all_addresses, committed, walker
from tests.access.world import World, at_the_usual_hour, make_world
from tests.e2e.kit import (
    AXE_OPTIONS,
    BIG_TEXT,
    CONTRAST_ONLY,
    HEIGHT,
    NARROW_ONLY,
    axe,
    fits,
    outline_checks,
    styled,
    tab_walk,
    watch,
)
from tests.e2e.server import Server

CHUNK = 12
# Files and fragments: 200, and no page.
NO_PAGE = {
    "attendance_paper",
    "attestation_badge",
    "attestation_pdf",
    "badge_issuer",
    "badge_status",
    "calendar_feed",
    "engagement_pdf",
    "figures_csv",
    "healthz",
    "message_image",
    "message_list",
    "mfa_download_recovery_codes",
    "own_statement",
    "page_sound",
    "peer_export",
    "peer_import_refused",
    "peer_import_template",
    "report_image",
}


def pages() -> Iterator[tuple[str, list[Address], frozenset[str]]]:
    """Role, some of the pages it meets, and those of them that nobody met before."""
    met: set[str] = set()
    table, found = committed(), {address.route: address for address in all_addresses()}
    for role in (role for role in ROLES if role != STRANGER):
        own = [
            found[route] for route, word in table[role].items() if word == "200" and found[route].name not in NO_PAGE
        ]
        # What a visitor sees, the others see too, with another menu: one of them is enough.
        if role not in {"visitor", "nadia"}:
            own = [address for address in own if table["visitor"][address.route] != "200"]
        for start in range(0, len(own), CHUNK):
            some = own[start : start + CHUNK]
            yield role, some, frozenset(a.route for a in some) - met
        met |= {address.route for address in own}


PAGES = [pytest.param(*case, id=f"{case[0]}-{number}") for number, case in enumerate(pages())]


@pytest.fixture(scope="module")
def standing(server: Server, django_db_blocker: Any) -> Iterator[World]:
    """The world, for all the pages of a worker."""
    with django_db_blocker.unblock(), at_the_usual_hour():
        yield make_world()
        call_command("flush", interactive=False, verbosity=0)


Enter = Callable[..., Page]
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex


class Shown:
    """What the pages of this run have shown so far, whichever worker looked at them: a line each in a file of theirs."""

    def __init__(self, name: str) -> None:
        self.path = Path(tempfile.gettempdir()) / f"vecu-{name}-{RUN}"

    def has_news(self, found: list[str]) -> bool:
        """Something here was never shown before; from now on it was."""
        with self.path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            news = {json.dumps(word) for word in found} - set(file.read().splitlines())
            file.writelines(f"{line}\n" for line in news)
        return bool(news)


SHAPES_SHOWN, CONTROLS_SHOWN = Shown("shapes"), Shown("controls")


@pytest.fixture
def enter(standing: World, server: Server, open_context: Callable[..., BrowserContext]) -> Enter:
    """A page with the session of a role."""

    def open_page(role: str, **options: Any) -> Page:
        session = walker(standing, role).client.cookies[settings.SESSION_COOKIE_NAME].value
        context = open_context(**options)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
        page: Page = context.new_page()
        if options.get("java_script_enabled", True):
            watch(page, server.url)
        return page

    return open_page


@pytest.mark.parametrize(("role", "some", "new"), PAGES)
def test_pages_are_sound(
    role: str, some: list[Address], new: frozenset[str], enter: Enter, standing: World, server: Server
) -> None:
    page, wrong = enter(role), {}
    for address in some:
        try:
            answer = page.goto(server.url + address.path(standing.here))
            assert answer is not None and answer.status == 200, answer and answer.status
            (look_wholly if address.route in new else look_again)(page)
        except AssertionError as fault:
            wrong[address.name] = str(fault)[:1200]
            page.watch.console.clear()  # type: ignore[attr-defined]
            page.watch.strangers.clear()  # type: ignore[attr-defined]
    assert not wrong, "\n\n".join(f"{name}: {fault}" for name, fault in wrong.items())


def look_wholly(page: Page) -> None:
    outline_checks(page)
    size(page, 1280)
    fits(page, "1280 px")
    axe(page, "1280 px, light", AXE_OPTIONS)
    is_new = SHAPES_SHOWN.has_news(page.evaluate(SHAPES))
    if is_new:
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        axe(page, "1280 px, dark", CONTRAST_ONLY)
    with styled(page, BIG_TEXT):
        fits(page, "1280 px, text at 200 %")
        size(page, 360)
        fits(page, "360 px, text at 200 %")
    fits(page, "360 px")
    size(page, 390)
    fits(page, "390 px")
    if is_new:
        axe(page, "390 px, dark", CONTRAST_ONLY)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        axe(page, "390 px, light", NARROW_ONLY)
    if CONTROLS_SHOWN.has_news(page.evaluate(CONTROLS)):
        tab_walk(page)
    page.watch.check()  # type: ignore[attr-defined]


# An element in its parent, with what tells how it looks and what it is for.
SHAPES = """() => {
  const word = (e) => e.tagName + "." + e.className + "#" + (e.getAttribute("type") || e.getAttribute("role") || "");
  return [...new Set([...document.body.querySelectorAll("*:not(svg *)")].map((e) => word(e.parentElement) + ">" + word(e)))];
}"""
# What the Tab key stops at.
CONTROLS = """() => [...new Set([...document.querySelectorAll("main :is(a, button, input, select, textarea, summary)")]
  .map((e) => e.tagName + "." + e.className + "#" + e.type))]"""


def look_again(page: Page) -> None:
    outline_checks(page)
    size(page, 390)
    fits(page, "390 px")
    if SHAPES_SHOWN.has_news(page.evaluate(SHAPES)):
        axe(page, "390 px, light", AXE_OPTIONS)
    page.watch.check()  # type: ignore[attr-defined]


def size(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHT})


def test_every_page_is_looked_at() -> None:
    names = {address.route: address.name for address in all_addresses()}
    pages = {route for words in committed().values() for route, word in words.items() if word == "200"}
    seen = {address.route for case in PAGES for address in case.values[1]}
    assert {names[route] for route in pages - seen} <= NO_PAGE


# What a page without JavaScript owes: something to read, and a button on each form. A passkey is JavaScript's own.
PASSKEYS = {"mfa_add_webauthn", "mfa_reauthenticate_webauthn"}
PLAIN = """() => {
  const main = document.querySelector("main");
  if (!main || main.innerText.trim().length < 20) return ["nothing to read"];
  const seen = (e) => e.checkVisibility();
  return [...main.querySelectorAll("form")].filter(seen)
    .filter((form) => ![...form.querySelectorAll("button, input[type=submit]")].some((b) => b.type === "submit"))
    .map((form) => "no button: " + form.action);
}"""


@pytest.mark.parametrize(("role", "some", "new"), [case for case in PAGES if case.values[2]])
def test_pages_work_without_javascript(
    role: str, some: list[Address], new: frozenset[str], enter: Enter, standing: World, server: Server
) -> None:
    page, wrong = enter(role, java_script_enabled=False), {}
    for address in some:
        if address.route in new and address.name not in PASSKEYS:
            page.goto(server.url + address.path(standing.here))
            if faults := page.evaluate(PLAIN):
                wrong[address.name] = faults
    assert not wrong, wrong
