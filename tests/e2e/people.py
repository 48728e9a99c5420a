"""People at their screens, for the stories: what they open, fill, tick and send; with the keyboard alone if need be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import pyotp
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.access.requests import log, open_request
from tests.access.world import DAY, Side, make_member, make_peer, make_programme, make_safe
from tests.cast import make_cast
from tests.e2e.kit import shoot
from vecu.accompaniment.actions import closing, programmes, proposals
from vecu.core import jobs
from vecu.peers.actions import clearances
from vecu.people import actions as people
from vecu.people.enums import Role
from vecu.people.models import Person

PHONE = {"width": 390, "height": 844}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # of the authenticator app of the tests
PASSWORD = "une phrase de passe inventée"
TAB_LIMIT = 120
FORBIDDEN_IN_LETTERS = re.compile(
    r"sclérose|cancer|maladie|oncolog|psycholog|patient|pair\b|pair-|hôpital|CHU|Ligue|Nadia|Hélène|Valmont",
    re.IGNORECASE,
)


def evening() -> datetime:
    """Ten past ten in the evening of the next Monday."""
    today = timezone.localdate()
    day = today + timedelta(days=7 - today.weekday())
    return timezone.make_aware(datetime.combine(day, time(22, 10)))


def morning(after: datetime, days: int = 1) -> datetime:
    """Nine in the morning, so many days later."""
    return timezone.make_aware(datetime.combine(timezone.localdate(after) + timedelta(days=days), time(9)))


def make_committee() -> Side:
    """The committee with three peers who have lived it, its programme open, and the door of a ward."""
    people.publish_texts(now=timezone.now() - 900 * DAY)
    cast = make_cast()
    side = Side(cast.committee, cast.ward, cast.claire, cast.solene, cast.helene, cast.nadia)
    make_safe(side)
    side.rows["programme"] = make_programme(side)
    side.rows["door"] = programmes.open_door(
        side["programme"], actor=side.claire, site=side.site, ward="Chirurgie", reply_to="service@hopital.example"
    )
    clearances.record_agreement(side.site, actor=side.claire, starts_on=timezone.localdate() - 600 * DAY)
    side.rows["peer"] = make_peer(side, cast.helene)
    side.rows["marc"] = make_peer(side, cast.marc, ("sep", "fatigue"))
    third = make_member(side.organisation, Role.PEER, "Véronique", "Tessier")
    side.rows["third"] = make_peer(side, third, ("sep",))
    return side


def make_past(side: Side, count: int) -> None:
    """Pairs of the months before, so that figures rest on enough people to be shown."""
    for number in range(count):
        days = 40 + 9 * number
        request = open_request(side, days, name=f"Prénom{number}")
        at = timezone.now() - (days - 2) * DAY
        proposal = proposals.propose(request, side["peer"], actor=side.claire, choice_reason="story", now=at)
        pair = proposals.accept(proposal, actor=side.helene, now=at)
        log(side, pair, days - 3)
        closing.close_pair(pair, actor=side.claire, closing="need_met", now=at + 20 * DAY)


def run_jobs(now: datetime | None = None) -> None:
    """What the worker does: it says that it is alive, then the letters and clocks that are due."""
    jobs.prolong("worker", now)
    jobs.tick(now)
    jobs.run_due(now=now)


def letters(to: str) -> list[Any]:
    return [letter for letter in mail.outbox if to in letter.to]


def check_letters_say_nothing() -> None:
    for letter in mail.outbox:
        said = "\n".join([letter.subject, letter.from_email, letter.body])
        assert not FORBIDDEN_IN_LETTERS.search(said), f"a letter says too much: {said}"


@dataclass
class Reader:
    """Someone at a screen."""

    page: Page
    url: str

    def open(self, name: str, *keys: Any, query: str = "") -> Page:
        self.page.goto(self.url + reverse(name, args=keys) + query)
        return self.page

    def is_at(self, name: str, *keys: Any) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(self.url + reverse(name, args=keys)) + r"(\?.*)?(#.*)?$"))

    def link_to(self, name: str, *keys: Any) -> Locator:
        return self.page.locator(f'main a[href^="{reverse(name, args=keys)}"]')

    def follow(self, name: str, *keys: Any) -> None:
        self.link_to(name, *keys).first.click()

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"]').fill(value)

    def tick(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f'main [name="{name}"][value="{value}"]').check()

    def send(self, within: str = "main form", **button: str) -> None:
        """Press the button of a form: the one with this name and value, else the first."""
        named = "".join(f'[name="{name}"][value="{value}"]' for name, value in button.items())
        self.page.locator(f"{within} button:not([type=button]){named}").first.click()

    def send_to(self, name: str, *keys: Any) -> None:
        self.send(f'main form[action^="{reverse(name, args=keys)}"]')

    def says(self, *words: str) -> None:
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word)

    def shoot(self, name: str) -> None:
        width = (self.page.viewport_size or PHONE)["width"]
        shoot(self.page, f"guide/{name}", widths=(width,), schemes=("light",))

    # -- the keyboard alone

    def tab_to(self, css: str) -> None:
        for _ in range(TAB_LIMIT):
            if self.page.evaluate("css => !!document.activeElement?.matches(css)", css):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {css}")

    def type_into(self, name: str, words: str) -> None:
        self.tab_to(f'main [name="{name}"]')
        self.page.keyboard.type(words)

    def choose_with_keys(self, name: str, value: str) -> None:
        """One of several: Tab reaches the group, arrows move in it."""
        wanted = f'main [name="{name}"][value="{value}"]'
        self.tab_to(f'main [name="{name}"]')
        for _ in range(TAB_LIMIT):
            if self.page.evaluate("css => document.activeElement.matches(css)", wanted):
                break
            self.page.keyboard.press("ArrowDown")
        if not self.page.locator(wanted).is_checked():
            self.page.keyboard.press("Space")
        expect(self.page.locator(wanted)).to_be_checked()

    def tick_with_keys(self, name: str, value: str = "") -> None:
        wanted = f'main [name="{name}"]' + (f'[value="{value}"]' if value else "")
        self.tab_to(wanted)
        self.page.keyboard.press("Space")
        expect(self.page.locator(wanted)).to_be_checked()

    def press_with_keys(self, css: str = "main form button:not([type=button])") -> None:
        """The button, by Tab and Enter; then the page that follows."""
        self.tab_to(css)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    # -- signing in by the real pages

    def sign_in_by_code(self, address: str) -> None:
        """Six digits come by mail; the offer of a passkey is put off."""
        before = len(mail.outbox)
        self.open("account_login")
        self.page.locator("#code_email").fill(address)
        self.send("main form:has(#code_email)")
        expect(self.page.locator('main [name="code"]')).to_be_visible()
        run_jobs()
        came = "\n".join(letter.body for letter in mail.outbox[before:] if address in letter.to)
        code = re.search(r"\b\d{6}\b", came)
        assert code is not None
        self.fill(code=code[0])
        self.send()
        self.is_at("passkey_offer")
        self.send()
        self.is_at("today")

    def opens_her_space(self, address: str, phone: str) -> None:
        """The first time, a link comes by mail; the page asks for the phone number given with the request."""
        before = len(mail.outbox)
        self.open("account_login")
        self.page.locator("#code_email").fill(address)
        self.send("main form:has(#code_email)")
        run_jobs()
        came = "\n".join(letter.body for letter in mail.outbox[before:] if address in letter.to)
        link = re.search(r"/invitation/\S+", came)
        assert link is not None
        self.page.goto(self.url + link[0])
        self.fill(known=phone)
        self.send()
        self.is_at("passkey_offer")
        self.send()
        self.is_at("today")

    def sign_in_as_staff(self, person: Person) -> None:
        """A password, then the six digits of an app."""
        assert person.user is not None
        person.user.set_password(PASSWORD)
        person.user.save()
        TOTP.activate(person.user, SECRET)
        self.open("account_login")
        self.fill(login=person.user.email, password=PASSWORD)
        self.send('main form:has([name="password"])')
        self.fill(code=pyotp.TOTP(SECRET).now())
        self.send('main form:has([name="code"])')
        self.is_at("today")
