"""The kit sees what it is meant to see: each fault, put into a sound page, is refused. And the page's own script."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks

FAULTS = {
    "contrast": ("document.querySelector('main p').className = 'pale'", "color-contrast", ".pale { color: #999 }"),
    "dark contrast": (
        "document.querySelector('main p').className = 'pale'",
        "dark",
        "@media (prefers-color-scheme: dark) { .pale { color: #555 } }",
    ),
    "small target": (
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<div><button class=tiny>a</button><button class=tiny>b</button></div>')",
        "target-size",
        ".tiny { inline-size: 12px; block-size: 12px; padding: 0; border: 0 }",
    ),
    "field without label": (
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')",
        "label",
        "",
    ),
    "too wide": ("document.querySelector('main p').className = 'wide'", "too wide", ".wide { inline-size: 500px }"),
    "too wide once enlarged": (
        "document.querySelector('main p').className = 'wide'",
        "200 %",
        ".wide { inline-size: 18rem }",
    ),
    "two titles": ("document.querySelector('main').insertAdjacentHTML('beforeend', '<h1>b</h1>')", "h1", ""),
    "no focus": ("", "no visible focus", "* { outline: none !important }"),
    "inline style": ("document.querySelector('main p').setAttribute('style', 'color: red')", "CSP|inline style", ""),
    "other host": ("fetch('http://127.0.0.2:9/x').catch(() => 0)", "another host|CSP", ""),
    "console": ("console.error('broken')", "console complains", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_kit_sees(fault: str, page: Page, live_site: LiveSite) -> None:
    script, words, css = FAULTS[fault]
    page.goto(live_site.url + "/aide/")
    page.evaluate(script or "0")
    if css:
        sheet = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets.push(s); }"
        page.evaluate(sheet, css)
    with pytest.raises(AssertionError, match=words):
        page_checks(page)


def insert_link(page: Page, extra: str = "") -> None:
    """A link that htmx answers by replacing the card of places of the catalogue by itself."""
    link = (
        '<a id="again" href="/ui/" hx-get="/ui/" hx-select="#places" hx-target="#places" hx-swap="outerHTML">again</a>'
    )
    page.evaluate(
        "html => { document.querySelector('main').insertAdjacentHTML('beforeend', html); htmx.process(document.body); }",
        link + extra,
    )


def test_focus_goes_to_the_heading_of_what_was_replaced(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/ui/")
    insert_link(page)
    page.locator("#again").click()
    expect(page.locator("#places-title")).to_be_focused()
    page.watch.check()  # type: ignore[attr-defined]


def test_focus_stays_with_who_is_typing(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/ui/")
    insert_link(page)
    page.evaluate(
        "document.addEventListener('htmx:after:swap', () => { document.documentElement.dataset.swapped = 'yes'; })"
    )
    page.locator("#id_sample-first_name").focus()
    page.evaluate("document.querySelector('#again').click()")
    expect(page.locator("html")).to_have_attribute("data-swapped", "yes")
    expect(page.locator("#id_sample-first_name")).to_be_focused()


def test_leaving_fast_takes_the_place_of_the_page(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/aide/")
    page.goto(live_site.url + "/ui/")
    page.route(
        "https://meteofrance.com/**", lambda route: route.fulfill(body="<h1>Soleil</h1>", content_type="text/html")
    )
    page.locator("[data-vecu-leave]").click()
    expect(page.locator("h1")).to_have_text("Soleil")
    page.go_back()
    expect(page).to_have_url(live_site.url + "/aide/")


def test_folded_question_opens_in_place_and_escape_folds_it(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/ui/")
    question = page.locator("details.ask-first").first
    question.locator("summary").press("Enter")
    expect(question.get_by_role("link", name="Yes, stop everything")).to_be_visible()
    question.get_by_role("link").focus()
    page.keyboard.press("Escape")
    expect(question.locator("summary")).to_be_focused()
    expect(question.get_by_role("link", name="Yes, stop everything")).to_be_hidden()
