"""In a real browser: asked by a link without an account, put to a peer, answered in one tap, settled and told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.cast import Cast, actor_of, make_cast, sign_in
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import AXE_OPTIONS, axe
from vecu.core import jobs
from vecu.missions import actions
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.tests.factories import DAY, witness
from vecu.people.models import Person

TYPED = {
    "wanted": "1", "begins": "09:00", "ends": "11:00", "place": "Faculté, salle 3", "asker": "Dr Bréhier",
    "email": "anne@faculte.example",
}  # fmt: skip


@pytest.fixture
def cast(live_site: LiveSite) -> Cast:
    return make_cast()


@pytest.fixture
def enter(browser: Browser, live_site: LiveSite) -> Iterator[Callable[..., Page]]:
    """A page on a phone, signed in as somebody or as nobody."""
    made = []

    def open_page(name: str, *args: Any, who: Person | None = None) -> Page:
        context = browser.new_context(locale="fr-FR", viewport={"width": 390, "height": 844}, has_touch=True)
        context.set_default_timeout(10_000)
        made.append(context)
        if who is not None:
            cookie = sign_in(Client(), who).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_site.url}])
        page = context.new_page()
        page.goto(live_site.url + reverse(name, args=args))
        return page

    yield open_page
    for context in made:
        context.close()


def test_from_a_link_to_a_peer_who_comes(enter: Callable[..., Page], cast: Cast) -> None:
    peer = witness(cast, cast.helene)
    door = actions.open_door(cast.committee, actor=actor_of(cast.claire), label="Faculté")
    asker = enter("mission_ask", door.token)
    asker.check("input[name=purpose][value=teaching]")
    asker.select_option("#id_code", "cancer_sein")
    for name, typed in TYPED.items():
        asker.fill(f"#id_{name}", typed)
    asker.fill("#id_day", f"{timezone.localdate() + 20 * DAY:%Y-%m-%d}")
    asker.click("button:has-text('Envoyer la demande')")
    asker.wait_for_url("**/merci/")
    axe(asker, "asked", AXE_OPTIONS)

    claire = enter("mission_detail", Mission.objects.get().pk, who=cast.claire)
    claire.check(f"input[name=people][value='{peer.pk}']")
    claire.click("button:has-text('Solliciter')")
    claire.wait_for_selector("text=Qui a été sollicité")
    axe(claire, "put to peers", AXE_OPTIONS)

    answer = MissionAnswer.objects.get()
    helene = enter("own_mission", answer.pk, who=cast.helene)
    axe(helene, "can you come", AXE_OPTIONS)
    helene.tap("button[name=answer][value=yes]")
    helene.wait_for_selector("text=Vous pouvez encore")

    claire.reload()
    claire.click("form[action$='/choisir/'] button")
    claire.wait_for_selector("text=Voir dans l’agenda")
    helene.reload()
    axe(helene, "expected", AXE_OPTIONS)
    helene.click("text=La voir parmi mes rendez-vous")
    helene.wait_for_selector("text=Vous avez une place")
    jobs.run_due(now=timezone.now() + timedelta(minutes=5))
    assert len([one for one in mail.outbox if one.to == [TYPED["email"]]]) == 2
