"""Story 2. A nurse asks for a patient before an operation, in six fields; her ward hears twice, and no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.utils import timezone
from playwright.sync_api import BrowserContext, expect

from tests.access.requests import log, propose
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, watch
from tests.e2e.people import (
    FORBIDDEN_IN_LETTERS,
    Reader,
    check_letters_say_nothing,
    evening,
    letters,
    make_committee,
    morning,
    run_jobs,
)
from vecu.accompaniment.actions import closing, proposals
from vecu.accompaniment.models import SupportRequest

WARD = "service@hopital.example"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_received_then_contact_made_and_nothing_else(
    script: bool, live_site: LiveSite, open_context: Callable[..., BrowserContext], sign_in: Callable[..., None]
) -> None:
    def reader(**options: Any) -> Reader:
        page = open_context(**options).new_page()
        watch(page, live_site.url)
        return Reader(page, live_site.url)

    with time_machine.travel(morning(evening()), tick=True):
        side = make_committee()
        claire = reader()
        sign_in(claire.page, side.coordinator)
        address = poster(claire, side)
        mail.outbox.clear()

        nurse = reader(java_script_enabled=script)
        nurse.page.goto(address)
        asks(nurse, script=script)
        request = SupportRequest.objects.get()
        assert request.source == "ward" and request.fixed_on is not None
        run_jobs()
        assert len(letters(WARD)) == 1

        claire.open("request_detail", request.pk)
        claire.says("M. R.", side.site.name)
        claire.send(outcome="reached")
        expect(claire.page.locator("main .log li")).to_have_count(1)
        run_jobs()
        assert len(letters(WARD)) == 2
        claire.follow("request_open", request.pk)
        claire.tick(channel="oral")
        claire.send()
        claire.page.wait_for_load_state()
        request.refresh_from_db()
        assert request.state == "open"

        goes_to_its_end(side, request)
        for days in (0, 1, 2, 4, 7, 10, 15, 21, 30, 45, 60, 90, 120, 200):
            run_jobs(timezone.now() + timedelta(days=days))
        assert len(letters(WARD)) == 2, "the ward hears nothing of what they say to each other"
        for letter in letters(WARD):
            assert not FORBIDDEN_IN_LETTERS.search(letter.subject + letter.body)
            assert "M. R." not in letter.body
        check_letters_say_nothing()


def poster(claire: Reader, side: Any) -> str:
    """The poster of the ward bears a QR code, and the same address in letters one can type."""
    claire.open("ward_poster", side["door"].pk)
    expect(claire.page.locator("main svg").first).to_be_visible()
    claire.says(side["door"].token[:4])
    claire.shoot("7-poster")
    page_checks(claire.page, tab=False)
    return f"{claire.url}/service/{side['door'].token}/"


def asks(nurse: Reader, *, script: bool) -> None:
    """Six answers on a computer that others use; opened again, nothing of them is there."""
    if script:
        page_checks(nurse.page, tab=False)
        nurse.shoot("7-ward")
    names = nurse.page.eval_on_selector_all(
        "main form [name]", "all => [...new Set(all.filter(e => e.type !== 'hidden').map(e => e.name))].filter(Boolean)"
    )
    assert len(names) == 6, names
    nurse.send()  # nothing said yet: told what is missing
    expect(nurse.page.locator("main [role=alert], main .errors").first).to_be_visible()
    nurse.fill(given_name="M. R.", phone="01 99 00 62 62", to_know="En fauteuil", fixed_on=in_days(9))
    nurse.page.locator('main [name="matters"]').first.check()
    nurse.page.locator('main [name="agrees"]').check()
    nurse.send()
    nurse.is_at("ward_done", nurse.page.url.split("/")[-3])
    assert "M. R." not in nurse.page.content()
    nurse.open("ward_request", nurse.page.url.split("/")[-3])
    for name in ("given_name", "phone", "to_know", "fixed_on"):
        expect(nurse.page.locator(f'main [name="{name}"]')).to_have_value("")


def in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def goes_to_its_end(side: Any, request: SupportRequest) -> None:
    """Proposed, accepted, met, ended: the ward is told none of it."""
    request.needs = {**request.needs, "conditions": ["sep"]}
    request.save(update_fields=["needs"])
    proposal = propose(side, request)
    pair = proposals.accept(proposal, actor=side.helene)
    log(side, pair, 0)
    run_jobs()
    closing.close_pair(pair, actor=side.claire, closing="need_met")
    run_jobs()
