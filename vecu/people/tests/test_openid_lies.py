"""Professional accounts: providers that lie, break or are mistaken for another open nothing."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast
from vecu.core import openid
from vecu.people.tests.openid_provider import CLIENT, Liar
from vecu.people.tests.openid_visits import come_in, go, link, provider_at, user_of

pytestmark = pytest.mark.django_db

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
