"""In a real browser: help words without a request, warnings in place, hostile text that stays text, live news."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks
from vecu.core.tests.photos import photo
from vecu.messaging import actions, help_words
from vecu.messaging.models import Message
from vecu.messaging.tests.conftest import empty_memory_of_keys, heard, site
from vecu.messaging.tests.factories import Exchange, NoticeFactory, make_exchange
from vecu.messaging.tests.test_help_words import DISTRESS, ORDINARY
from vecu.people.models import Person

__all__ = ["empty_memory_of_keys", "heard", "site"]

TEXT = "[data-message-text]"
HELP = "[data-help-box]"
SEND = "button:has-text('Envoyer')"
# The stream of /live/ is another server's: without it the browser says so, and the page works.
NO_STREAM = "/live/"
# Chromium asks for the icon of a page when it pleases.
ICON = "/static/core/icon.svg"


class Reader:
    """One person at their screen, with everything their browser complained of and asked for."""

    def __init__(self, page: Page, url: str, exchange: Exchange) -> None:
        self.page = page
        self.url = f"{url}/page/{exchange.thread.pk}/"
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda line: self.complain(line.type, line.text))
        page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.type}"), dialog.accept()))
        page.on("request", lambda request: self.requests.append(request.url))

    def complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "422" not in text and "404" not in text:
            self.complaints.append(text)

    def open(self) -> Page:
        self.page.goto(self.url)
        return self.page


@pytest.fixture
def exchange(live_site: LiveSite) -> Exchange:
    return make_exchange()


@pytest.fixture
def reader(browser: Browser, live_site: LiveSite, site: None, exchange: Exchange) -> Iterator[Any]:
    contexts: list[Any] = []

    def enter(person: Person, **options: Any) -> Reader:
        client = Client()
        client.force_login(person.user)
        context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site.url}])
        return Reader(context.new_page(), live_site.url, exchange)

    yield enter
    for context in contexts:
        context.close()


def test_help_words_are_looked_for_in_the_browser_without_a_request(reader: Any, exchange: Exchange) -> None:
    one = reader(exchange.person)
    page = one.open()
    page.wait_for_load_state("networkidle")
    one.requests.clear()
    for text, is_shown in ((DISTRESS, True), (ORDINARY, False), (f"{DISTRESS} !", True), ("", False)):
        page.fill(TEXT, text)
        assert page.is_visible(HELP) is is_shown, text
    assert [url for url in one.requests if NO_STREAM not in url and not url.endswith(ICON)] == []
    stored = "() => [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie].join()"
    page.fill(TEXT, DISTRESS)
    assert "mourir" not in page.evaluate(stored)
    assert one.complaints == []


def test_browser_and_server_agree_on_every_phrase(reader: Any, exchange: Exchange) -> None:
    page = reader(exchange.person).open()
    listed = help_words.phrases()
    texts = [f"Bonjour, {phrase}." for phrase in [*listed["phrases"], *listed["unless"]]]
    texts += [
        "L’ENVIE DE MOURIR",
        "œuvre",
        "sui\u00adcide",
        "e\u0301te\u0301 suicide\u0301",
        "ı İ ß",
        DISTRESS,
        ORDINARY,
    ]
    src = page.evaluate("() => document.querySelector('script[src*=\"messaging/composer\"]').src")
    ask = "async ([src, texts]) => { const { areIn } = await import(src); return texts.map(areIn); }"
    assert page.evaluate(ask, [src, texts]) == [help_words.are_in(text) for text in texts]


def test_warned_in_place_then_sent_anyway_with_the_image(reader: Any, exchange: Exchange) -> None:
    one = reader(exchange.person)
    page = one.open()
    page.click("text=Ajouter une image")
    page.set_input_files("input[type=file]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo().read()})
    page.fill(TEXT, "Appelez-moi au 01 99 00 12 34")
    page.click(SEND)
    note = page.locator("[data-composer-notes] [role=alert]")
    expect(note).to_contain_text("Un numéro de téléphone")
    expect(note).to_be_focused()
    page.click("button:has-text('Modifier')")
    expect(page.locator(TEXT)).to_be_focused()
    page.click(SEND)
    page.click("button:has-text('Envoyer quand même')")
    expect(page.locator(".bubble")).to_have_count(1)
    expect(page.locator(TEXT)).to_have_value("")
    assert Message.objects.get().has_image
    assert page.url == one.url and one.complaints == []


HOSTILE = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    '"><svg onload=window.hacked=1>',
    "</textarea><script>window.hacked = 1</script>",
    "</script><script>window.hacked = 1</script>",
    "javascript:window.hacked=1",
]


def test_hostile_text_stays_text(reader: Any, exchange: Exchange) -> None:
    exchange.write(*HOSTILE)
    one = reader(exchange.person)
    page = one.open()
    assert page.locator(".bubble-body").all_text_contents() == HOSTILE
    # The same through the live fragment.
    exchange.write(*HOSTILE)
    page.evaluate(
        """async () => {
          const thread = document.querySelector('[data-thread-news]');
          await thread.live.ask();
        }"""
    )
    assert page.locator(".bubble-body").all_text_contents() == HOSTILE * 2
    assert page.evaluate("() => window.hacked") is None
    assert one.complaints == []


def test_news_come_by_themselves_once_and_in_order(reader: Any, exchange: Exchange) -> None:
    exchange.write("un")
    one = reader(exchange.person)
    page = one.open()
    ask = "() => document.querySelector('[data-thread-news]').live.ask()"
    exchange.write("deux", "trois")
    for _again in range(2):
        page.evaluate(ask)
    assert page.locator(".bubble-body").all_text_contents() == ["un", "deux", "trois"]
    assert page.locator(".bubbles-day").count() == 1
    # Closed meanwhile: said, and what was being written is still there.
    page.fill(TEXT, "ma réponse")
    actions.close_thread(exchange.thread, actor=exchange.peer_actor)
    page.evaluate(ask)
    expect(page.locator("[data-thread-status]")).to_contain_text("Cet échange est fermé")
    assert page.input_value(TEXT) == "ma réponse"
    page.click(SEND)
    expect(page.locator("[data-composer-notes], .thread").first).to_contain_text("ma réponse")
    assert Message.objects.count() == 3


def test_without_javascript_everything_is_there(reader: Any, exchange: Exchange) -> None:
    page = reader(exchange.person, java_script_enabled=False).open()
    page.fill(TEXT, "J’habite 12 rue des Lilas")
    page.click(SEND)
    page.click("button:has-text('Modifier')")
    assert page.input_value(TEXT) == "J’habite 12 rue des Lilas"
    page.fill(TEXT, DISTRESS)
    page.click(SEND)
    assert page.is_visible(HELP) and page.locator(".bubble").count() == 1
    page.click("text=Actualiser")
    assert not page.is_visible(HELP) and page.locator(".bubble").count() == 1


def test_leaving_with_a_text_unsent_asks_but_the_quick_way_out_does_not(reader: Any, exchange: Exchange) -> None:
    one = reader(exchange.person)
    page = one.open()
    page.locator(TEXT).press_sequentially("pas fini")
    page.evaluate("() => { setTimeout(() => { location.href = '/informations/' }, 0) }")
    page.wait_for_url("**/informations/")
    assert one.complaints == ["dialog beforeunload"]
    one.complaints.clear()
    page = one.open()
    page.route("https://**", lambda route: route.fulfill(body="ailleurs"))
    page.locator(TEXT).press_sequentially("pas fini")
    page.click("[data-vecu-leave]")
    page.wait_for_url("https://**")
    assert one.complaints == []


def test_pages_pass_every_check(reader: Any, exchange: Exchange) -> None:
    """Names, contrast, targets, both themes, three widths, big text: see the kit."""
    [line] = exchange.write("Bonjour, comment s’est passée votre journée ?")
    actions.send_message(
        exchange.thread, actor=exchange.peer_actor, body="", image=photo(size=(900, 600)), image_alt="Un jardin"
    )
    exchange.write("Bien, merci. " * 30, by="person")
    NoticeFactory(person=exchange.person, url_name="exchange_detail", url_key=str(exchange.thread.pk))
    one = reader(exchange.person)
    page = one.open()
    root, key = one.url.partition("/page/")[0], exchange.thread.pk
    page_checks(page)
    page.fill(TEXT, f"{DISTRESS} 01 99 00 12 34, 20 mg, https://lieu.example, 50 €")
    page.click(SEND)
    expect(page.locator("[data-composer-notes] [role=alert]")).to_be_visible()
    page_checks(page)
    page.fill(TEXT, "")
    for path in ("reglages", "quitter", "bloquer"):
        page.goto(f"{root}/echanges/{key}/{path}/")
        page_checks(page)
    for path in (f"messages/{line.pk}/signaler", "informations"):
        page.goto(f"{root}/{path}/")
        page_checks(page)
