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
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, sign_in
from vecu.core import openid, retention
from vecu.core.errors import Denied, Refused
from vecu.core.openid import Proof, Provider
from vecu.core.tables import JournalEntry
from vecu.people import actions, exports
from vecu.people.enums import Role
from vecu.people.models import Membership, OutsideAccount, Person, User
from vecu.people.tests.openid_provider import CLIENT, SECRET, Liar, serving

pytestmark = pytest.mark.django_db
LIST = "outside_account_list"


@pytest.fixture(scope="module")
def server() -> Iterator[Liar]:
    with serving() as liar:
        yield liar


@pytest.fixture
def liar(server: Liar, settings: Any) -> Liar:
    """The provider of the CHU, telling the truth at the start of each test."""
    server.__init__(url=server.url)  # type: ignore[misc]
    openid.forget()
    settings.OIDC_PROVIDERS = {"chu": provider_at(server.url)}
    return server


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


NOW = int(time.time())
LIES: dict[str, tuple[str, dict[str, Any]]] = {
    "wrong nonce": ("wrong_nonce", {"claims": {"nonce": "another"}}),
    "no nonce": ("wrong_token", {"claims": {"nonce": None}}),
    "nonce is a list": ("wrong_nonce", {"claims": {"nonce": ["x"]}}),
    "wrong audience": ("wrong_audience", {"claims": {"aud": "another"}}),
    "several audiences, presented by nobody": ("wrong_audience", {"claims": {"aud": [CLIENT, "another"]}}),
    "presented by another": ("wrong_audience", {"claims": {"aud": [CLIENT, "another"], "azp": "another"}}),
    "expired": ("expired", {"claims": {"exp": NOW - 120}}),
    "no end": ("wrong_token", {"claims": {"exp": None}}),
    "not yet": ("wrong_token", {"claims": {"nbf": NOW + 3600}}),
    "made in the future": ("wrong_token", {"claims": {"iat": NOW + 3600}}),
    "proven days ago": ("too_old", {"claims": {"auth_time": NOW - 3 * 86400}}),
    "other issuer": ("wrong_issuer", {"claims": {"iss": "https://ailleurs.example"}}),
    "nearly the issuer": ("wrong_issuer", {"claims": {"iss": "ISSUER/"}}),
    "no subject": ("wrong_token", {"claims": {"sub": None}}),
    "empty subject": ("wrong_subject", {"claims": {"sub": ""}}),
    "subject is a list": ("wrong_token", {"claims": {"sub": ["899700218896"]}}),
    "unsigned": ("wrong_signature", {"algorithm": "none"}),
    "signed with the secret we share": ("wrong_signature", {"algorithm": "HS256"}),
    "signed by a key not published": ("unknown_key", {"signed_with": 1}),
    "signed by another under a published name": ("wrong_signature", {"steals_name": True}),
    "metadata of another issuer": ("wrong_issuer", {"metadata": {"issuer": "https://ailleurs.example"}}),
    "redirected": ("provider_error", {"breaks": "redirect"}),
    "no token": ("no_token", {"breaks": "no_token"}),
}


@pytest.fixture
def told_why(caplog: pytest.LogCaptureFixture) -> Any:
    """The exact reasons, which only the log has."""

    def rules() -> list[str]:
        said = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
        return [line["rule"] for line in said if line.get("event") == "openid.refused"]

    return rules


