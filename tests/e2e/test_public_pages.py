"""The pages open to everyone, as a person meets them: both themes, three widths, keyboard, no script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, tab_walk

# No route leads there; the others are in test_pages.py.
PAGES = {"lost": "/nulle-part/", "static-help": "/static/core/aide.html"}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(name: str, page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + PAGES[name])
    page_checks(page)


def test_first_stop_skips_to_the_content(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/")
    assert "Aller au contenu" in tab_walk(page, 1)[0]
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_menu_opens_and_folds_with_the_keyboard_on_a_phone(page: Page, live_site: LiveSite) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(live_site.url + "/")
    menu = page.locator("details.menu > summary")
    menu.press("Enter")
    expect(page.get_by_role("link", name="Confort de lecture").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    expect(menu).to_be_focused()


def test_comfort_is_kept_without_javascript(open_context: Callable[..., BrowserContext], live_site: LiveSite) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto(live_site.url + "/confort/")
    page.get_by_label("Très grande").check()
    page.get_by_label("Sombres").check()
    page.get_by_role("button", name="Garder ces choix").click()
    expect(page.locator("#messages")).to_contain_text("C’est fait")
    page.goto(live_site.url + "/")
    html = page.locator("html")
    expect(html).to_have_attribute("data-theme", "dark")
    expect(html).to_have_class("text-larger")


def test_language_changes_from_any_page(page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + "/aide/")
    page.get_by_role("button", name="English").click()
    expect(page).to_have_url(live_site.url + "/aide/")
    expect(page.locator("h1")).to_have_text("Someone to talk to, now")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("h1")).to_have_text("Parler à quelqu’un, maintenant")


@pytest.mark.parametrize("path", ["/", "/ui/", "/aide/"])
def test_readable_in_forced_colours_and_in_print(path: str, page: Page, live_site: LiveSite) -> None:
    page.goto(live_site.url + path)
    page.emulate_media(forced_colors="active")
    expect(page.locator("h1")).to_be_visible()
    page.emulate_media(forced_colors="none", media="print", color_scheme="dark")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("footer.foot")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(0, 0, 0)"
