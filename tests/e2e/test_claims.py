"""On a phone, in a real browser: from what one did to the claim sent, with a photo; the gift and its declaration."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser

from tests.cast import Cast, make_cast, sign_in
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks
from vecu.people.models import Person
from vecu.recognition.models import Activity, Claim
from vecu.recognition.tests.factories import make_activity, make_scale, make_sent, receipt


@pytest.fixture
def cast(live_site: LiveSite) -> Cast:
    return make_cast()


@pytest.fixture
def activity(cast: Cast) -> Activity:
    make_scale(cast)
    return make_activity(cast)


@pytest.fixture
def phone(browser: Browser, live_site: LiveSite, cast: Cast, activity: Activity) -> Iterator[Any]:
    yield from opened(browser, live_site, cast.helene, "own_hours")


@pytest.fixture
def office(browser: Browser, live_site: LiveSite, cast: Cast) -> Iterator[Any]:
    yield from opened(browser, live_site, cast.claire, "claim_list")


def opened(browser: Browser, live_site: LiveSite, person: Person, name: str) -> Iterator[Any]:
    """Their session, on a small phone, at this page."""
    client = sign_in(Client(), person)
    context = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 740}, has_touch=True)
    context.set_default_timeout(10_000)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site.url}])
    page = context.new_page()
    page.goto(live_site.url + reverse(name))
    yield page
    context.close()


def ask(page: Any, **costs: str) -> None:
    page.click("a:has-text('Demander un remboursement')")
    page_checks(page)
    for name, typed in costs.items():
        page.fill(f"#id_{name}", typed)


def test_a_claim_with_its_photo(phone: Any) -> None:
    page_checks(phone)
    ask(phone, km="42", journey="Valmont – Bréhal", tolls="4,50")
    photo = {"name": "ticket.jpg", "mimeType": "image/jpeg", "buffer": receipt().read()}
    phone.set_input_files("#id_receipts", [photo])
    phone.click("button:has-text('Voir le total')")
    phone.wait_for_selector("text=Justificatif 1")
    page_checks(phone)
    assert "25,50\u00a0€" in phone.inner_text(".sum-total") and "0,500" in phone.inner_text(".sum")
    phone.click("button:has-text('L’envoyer')")
    phone.wait_for_selector("text=En cours d’examen")
    page_checks(phone)
    claim = Claim.objects.get()
    assert (claim.state, claim.total_cents, claim.is_gift) == ("sent", 2550, False)


def test_a_gift_is_read_and_ticked(phone: Any) -> None:
    ask(phone, km="10", journey="Valmont – Bréhal")
    phone.click("button:has-text('Voir le total')")
    phone.check("input[name=way][value=gift]")
    phone.click("button:has-text('L’envoyer')")
    phone.wait_for_selector("text=sans elle il n’y a pas de don")
    page_checks(phone)
    assert phone.is_checked("input[name=way][value=gift]")
    phone.check("#id_has_waived")
    phone.click("button:has-text('L’envoyer')")
    phone.wait_for_selector("text=Ce que vous avez déclaré")
    page_checks(phone)
    assert Claim.objects.get().is_gift


def test_each_receipt_is_taken_from_the_page_that_stays(cast: Cast, office: Any) -> None:
    claim = make_sent(cast, receipts=2)
    office.goto(office.url + f"{claim.pk}/")
    for number in (1, 2):
        with office.expect_download() as taken:
            office.click(f"li:has-text('Justificatif {number}') button")
        assert taken.value.suggested_filename.startswith("justificatif.")
