"""A passkey, from the first code by e-mail to the second visit, with a virtual authenticator in Chromium."""

from __future__ import annotations

import re
from typing import Any

from django.core import mail
from playwright.sync_api import Page, expect

from tests.cast import make_cast
from tests.e2e.conftest import LiveSite
from vecu.core import jobs
from vecu.people.models import Person

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(page: Page, **options: Any) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR | options})


def come_in_by_code(page: Page, site: LiveSite, person: Person) -> None:
    """Ask for a code, read the mail, type the code."""
    page.goto(f"{site.url}/compte/connexion/")
    page.locator("#code_email").fill(person.user.email)
    page.get_by_role("button", name="Recevoir un code par courriel").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tapez votre code")
    jobs.run_due()
    code = re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)
    page.get_by_label("Les six chiffres").fill(code)
    page.get_by_role("button", name="Se connecter").click()


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Ajouter une clé d’accès").click()
    page.get_by_role("button", name="Ajouter cet appareil").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vos codes de secours")


def sign_out(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/compte/deconnexion/")
    page.get_by_role("main").get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url(lambda url: "deconnexion" not in url)


def come_in_by_passkey(page: Page, site: LiveSite, onward: str) -> None:
    page.goto(f"{site.url}/compte/connexion/?next={onward}")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"**{onward}")


def test_patient_adds_a_passkey_and_comes_back_with_it(page: Page, live_site: LiveSite) -> None:
    nadia = make_cast().nadia
    with_authenticator(page)
    come_in_by_code(page, live_site, nadia)
    expect(page.get_by_role("heading", level=1)).to_have_text("Plus simple la prochaine fois ?")
    add_passkey(page)
    sign_out(page, live_site)
    come_in_by_passkey(page, live_site, "/mes-donnees/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mes données")


def test_coordinator_cannot_work_before_the_passkey_and_needs_nothing_else_after(
    page: Page, live_site: LiveSite
) -> None:
    claire = make_cast().claire
    with_authenticator(page)
    come_in_by_code(page, live_site, claire)
    page.goto(f"{live_site.url}/membres/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Encore une chose avant de commencer")
    add_passkey(page)
    page.goto(f"{live_site.url}/membres/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Membres")
    sign_out(page, live_site)
    come_in_by_passkey(page, live_site, "/membres/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Membres")


def test_device_without_a_passkey_says_so_and_another_way_stays_open(page: Page, live_site: LiveSite) -> None:
    make_cast()
    with_authenticator(page, automaticPresenceSimulation=False, isUserVerified=False)
    page.goto(f"{live_site.url}/compte/connexion/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('', 'NotAllowedError')) }")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page.get_by_role("alert")).to_contain_text("Réessayez, ou prenez une autre façon")
    expect(page.locator("#code_email")).to_be_visible()
