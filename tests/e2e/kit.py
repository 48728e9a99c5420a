"""What every browser test shares: one Chromium a worker, the checks each page must pass, and its pictures.

    def test_home(page, live_site):
        page.goto(f"{live_site.url}/")
        page_checks(page)
        shoot(page, "home")

`page_checks` looks at the page as it stands, in both themes and at three widths, so it also serves in the middle of
a journey; it changes nothing the person typed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / "var" / "shots"
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()

CHROMIUM = os.environ.get("VECU_CHROMIUM") or shutil.which("chromium-headless-shell") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
WIDTHS = (1280, 390, 360)
HEIGHT = 900
SCHEMES = ("light", "dark")
# Some thirty stops are enough to see the frame and the page's own controls.
TAB_STOPS = 40

# The rules: WCAG A, AA and 2.2, good practice, and the two AAA rules on contrast and size of targets.
AXE_OPTIONS = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,  # fetches style sheets for rules that are not among these
}

# Colours are all that changes in the dark.
CONTRAST_ONLY = {
    "runOnly": {"type": "rule", "values": ["color-contrast", "color-contrast-enhanced"]},
    "resultTypes": ["violations"],
    "preload": False,
}
# On a narrow screen, what depends on size or on what is shown there.
NARROW_ONLY = {
    "runOnly": {
        "type": "rule",
        "values": [
            *CONTRAST_ONLY["runOnly"]["values"],  # type: ignore[index]
            *("target-size", "button-name", "link-name", "label", "aria-hidden-focus", "scrollable-region-focusable"),
            *("region", "heading-order", "landmark-one-main", "landmark-unique", "skip-link", "page-has-heading-one"),
        ],
    },
    "resultTypes": ["violations"],
    "preload": False,
}
# What is wrong is told by its HTML: working out a selector for each element looked at takes a sixth of the time.
AXE_RUN = "(options) => axe.run(document, { ...options, selectors: false })"
# Says each violation of the Content-Security-Policy. Once axe is in the page, refused styles are those it measures with:
# a slow machine tells them late.
REPORT_CSP = """document.addEventListener("securitypolicyviolation", (event) => {
  const own = window.axe && event.violatedDirective.startsWith("style-src");
  if (!own) window.vecuViolation(event.violatedDirective + " " + event.blockedURI + " " + event.sample);
});"""

# Elements whose own box leaves the screen sideways, apart from those meant to scroll in a box of theirs.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const inBox = (e) => { for (let p = e.parentElement; p; p = p.parentElement) {
    if (/(auto|scroll|hidden|clip)/.test(getComputedStyle(p).overflowX)) return true; } return false; };
  return [...document.body.querySelectorAll("*")]
    .filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > width + 1 && !inBox(e))
    .map((e) => `${e.tagName.toLowerCase()}.${e.className} ${e.textContent.trim().slice(0, 40)}`).slice(0, 5);
}"""
# WCAG 1.4.12: nothing is lost when readers space letters, words and lines their own way.
SPACING = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
BIG_TEXT = ":root { font-size: 225% !important; }"
FOCUS_SEEN = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return { end: true };
  const shown = e.matches(".choice input") ? e.closest(".choice") : e;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  return { end: false, name: e.tagName + " " + (e.id || e.textContent.trim().slice(0, 30) || e.name),
    outline: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    onScreen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight };
}"""


@dataclass
class Watch:
    """What went wrong around the page while it was open."""

    host: str
    console: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def on_console(self, message: ConsoleMessage) -> None:
        # A refused form answers 4xx on purpose; Chromium reports the status itself as an error. Violations of the
        # CSP come by their own event, which knows axe's from the page's.
        expected = ("the server responded with a status of 4", "Content Security Policy")
        if message.type == "error" and not any(words in message.text for words in expected):
            self.console.append(message.text)

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.strangers.append(request.url)

    def check(self) -> None:
        assert not self.console, f"the console complains: {self.console}"
        assert not self.strangers, f"asked from another host: {self.strangers}"


def watch(page: Page, url: str) -> Watch:
    """Listen to a page from its opening: console errors (CSP among them) and requests to other hosts."""
    seen = Watch(urlsplit(url).netloc)
    page.on("console", seen.on_console)
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.on("request", seen.on_request)
    page.expose_function("vecuViolation", lambda text: seen.console.append(f"CSP: {text}"))
    page.add_init_script(REPORT_CSP)
    page.watch = seen  # type: ignore[attr-defined]
    return seen


def page_checks(page: Page, *, tab: bool = True) -> None:
    """Everything a page owes to its readers. Restores the size and the theme it found."""
    before = page.viewport_size or {"width": WIDTHS[0], "height": HEIGHT}
    page.wait_for_load_state("load")
    outline_checks(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        fits(page, f"{width} px")
        if width in (WIDTHS[0], WIDTHS[-1]):
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                axe(page, f"{width} px, {scheme}", AXE_OPTIONS if scheme == "light" else CONTRAST_ONLY)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    with styled(page, BIG_TEXT):
        fits(page, "360 px, text at 200 %")
        page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
        fits(page, "1280 px, text at 200 %")
    page.set_viewport_size({"width": WIDTHS[-1], "height": HEIGHT})
    with styled(page, SPACING):
        fits(page, "360 px, spaced text")
    page.set_viewport_size(before)
    if tab:
        tab_walk(page)
    if hasattr(page, "watch"):
        page.watch.check()


OUTLINE = """() => ({
  heads: [...document.querySelectorAll("h1")].map((e) => e.innerText.trim()),
  title: document.title,
  lang: document.documentElement.lang,
  inline: [...document.querySelectorAll('main [style]:not([style=""])')].map((e) => e.outerHTML.slice(0, 120)),
})"""


def outline_checks(page: Page) -> None:
    """One h1, a title that says where one is, a language, no inline style."""
    seen = page.evaluate(OUTLINE)
    assert len(seen["heads"]) == 1 and seen["heads"][0], f"h1: {seen['heads']}"
    assert len(seen["title"]) > len("– Vécu"), f"title: {seen['title']!r}"
    assert seen["lang"] in {"fr", "en"}
    assert not seen["inline"], f"inline styles: {seen['inline']}"


def axe(page: Page, where: str, options: dict[str, Any] = AXE_OPTIONS) -> None:
    """axe-core finds nothing at all. It measures with inline styles of its own, which the page's CSP refuses aloud."""
    if not page.evaluate("() => !!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(AXE_RUN, options)
    wrong = [
        {"rule": rule["id"], "help": rule["help"], "nodes": [node["html"][:160] for node in rule["nodes"][:4]]}
        for rule in found["violations"]
    ]
    assert not wrong, f"axe at {where}: {json.dumps(wrong, ensure_ascii=False, indent=1)}"


def fits(page: Page, where: str) -> None:
    """The page never scrolls sideways."""
    wide = page.evaluate(TOO_WIDE)
    assert not wide, f"too wide at {where}: {wide}"


@contextmanager
def styled(page: Page, css: str) -> Iterator[None]:
    """A reader's own style, as their browser would apply it: outside the page's CSP."""
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }", css
    )
    try:
        yield
    finally:
        page.evaluate("() => { document.adoptedStyleSheets.pop(); }")


def tab_walk(page: Page, stops: int = TAB_STOPS) -> list[str]:
    """Walk with the Tab key: each stop is on the screen with a visible outline. Returns their names."""
    page.evaluate("() => { document.activeElement?.blur(); window.getSelection()?.removeAllRanges(); scrollTo(0, 0); }")
    names: list[str] = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUS_SEEN)
        if stop["end"] or (names and stop["name"] == names[0]):
            break
        assert stop["outline"], f"no visible focus on {stop['name']}"
        assert stop["onScreen"], f"the focus is off the screen on {stop['name']}"
        names.append(stop["name"])
    assert names, "nothing can be reached with the Tab key"
    return names


def shoot(page: Page, name: str, widths: Sequence[int] = WIDTHS[:2], schemes: Sequence[str] = SCHEMES) -> list[Path]:
    """The pictures of a page, under var/shots/: the guide shows them."""
    before = page.viewport_size or {"width": WIDTHS[0], "height": HEIGHT}
    made = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("scrollTo(0, 0)")  # what sticks to the window would stand in the middle of the picture
            path = SHOTS / f"{name}-{width}-{scheme}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=path, full_page=True, animations="disabled")
            made.append(path)
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    page.set_viewport_size(before)
    return made
