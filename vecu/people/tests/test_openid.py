"""Signing in with a professional account: what opens, what never does. Real providers on the loopback."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, sign_in
from vecu.core import openid, retention
from vecu.core.errors import Denied, Refused
from vecu.core.openid import Proof
from vecu.core.tables import JournalEntry
from vecu.people import actions, exports
from vecu.people.enums import Role
from vecu.people.models import Membership, OutsideAccount, User
from vecu.people.tests.openid_provider import Liar
from vecu.people.tests.openid_visits import come_in, go, link, provider_at, user_of

pytestmark = pytest.mark.django_db
LIST = "outside_account_list"


class TestSignIn:
    def test_it_works(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        response = come_in(client, liar, next="/membres/")
        assert response["Location"] == "/membres/"
        assert user_of(client) == cast.claire.user_id

    def test_what_is_asked_for_says_nobody(self, client: CheckedClient, liar: Liar) -> None:
        go(client, liar)
        assert liar.asked["scope"] == "openid"
        assert liar.asked["code_challenge_method"] == "S256"
        assert liar.asked["response_type"] == "code"
        assert len(liar.asked["state"]) >= 32 and len(liar.asked["nonce"]) >= 32
        assert liar.asked["redirect_uri"] == "http://testserver/compte/professionnel/chu/retour/"

    def test_staff_still_owe_their_second_proof(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        come_in(client, liar)
        assert "deuxieme-preuve" in client.get(reverse("member_list"))["Location"]

    def test_an_app_set_up_here_is_asked_for(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        secret = pyotp.random_base32()
        TOTP.activate(cast.claire.user, secret)
        assert come_in(client, liar)["Location"] == reverse("mfa_authenticate")
        assert user_of(client) is None
        client.post(reverse("mfa_authenticate"), {"code": pyotp.TOTP(secret).now()})
        assert client.get(reverse("member_list")).status_code == 200

    def test_a_closed_account_stays_closed(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        User.objects.filter(pk=cast.claire.user_id).update(is_active=False)
        assert come_in(client, liar)["Location"] == reverse("account_inactive")
        assert user_of(client) is None

    def test_nobody_arrives_this_way(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        liar.claims = {"email": cast.claire.user.email, "email_verified": True}
        before = User.objects.count()
        response = come_in(client, liar)
        assert response.status_code == 403
        assert "n’a encore relié" in response.text
        assert (user_of(client), User.objects.count(), OutsideAccount.objects.count()) == (None, before, 0)

    def test_it_never_leads_to_another_site(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        assert come_in(client, liar, next="https://ailleurs.example/")["Location"] == "/aujourdhui/"

    def test_already_signed_in_changes_nobody(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        back = go(client, liar)
        sign_in(client, cast.nadia)
        client.get(back)
        assert user_of(client) == cast.nadia.user_id


class TestTwoFactorsThere:
    def configured(self, settings: Any, liar: Liar) -> None:
        settings.OIDC_PROVIDERS = {"chu": provider_at(liar.url, second_factor=("eidas2", "eidas3"))}

    def test_they_count_when_the_operator_says_so(
        self, client: CheckedClient, cast: Cast, liar: Liar, settings: Any
    ) -> None:
        self.configured(settings, liar)
        link(cast.claire, liar)
        TOTP.activate(cast.claire.user, pyotp.random_base32())
        liar.claims = {"acr": "eidas2"}
        come_in(client, liar)
        assert liar.asked["acr_values"] == "eidas2 eidas3"
        assert client.get(reverse("member_list")).status_code == 200

    @pytest.mark.parametrize(
        "claims",
        [
            {"acr": "eidas1"},
            {"acr": None},
            {"acr": "eidas2", "auth_time": None},
            {"acr": ["eidas2"]},
            {"acr": "eidas2 "},
        ],
        ids=str,
    )
    def test_anything_else_does_not(
        self, client: CheckedClient, cast: Cast, liar: Liar, settings: Any, claims: dict[str, Any]
    ) -> None:
        self.configured(settings, liar)
        link(cast.claire, liar)
        liar.claims = claims
        come_in(client, liar)
        assert client.get(reverse("member_list")).status_code == 302

    def test_nothing_counts_by_default(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        liar.claims = {"acr": "eidas3"}
        come_in(client, liar)
        assert client.get(reverse("member_list")).status_code == 302


class TestLinking:
    def test_it_works(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        sign_in(client, cast.claire)
        assert "Relier ce compte" in client.get(reverse(LIST)).text
        response = client.get(go(client, liar, "outside_account_link"), follow=True)
        assert "Relié" in response.text
        account = OutsideAccount.objects.get()
        assert account.user_id == cast.claire.user_id
        assert JournalEntry.objects.filter(verb="account.link", subject_id=cast.claire.pk).exists()
        other = CheckedClient()
        come_in(other, liar)
        assert user_of(other) == cast.claire.user_id

    def test_the_number_of_the_professional_is_not_kept(self, cast: Cast, liar: Liar) -> None:
        account = link(cast.claire, liar)
        assert liar.subject not in str(vars(account))

    def test_a_fresh_proof_is_asked_before(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        TOTP.activate(cast.claire.user, pyotp.random_base32())
        sign_in(client, cast.claire)
        assert client.post(reverse("outside_account_link", args=["chu"]))["Location"] == reverse(LIST)
        assert client.get(reverse(LIST))["Location"].startswith(reverse("mfa_reauthenticate"))

    def test_it_is_for_the_one_who_asked(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        sign_in(client, cast.claire)
        back = go(client, liar, "outside_account_link")
        session = dict(client.session)["openid"]
        sign_in(client, cast.solene)
        changed = client.session
        changed["openid"] = session
        changed.save()
        assert client.get(back).status_code == 403
        assert not OutsideAccount.objects.exists()

    def test_a_sign_in_never_links(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        back = go(client, liar)
        sign_in(client, cast.claire)
        client.get(back)
        assert not OutsideAccount.objects.exists()

    def test_one_account_there_opens_one_account_here(self, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        with pytest.raises(Refused, match="linked_elsewhere"):
            link(cast.solene, liar)
        assert link(cast.claire, liar).user_id == cast.claire.user_id
        with pytest.raises(Refused, match="one_each"):
            link(cast.claire, liar, subject="another")

    def test_only_for_oneself_and_only_staff(self, cast: Cast, liar: Liar) -> None:
        with pytest.raises(Denied):
            actions.link_outside_account(cast.solene, Proof("i", "s", False), actor=actor_of(cast.claire))
        with pytest.raises(Refused, match="not_staff"):
            link(cast.nadia, liar)

    def test_unlinked_it_opens_nothing(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        account = link(cast.claire, liar)
        sign_in(client, cast.claire)
        client.post(reverse("outside_account_unlink", args=[account.pk]))
        assert not OutsideAccount.objects.exists()
        assert JournalEntry.objects.filter(verb="account.unlink", subject_id=cast.claire.pk).exists()
        assert come_in(CheckedClient(), liar).status_code == 403

    def test_another_account_cannot_be_unlinked(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        account = link(cast.claire, liar)
        sign_in(client, cast.solene)
        assert client.post(reverse("outside_account_unlink", args=[account.pk])).status_code == 404

    def test_the_only_way_in_stays(self, cast: Cast, liar: Liar) -> None:
        account = link(cast.claire, liar)
        User.objects.filter(pk=cast.claire.user_id).update(has_shared_mailbox=True, password="!")
        with pytest.raises(Refused, match="only_way"):
            actions.unlink_outside_account(account_again(account), actor=actor_of(cast.claire))
        Authenticator.objects.create(user=cast.claire.user, type=Authenticator.Type.WEBAUTHN, data={})
        actions.unlink_outside_account(account_again(account), actor=actor_of(cast.claire))

    def test_patients_are_offered_nothing(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        sign_in(client, cast.nadia)
        page = client.get(reverse(LIST)).text
        assert "Relier ce compte" not in page
        assert reverse(LIST) not in client.get(reverse("own_data")).text
        sign_in(client, cast.claire)
        assert reverse(LIST) in client.get(reverse("own_data")).text

    def test_whoever_left_may_still_unlink(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        Membership.objects.filter(person=cast.claire).update(role=Role.PEER)
        sign_in(client, cast.claire)
        assert reverse(LIST) in client.get(reverse("own_data")).text
        assert "Délier" in client.get(reverse(LIST)).text

    def test_it_leaves_with_its_owner_and_by_itself_after_a_year(self, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        assert "CHU" in str([section.rows for section in exports.people_part(cast.claire)])
        retention.apply(timezone.now() + timedelta(days=364))
        assert OutsideAccount.objects.exists()
        retention.apply(timezone.now() + timedelta(days=366))
        assert not OutsideAccount.objects.exists()


def account_again(account: OutsideAccount) -> OutsideAccount:
    return OutsideAccount.objects.select_related("user").get(pk=account.pk)


class TestNoneConfigured:
    def test_no_button_and_nothing_answers(self, client: CheckedClient, cast: Cast) -> None:
        assert "compte professionnel" not in client.get(reverse("account_login")).text
        sign_in(client, cast.claire)
        assert reverse(LIST) not in client.get(reverse("own_data")).text
        for name, method in (
            ("outside_sign_in", "post"),
            ("outside_account_link", "post"),
            ("outside_return", "get"),
        ):
            for who in (client, CheckedClient()):
                answer = getattr(who, method)(reverse(name, args=["chu"]))
                assert answer.status_code == 404 or "/compte/connexion/" in answer["Location"]
        assert client.get(reverse(LIST)).status_code == 404

    def test_the_button_says_whose_it_is_in_both_languages(
        self, client: CheckedClient, settings: Any, liar: Liar
    ) -> None:
        settings.OIDC_PROVIDERS = {"chu": provider_at(liar.url, label="CHU de Valmont", label_en="Valmont hospital")}
        assert "Se connecter avec mon compte CHU de Valmont" in client.get(reverse("account_login")).text
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "Sign in with my Valmont hospital account" in client.get(reverse("account_login")).text
        assert liar.seen == []  # showing the button asks nobody


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@pytest.fixture
def others_provider() -> Iterator[str]:
    """A provider written by others, in a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ))
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def test_a_provider_written_by_others(client: CheckedClient, cast: Cast, others_provider: str, settings: Any) -> None:
    """Linked, then signed in with, over real HTTP on both sides of the provider."""
    openid.forget()
    settings.OIDC_PROVIDERS = {"chu": provider_at(others_provider)}
    sign_in(client, cast.claire)
    for path, who in (("outside_account_link", client), ("outside_sign_in", CheckedClient())):
        url = who.post(reverse(path, args=["chu"]))["Refresh"].removeprefix("0;url=")
        opener = build_opener(_Stay)
        try:
            opener.open(url, data=urlencode({"sub": "899700218896"}).encode(), timeout=10)
        except OSError as answer:
            back = urlsplit(answer.headers["Location"])  # type: ignore[attr-defined]
            answer.close()  # type: ignore[attr-defined]
        response = who.get(f"{back.path}?{back.query}")
        assert response.status_code in (302, 303), re.sub(r"<[^>]+>", "", response.text)
        assert user_of(who) == cast.claire.user_id
