"""Signing in: codes, passwords, second factor, sessions. Real forms, real jobs, real mail backend."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import sign_in
from vecu.core import jobs, rotation, vault
from vecu.core.tables import Job
from vecu.people.actions import seals
from vecu.people.enums import Role
from vecu.people.models import Membership, Person, User

pytestmark = pytest.mark.django_db
PASSWORD = "trois chats sur un mur"
NOT_IN_MAILS = re.compile(
    r"cancer|malad|patient|pair|psy|hôpital|hopital|comité|valmont|nadia|benali|service|programme|soin|santé|peer|illness",
    re.IGNORECASE,
)


def ask_code(client, address):
    response = client.post(reverse("account_request_login_code"), {"email": address}, follow=True)
    jobs.run_due()
    return response


def code_received():
    return re.search(r"^(\d{6})$", mail.outbox[-1].body, re.MULTILINE).group(1)


def type_code(client, code):
    return client.post(reverse("account_confirm_login_code"), {"code": code})


def with_password(person):
    person.user.set_password(PASSWORD)
    person.user.save()
    return person.user


def try_password(client, address, password=PASSWORD):
    return client.post(reverse("account_login"), {"login": address, "password": password})


def is_in(client):
    return client.get(reverse("own_data")).status_code == 200


class TestCodeByMail:
    def test_it_works(self, client, cast):
        ask_code(client, cast.nadia.user.email.upper())
        response = type_code(client, code_received())
        assert response["Location"] == reverse("passkey_offer")
        assert is_in(client)

    def test_mail_says_nothing_but_the_code(self, client, cast):
        ask_code(client, cast.nadia.user.email)
        (message,) = mail.outbox
        assert message.to == [cast.nadia.user.email]
        everything = f"{message.subject} {message.body} {message.from_email} {message.extra_headers}"
        assert not NOT_IN_MAILS.search(everything), NOT_IN_MAILS.search(everything)
        assert "http" not in message.body
        assert not message.alternatives

    def test_code_and_address_do_not_lie_readable_in_the_job_table(self, client, cast):
        client.post(reverse("account_request_login_code"), {"email": cast.nadia.user.email})
        assert "nadia" not in str(list(Job.objects.values("payload")))

    def test_shared_mailbox_never_gets_a_code(self, client, cast):
        User.objects.filter(pk=cast.nadia.user_id).update(has_shared_mailbox=True)
        ask_code(client, cast.nadia.user.email)
        client.post(reverse("account_reset_password"), {"email": cast.nadia.user.email})
        jobs.run_due()
        assert mail.outbox == []

    def test_unknown_shared_and_known_addresses_get_the_same_page(self, cast):
        User.objects.filter(pk=cast.helene.user_id).update(has_shared_mailbox=True)
        pages = []
        for address in (cast.nadia.user.email, cast.helene.user.email, "personne.ici@courrier.example"):
            response = ask_code(CheckedClient(), address)
            text = re.sub(r'(value|id|for|aria-describedby)="[^"]*"', "", response.text.replace(address, "ADDRESS"))
            pages.append((response.status_code, response.redirect_chain, text))
        assert pages[0] == pages[1] == pages[2]
        assert len(mail.outbox) == 1

    def test_unknown_and_known_addresses_do_the_same_work(self, cast, django_assert_max_num_queries):
        counts = []
        client = CheckedClient()
        client.post(reverse("account_request_login_code"), {"email": "premiere@courrier.example"})  # makes the key
        for address in (cast.nadia.user.email, "personne.ici@courrier.example"):
            client = CheckedClient()
            client.get(reverse("account_login"))
            with django_assert_max_num_queries(60) as found:
                client.post(reverse("account_request_login_code"), {"email": address})
            counts.append(len([query for query in found.captured_queries if "people_throttle" not in query["sql"]]))
        assert abs(counts[0] - counts[1]) <= 1
        assert Job.objects.filter(kind="people.mail_sign_in").count() == 3

    def test_code_lives_ten_minutes(self, client, cast):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            ask_code(client, cast.nadia.user.email)
            clock.shift(timedelta(minutes=9, seconds=50))
            assert type_code(client, code_received())["Location"] == reverse("passkey_offer")
        other = CheckedClient()
        with time_machine.travel(timezone.now(), tick=False) as clock:
            ask_code(other, cast.helene.user.email)
            clock.shift(timedelta(minutes=10, seconds=10))
            type_code(other, code_received())
            assert not is_in(other)

    def test_five_wrong_tries_end_the_code(self, client, cast):
        ask_code(client, cast.nadia.user.email)
        code = code_received()
        for _n in range(5):
            type_code(client, "000000" if code != "000000" else "111111")
        type_code(client, code)
        assert not is_in(client)

    def test_code_opens_once(self, client, cast):
        ask_code(client, cast.nadia.user.email)
        code = code_received()
        type_code(client, code)
        other = CheckedClient()
        ask_code(other, cast.helene.user.email)
        type_code(other, code)
        assert not is_in(other) or code == code_received()

    def test_no_account_is_opened_by_a_form(self, client):
        response = client.post(reverse("account_signup"), {"email": "x@courrier.example", "password1": PASSWORD})
        assert response["Location"] == reverse("account_login")
        assert not User.objects.exists()


class TestPassword:
    def test_it_works(self, client, cast):
        try_password(client, with_password(cast.helene).email)
        assert is_in(client)

    def test_unknown_and_known_addresses_get_the_same_words(self, cast):
        with_password(cast.helene)
        pages = []
        for address in (cast.helene.user.email, "personne.ici@courrier.example"):
            response = try_password(CheckedClient(), address, "wrong words here")
            pages.append(re.sub(r'value="[^"]*"', "", response.text))
        assert pages[0] == pages[1]

    def test_reset_link_is_neutral_and_does_not_skip_the_second_factor(self, client, cast):
        user = with_password(cast.claire)
        Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
        client.post(reverse("account_reset_password"), {"email": user.email})
        jobs.run_due()
        (message,) = mail.outbox
        assert not NOT_IN_MAILS.search(f"{message.subject} {message.body}".replace("mot de passe", ""))
        link = re.search(r"http://[^/]+(/\S+)", message.body).group(1)
        page = client.get(link, follow=True)
        new = {"password1": "quatre chats sur un toit", "password2": "quatre chats sur un toit"}
        client.post(page.request["PATH_INFO"], new)
        assert try_password(client, user.email, new["password1"])["Location"] == reverse("mfa_authenticate")
        assert not is_in(client)

    def test_short_password_is_refused(self, client, cast):
        sign_in(client, cast.helene)
        page = client.post(reverse("account_set_password"), {"password1": "abc", "password2": "abc"})
        assert page.status_code == 200
        assert not User.objects.get(pk=cast.helene.user_id).has_usable_password()


class TestSessions:
    @pytest.mark.parametrize(
        ("who", "away", "stays"),
        [
            ("claire", timedelta(minutes=14), True),
            ("claire", timedelta(minutes=16), False),
            ("nadia", timedelta(minutes=29), True),
            ("nadia", timedelta(minutes=31), False),
        ],
    )
    def test_idle(self, client, cast, who, away, stays):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, getattr(cast, who))
            assert is_in(client)
            clock.shift(away)
            assert is_in(client) is stays
            assert is_in(client) is stays

    @pytest.mark.parametrize(("who", "step", "whole"), [("claire", 10, 12 * 60), ("nadia", 25, 7 * 24 * 60)])
    def test_absolute_end_even_for_the_busy(self, client, cast, who, step, whole):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, getattr(cast, who))
            assert is_in(client)
            session = client.session  # busy since, up to a step before the end
            session["signed_in_at"] -= (whole - step) * 60
            session.save()
            assert is_in(client)
            clock.shift(timedelta(minutes=step - 1))
            assert is_in(client)
            clock.shift(timedelta(minutes=2))
            assert not is_in(client)

    def test_what_was_typed_comes_back_to_its_author_only(self, client, cast):
        typed = {"given_name": "Nadia", "family_name": "Benali", "town": "Un village que j’aime"}
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, cast.nadia)
            assert is_in(client)
            clock.shift(timedelta(minutes=31))
            response = client.post(reverse("own_contact"), typed)
            assert reverse("account_login") in response["Location"]
            assert "village" not in str(dict(client.session))
            page = client.get(response["Location"])
            assert page.status_code == 200
            ask_code(client, cast.nadia.user.email)
            type_code(client, code_received())
            page = client.get(reverse("typed_resume"))
            assert "Un village que j’aime" in page.text
            assert f'action="{reverse("own_contact")}"' in page.text

    def test_what_was_typed_goes_back_where_it_was_going_after_a_renewal_of_keys(self, client, cast, monkeypatch):
        monkeypatch.setattr(rotation, "SETTLE", 0)
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, cast.nadia)
            assert is_in(client)
            clock.shift(timedelta(minutes=31))
            client.post(reverse("own_contact") + "?de=ici", {"town": "Un village que j’aime"})
            call_command("rotate_keys", "--data", verbosity=0)
            ask_code(client, cast.nadia.user.email)
            type_code(client, code_received())
            page = client.get(reverse("typed_resume"))
            assert "Un village que j’aime" in page.text
            assert f'action="{reverse("own_contact")}?de=ici"' in page.text

    def test_what_was_typed_is_not_shown_to_someone_else(self, client, cast):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            sign_in(client, cast.nadia)
            assert is_in(client)
            clock.shift(timedelta(minutes=31))
            client.post(reverse("own_contact"), {"town": "Un village que j’aime"})
            ask_code(client, cast.helene.user.email)
            type_code(client, code_received())
            assert "village" not in client.get(reverse("typed_resume"), follow=True).text

    def test_apps_and_recovery_codes_still_open_after_a_renewal_of_keys(self, cast, monkeypatch):
        monkeypatch.setattr(rotation, "SETTLE", 0)
        secret = pyotp.random_base32()
        app, codes = TOTP.activate(cast.claire.user, secret), RecoveryCodes.activate(cast.claire.user)
        listed = codes.get_unused_codes()
        old = seals._key_id()
        call_command("rotate_keys", "--data", verbosity=0)
        now = timezone.now() + rotation.KEPT_AFTER + timedelta(minutes=1)
        rotation.retire_keys(now)
        assert vault.opened(old).is_destroyed and seals._key_id() != old
        app.instance.refresh_from_db()
        assert app.validate_code(pyotp.TOTP(secret).now())
        codes.instance.refresh_from_db()
        assert listed and codes.get_unused_codes() == listed

    def test_closing_the_others_refuses_them_at_their_next_page(self, cast):
        user = with_password(cast.helene)
        here, elsewhere = CheckedClient(), CheckedClient()
        for each in (here, elsewhere):
            try_password(each, user.email)
        assert is_in(elsewhere)
        here.post(reverse("usersessions_list"))
        assert is_in(here)
        assert not is_in(elsewhere)

    def test_signing_out_clears_the_browser(self, client, cast):
        sign_in(client, cast.nadia)
        response = client.post(reverse("account_logout"))
        assert "cache" in response["Clear-Site-Data"]
        assert "no-store" in response["Cache-Control"]
        assert not is_in(client)

    def test_getting_the_sign_out_page_signs_nobody_out(self, client, cast):
        sign_in(client, cast.nadia)
        assert client.get(reverse("account_logout")).status_code == 200
        assert is_in(client)

    @pytest.mark.parametrize("is_secure", [True, False])
    def test_cookies_follow_the_connection(self, client, cast, is_secure):
        """Every cookie set by our own pages is marked secure exactly where the page came over HTTPS."""
        sign_in(client, cast.nadia)
        set_here = {}
        for page, data in (("passkey_offer", {}), ("own_account", {"language": "fr"})):
            set_here |= client.post(reverse(page), data, secure=is_secure).cookies
        assert {"passkey_later", "django_language"} <= set(set_here)
        ours = {name for name in set_here if name not in ("sessionid", "csrftoken", "messages")}
        assert {bool(set_here[name]["secure"]) for name in ours} == {is_secure}

    def test_closed_account_is_out_at_once(self, client, cast):
        sign_in(client, cast.nadia)
        User.objects.filter(pk=cast.nadia.user_id).update(is_active=False)
        assert not is_in(client)


class TestActorOfTheRequest:
    def test_two_queries_more_than_a_page_without_anybody(self, client, cast, django_assert_num_queries):
        """The session, the account, then one query for the person and all their roles."""
        sign_in(client, cast.nadia)
        client.get(reverse("account_logout"))
        with django_assert_num_queries(3) as found:
            client.get(reverse("account_signup"))
        assert "people_membership" in found.captured_queries[-1]["sql"]

    def test_ended_role_gives_nothing_from_the_next_page_on(self, client, cast):
        sign_in(client, cast.claire)
        assert client.get(reverse("member_list")).status_code == 200
        Membership.objects.filter(person=cast.claire).update(ended_on=timezone.localdate())
        assert client.get(reverse("member_list")).status_code == 403

    def test_role_not_started_gives_nothing(self, client, cast):
        Membership.objects.filter(person=cast.claire).update(started_on=timezone.localdate() + timedelta(days=1))
        sign_in(client, cast.claire)
        assert client.get(reverse("member_list")).status_code == 403

    def test_roles_of_another_organisation_do_not_leak(self, client, cast):
        Membership.objects.create(
            person=cast.helene,
            organisation=cast.other_hospital,
            role=Role.COORDINATOR,
            started_on=timezone.localdate(),
        )
        sign_in(client, cast.helene, cast.committee)
        assert client.get(reverse("member_list")).status_code == 403

    def test_language_of_the_person(self, client, cast):
        User.objects.filter(pk=cast.nadia.user_id).update(language="en")
        sign_in(client, cast.nadia)
        assert '<html lang="en"' in client.get(reverse("own_data")).text

    def test_erased_person_is_nobody(self, client, cast):
        sign_in(client, cast.nadia)
        Person.objects.filter(pk=cast.nadia.pk).update(erased_at=timezone.now())
        assert client.get(reverse("own_data")).status_code == 302