class TestHostileProvider:
    @pytest.mark.parametrize("name", LIES)
    def test_a_lie_opens_nothing(self, client: CheckedClient, cast: Cast, liar: Liar, name: str, told_why: Any) -> None:
        link(cast.claire, liar)
        rule, lies = LIES[name]
        for what, value in lies.items():
            setattr(liar, what, value)
        liar.claims = {key: f"{liar.url}/" if value == "ISSUER/" else value for key, value in liar.claims.items()}
        response = client.post(reverse("outside_sign_in", args=["chu"]))
        if response.status_code == 200:
            url = response["Refresh"].removeprefix("0;url=")
            response = client.get(f"{reverse('outside_return', args=['chu'])}?{liar.authorise(url)}")
        assert response.status_code == 403, response.text
        assert told_why() == [rule]
        assert user_of(client) is None

    @pytest.mark.parametrize("breaks", ["500", "huge", "html"])
    def test_a_provider_that_breaks_is_explained(
        self, client: CheckedClient, cast: Cast, liar: Liar, breaks: str
    ) -> None:
        link(cast.claire, liar)
        back = go(client, liar)
        liar.breaks = breaks
        response = client.get(back)
        assert response.status_code in (403, 503)
        assert reverse("account_login") in response.text
        assert user_of(client) is None

    def test_a_provider_that_is_away_is_explained(self, client: CheckedClient, settings: Any) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings.OIDC_PROVIDERS = {"chu": provider_at(f"http://127.0.0.1:{port}")}
        openid.forget()
        response = client.post(reverse("outside_sign_in", args=["chu"]))
        assert response.status_code == 503
        assert "ne répond pas" in response.text

    def test_a_provider_that_drips_is_let_go(self, liar: Liar, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(openid, "TIMEOUT", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as slow:  # takes the call and never answers
            started = time.monotonic()
            with pytest.raises(openid.NotProven, match="unreachable"):
                openid.begin(provider_at(f"http://127.0.0.1:{slow.getsockname()[1]}"), "http://x/", max_age=1)
        assert time.monotonic() - started < 2

    def test_a_new_key_is_looked_for_once_it_is_needed(
        self, client: CheckedClient, cast: Cast, liar: Liar, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link(cast.claire, liar)
        come_in(client, liar)
        liar.signed_with = liar.published = 1
        assert come_in(CheckedClient(), liar).status_code == 403  # just read: not again so soon
        monkeypatch.setattr(openid, "KEYS_PAUSE", -1)
        assert come_in(CheckedClient(), liar).status_code == 302

    @pytest.mark.parametrize("field", ["token_endpoint", "jwks_uri"])
    @pytest.mark.parametrize(
        "url",
        [
            "http://169.254.169.254/latest",
            "http://[::1]:1/x",
            "http://2130706433/",
            "file:///etc/passwd",
            "https://ailleurs.example/",
        ],
    )
    def test_only_its_own_origin_is_spoken_to(
        self, client: CheckedClient, cast: Cast, liar: Liar, field: str, url: str
    ) -> None:
        """What a provider publishes cannot send us elsewhere."""
        liar.metadata = {field: url}
        response = come_in(client, liar)
        assert response.status_code == 403
        assert user_of(client) is None
        assert set(liar.seen) <= {"/.well-known/openid-configuration", "/token"}

    def test_a_door_without_tls_is_not_opened(self, client: CheckedClient, liar: Liar) -> None:
        liar.metadata = {"authorization_endpoint": "http://ailleurs.example/authorize"}
        assert client.post(reverse("outside_sign_in", args=["chu"])).status_code == 403


class TestConfusion:
    def test_same_subject_of_another_issuer_is_someone_else(
        self, client: CheckedClient, cast: Cast, liar: Liar
    ) -> None:
        link(cast.claire, liar, issuer="https://ailleurs.example")
        assert come_in(client, liar).status_code == 403
        assert user_of(client) is None

    def test_subjects_that_differ_by_a_capital_are_two_people(
        self, client: CheckedClient, cast: Cast, liar: Liar
    ) -> None:
        link(cast.claire, liar, subject="AbC")
        liar.subject = "abc"
        assert come_in(client, liar).status_code == 403

    def test_each_answer_serves_once(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        back = go(client, liar)
        assert client.get(back).status_code == 302
        client.post(reverse("account_logout"))
        assert client.get(back).status_code == 403
        assert user_of(client) is None

    def test_an_answer_for_another_browser_opens_nothing(self, cast: Cast, liar: Liar, told_why: Any) -> None:
        link(cast.claire, liar)
        victim, attacker = CheckedClient(), CheckedClient()
        back = go(attacker, liar)
        assert victim.get(back).status_code == 403  # asked nothing
        go(victim, liar)
        assert victim.get(back).status_code == 403  # asked something else
        assert told_why() == ["not_asked", "wrong_state"]
        assert user_of(victim) is None

    def test_an_answer_of_another_provider_opens_nothing(
        self, client: CheckedClient, cast: Cast, liar: Liar, settings: Any
    ) -> None:
        settings.OIDC_PROVIDERS |= {"psc": provider_at(liar.url, name="psc")}
        link(cast.claire, liar)
        back = go(client, liar)
        assert client.get(back.replace("/chu/", "/psc/")).status_code == 403
        assert user_of(client) is None

    def test_an_answer_that_names_another_issuer_opens_nothing(
        self, client: CheckedClient, cast: Cast, liar: Liar
    ) -> None:
        link(cast.claire, liar)
        assert client.get(go(client, liar) + "&iss=https://ailleurs.example").status_code == 403

    def test_ten_minutes(self, client: CheckedClient, cast: Cast, liar: Liar) -> None:
        link(cast.claire, liar)
        back = go(client, liar)
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            response = client.get(back)
        assert response.status_code == 403
        assert "dix minutes" in response.text

    def test_giving_up_there_is_no_fault(self, client: CheckedClient, liar: Liar) -> None:
        back = go(client, liar).replace("code=", "error=access_denied&x=")
        response = client.get(back)
        assert response.status_code == 403
        assert "sans vous y connecter" in response.text

    def test_a_return_nobody_asked_for_changes_nothing(self, client: CheckedClient, liar: Liar) -> None:
        assert client.get(reverse("outside_return", args=["chu"]) + "?code=x&state=y").status_code == 403
        assert liar.seen == []


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
        assert "CHU" in str([section.rows for section in exports.collect(cast.claire)])
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
