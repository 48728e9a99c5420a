"""Steps of a visit with a professional account, for the tests of sign-in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from tests.cast import actor_of
from vecu.core.openid import Proof, Provider
from vecu.people import actions
from vecu.people.models import OutsideAccount, Person
from vecu.people.tests.openid_provider import CLIENT, SECRET, Liar


def provider_at(url: str, **changes: Any) -> Provider:
    return Provider(
        **{"name": "chu", "issuer": url, "client_id": CLIENT, "client_secret": SECRET, "label": "CHU"} | changes
    )


def go(client: Any, liar: Liar, path: str = "outside_sign_in", **query: str) -> str:
    """Press the button here, sign in there; the address the browser is sent back to."""
    response = client.post(reverse(path, args=["chu"]) + (f"?{urlencode(query)}" if query else ""))
    assert response.status_code == 200, response.text
    url = response["Refresh"].removeprefix("0;url=")
    assert url.startswith(f"{liar.url}/authorize?")
    return f"{reverse('outside_return', args=['chu'])}?{liar.authorise(url)}"


def come_in(client: Any, liar: Liar, **query: str) -> Any:
    return client.get(go(client, liar, **query))


def link(person: Person, liar: Liar, subject: str = "", issuer: str = "") -> OutsideAccount:
    proof = Proof(issuer or liar.url, subject or liar.subject, False)
    return actions.link_outside_account(person, proof, actor=actor_of(person))


def user_of(client: Any) -> int | None:
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None
