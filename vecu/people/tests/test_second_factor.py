"""The second factor of whoever works here."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import sign_in
from vecu.people.enums import Role
from vecu.people.tests.test_signin import (
    PASSWORD,
    ask_code,
    code_received,
    is_in,
    try_password,
    type_code,
    with_password,
)

pytestmark = pytest.mark.django_db


class TestSecondFactor:
    def test_staff_with_a_password_only_are_led_to_it_everywhere(self, client, cast):
        try_password(client, with_password(cast.claire).email)
        for page in ("member_list", "own_data", "organisation_list"):
            response = client.get(reverse(page))
            assert response["Location"].startswith(reverse("second_factor")), page
        assert client.post(reverse("invitation_create"), {"email": "x@y.example", "role": "peer"}).status_code == 302
        assert client.get(reverse("second_factor")).status_code == 200

    def test_staff_roles_count_for_nothing_before_it(self, client, cast):
        try_password(client, with_password(cast.claire).email)
        actor = client.get(reverse("account_signup")).wsgi_request.actor
        assert actor.is_signed_in and actor.roles == frozenset()
        sign_in(client, cast.claire)
        assert Role.COORDINATOR in client.get(reverse("account_signup")).wsgi_request.actor.roles

    def test_the_way_onward_keeps_identifiers_and_no_word(self, client, cast):
        """What is looked for may name somebody, or what they live with: it goes into no other address."""
        asked = {"personne": str(cast.nadia.pk), "page": "2", "q": "a&next=https://ailleurs.example", "code": "sep"}
        onward = {"next": [f"{reverse('member_list')}?personne={cast.nadia.pk}&page=2"]}
        response = client.get(reverse("member_list"), asked)  # nobody is signed in
        assert parse_qs(urlsplit(response["Location"]).query) == onward
        try_password(client, with_password(cast.claire).email)
        response = client.get(reverse("member_list"), asked)
        assert parse_qs(urlsplit(response["Location"]).query) == onward
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, cast.claire)
            assert is_in(client)
            clock.shift(timedelta(minutes=16))
            response = client.get(reverse("member_list"), asked)
        assert parse_qs(urlsplit(response["Location"]).query) == onward | {"reason": ["idle"]}

    def test_htmx_is_led_to_it_too(self, client, cast):
        try_password(client, with_password(cast.claire).email)
        response = client.htmx("get", reverse("member_list"))
        assert response["HX-Redirect"].startswith(reverse("second_factor"))

    @pytest.mark.django_db(transaction=True)
    def test_app_set_up_then_used(self, client, cast):
        ask_code(client, cast.claire.user.email)
        type_code(client, code_received())
        page = client.get(reverse("mfa_activate_totp")).text
        secret = re.search(r"<code>([A-Z2-7]+)</code>", page).group(1)
        app = pyotp.TOTP(secret)
        response = client.post(reverse("mfa_activate_totp"), {"code": app.now()})
        assert response["Location"] == reverse("mfa_view_recovery_codes")
        assert client.get(response["Location"]).text.count("<code>") == 10
        assert client.get(reverse("member_list")).status_code == 200

        again = CheckedClient()
        ask_code(again, cast.claire.user.email)
        assert type_code(again, code_received())["Location"] == reverse("mfa_authenticate")
        assert again.get(reverse("member_list")).status_code == 302
        assert again.get(reverse("mfa_authenticate")).status_code == 200
        with time_machine.travel(timezone.now() + timedelta(seconds=60)):
            again.post(reverse("mfa_authenticate"), {"code": app.now()})
            assert again.get(reverse("member_list")).status_code == 200

    def test_recovery_code_opens_once(self, client, cast):
        user = with_password(cast.claire)
        sign_in(client, cast.claire)
        page = client.get(reverse("mfa_activate_totp")).text
        # A password account proves itself again before changing its proofs.
        if not page:
            client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            page = client.get(reverse("mfa_activate_totp")).text
        app = pyotp.TOTP(re.search(r"<code>([A-Z2-7]+)</code>", page).group(1))
        client.post(reverse("mfa_activate_totp"), {"code": app.now()})
        recovery = re.search(r"<code>(\d{8})</code>", client.get(reverse("mfa_view_recovery_codes")).text).group(1)
        for expected in (True, False):
            other = CheckedClient()
            try_password(other, user.email)
            other.post(reverse("mfa_authenticate"), {"code": recovery})
            assert is_in(other) is expected

    def test_app_secret_is_sealed_in_the_database(self, client, cast):
        ask_code(client, cast.claire.user.email)
        type_code(client, code_received())
        secret = re.search(r"<code>([A-Z2-7]+)</code>", client.get(reverse("mfa_activate_totp")).text).group(1)
        client.post(reverse("mfa_activate_totp"), {"code": pyotp.TOTP(secret).now()})
        assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))

    def test_patient_needs_none(self, client, cast):
        ask_code(client, cast.nadia.user.email)
        type_code(client, code_received())
        assert is_in(client)

    def test_demo_entry_counts_in_the_demo_only(self, client, cast, settings):
        client.force_login(cast.claire.user)
        session = client.session
        session["demo"] = True
        session.save()
        assert client.get(reverse("member_list")).status_code == 302
        settings.DEMO = True
        assert client.get(reverse("member_list")).status_code == 200

    def test_second_factor_of_another_account_does_not_count(self, client, cast):
        sign_in(client, cast.claire)
        session = client.session
        session["account_authentication_methods_user"] = str(cast.youssef.user_id)
        session.save()
        assert client.get(reverse("member_list")).status_code == 302
