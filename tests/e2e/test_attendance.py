"""The tablet in a real browser: drawn with a pointer, typed without a script, the same attendance."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext

from tests.cast import Cast, actor_of, make_cast, sign_in
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks
from vecu.agenda import actions
from vecu.agenda.models import Attendance, HalfDay
from vecu.agenda.tests.factories import first_half_day, make_gathering

PAD = "[data-signature-pad]"


@pytest.fixture
def cast(live_site: LiveSite) -> Cast:
    return make_cast()


@pytest.fixture
def half_day(cast: Cast) -> HalfDay:
    gathering = make_gathering(cast, timezone.now() - timedelta(hours=1))
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    return first_half_day(gathering)


@pytest.fixture
def tablet(browser: Browser, live_site: LiveSite, cast: Cast, half_day: HalfDay) -> Iterator[Any]:
    """Solène's session, on a screen of a tablet."""
    contexts: list[BrowserContext] = []

    def enter(**options: Any) -> Any:
        client = sign_in(Client(), cast.solene)
        context = browser.new_context(locale="fr-FR", viewport={"width": 820, "height": 1180}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site.url}])
        page = context.new_page()
        page.goto(live_site.url + reverse("attendance_sign", args=[half_day.pk, cast.helene.pk]))
        return page

    yield enter
    for context in contexts:
        context.close()


def test_a_signature_is_drawn_begun_again_and_kept_as_strokes(tablet: Any) -> None:
    page = tablet()
    page_checks(page)
    box = page.locator(f"{PAD} canvas").bounding_box()

    def draw(*points: tuple[float, float]) -> None:
        at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        page.mouse.move(*at[0])
        page.mouse.down()
        for point in at[1:]:
            page.mouse.move(*point, steps=4)
        page.mouse.up()

    draw((0.1, 0.5), (0.9, 0.5))
    page.click("[data-signature-clear]")
    assert page.input_value("[data-signature]") == ""
    draw((0.2, 0.2), (0.5, 0.8), (0.8, 0.2))
    page.check("#id_was_there")
    page.click("button:has-text('Je signe')")
    page.wait_for_url("**/presences/")
    strokes = json.loads(str(Attendance.objects.get().signature))
    assert len(strokes) == 1
    assert strokes[0][:2] == pytest.approx([120, 40], abs=3)
    assert page.locator("svg.agenda-mark path").get_attribute("d").startswith("M")


def test_without_a_script_the_name_is_typed(tablet: Any) -> None:
    page = tablet(java_script_enabled=False)
    assert not page.is_visible(PAD)
    page.fill("#id_typed", "Hélène Dubreuil")
    page.check("#id_was_there")
    page.click("button:has-text('Je signe')")
    page.wait_for_url("**/presences/")
    assert str(Attendance.objects.get().signature) == "Hélène Dubreuil"
