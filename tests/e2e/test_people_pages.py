"""Sign-in, own data, members and organisations: sound at every width, in both themes, without script."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests.cast import actor_of, make_cast, sign_in
from tests.e2e.conftest import LiveSite
from tests.e2e.kit import page_checks, shoot
from vecu.people import actions
from vecu.people.enums import ConsentChannel, ConsentPurpose

PAGES = {
    "sign-in": (None, "/compte/connexion/"),
    "ask-code": (None, "/compte/connexion/code/"),
    "forgotten": (None, "/compte/mot-de-passe/oublie/"),
    "own-data": ("nadia", "/mes-donnees/"),
    "own-contact": ("nadia", "/mes-donnees/coordonnees/"),
    "own-account": ("nadia", "/mes-donnees/compte/"),
    "readings": ("nadia", "/mes-donnees/lectures/"),
    "copy": ("nadia", "/mes-donnees/copie/"),
    "proof": ("nadia", "/compte/preuve/"),
    "erasure": ("nadia", "/mes-donnees/effacement/"),
    "consents": ("nadia", "/mes-donnees/accords/"),
    "consent": ("nadia", "/mes-donnees/accords/{consent}/"),
    "passkey-offer": ("nadia", "/compte/cle-d-acces/"),
    "proofs": ("nadia", "/compte/securite/"),
    "members": ("claire", "/membres/"),
    "member": ("claire", "/membres/{nadia}/"),
    "recover": ("claire", "/membres/{nadia}/retrouver/"),
    "stop": ("claire", "/membres/{nadia}/arreter/"),
    "invite": ("claire", "/membres/inviter/"),
    "organisation": ("claire", "/organisation/"),
    "texts": ("claire", "/organisations/textes/"),
    "tree": ("bertrand", "/organisations/"),
    "retention": ("delphine", "/organisations/conservation/"),
}


@pytest.mark.parametrize("name", PAGES)
def test_page_is_sound(name: str, page: Page, live_site: LiveSite) -> None:
    cast = make_cast()
    actor = actor_of(cast.claire)
    consent = actions.record_consent(
        cast.nadia,
        ConsentPurpose.CONTACT,
        actor=actor,
        organisation=cast.committee,
        channel=ConsentChannel.ORAL,
    )
    actions.read_identity(cast.nadia, actor=actor, reason="appel de mardi")
    who, path = PAGES[name]
    if who is not None:
        client = sign_in(Client(), getattr(cast, who))
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_site.url}])
    page.goto(live_site.url + path.format(nadia=cast.nadia.pk, consent=consent.pk))
    page_checks(page)
    shoot(page, name)
