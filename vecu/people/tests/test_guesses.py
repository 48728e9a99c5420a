"""Guessing passwords and codes is slow, for strangers only."""

from __future__ import annotations

import statistics
import time
from datetime import timedelta
from ipaddress import ip_network

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from vecu.core.errors import Refused
from vecu.people.actions import throttles
from vecu.people.actions.throttles import Door
from vecu.people.models import Throttle
from vecu.people.tests.test_signin import ask_code, code_received, is_in, try_password, type_code, with_password

pytestmark = pytest.mark.django_db


class TestGuesses:
    def test_delay_after_five_wrong_tries(self, client, cast):
        user = with_password(cast.helene)
        for _n in range(6):
            try_password(client, user.email, "wrong words here")
        page = try_password(client, user.email)
        assert not is_in(client)
        assert "essais" in page.text or "tries" in page.text
        with time_machine.travel(timezone.now() + timedelta(minutes=16)):
            try_password(client, user.email)
            assert is_in(client)

    def test_owner_on_a_known_device_is_not_slowed_by_a_stranger(self, cast):
        user = with_password(cast.helene)
        owner, stranger = CheckedClient(), CheckedClient()
        try_password(owner, user.email)
        owner.post(reverse("account_logout"))
        for _n in range(8):
            try_password(stranger, user.email, "wrong words here")
        try_password(stranger, user.email)
        assert not is_in(stranger)
        try_password(owner, user.email)
        assert is_in(owner)

    def test_wrong_codes_slow_down_like_wrong_passwords(self, cast):
        for _round in range(2):
            client = CheckedClient()
            ask_code(client, cast.nadia.user.email)
            code = code_received()
            for _n in range(5):
                type_code(client, "000000" if code != "000000" else "111111")
        with pytest.raises(Refused, match="too_many_tries"):
            throttles.check_guess(Door(cast.nadia.user.email))

    def test_mailbox_is_not_flooded(self, cast):
        for _n in range(30):
            ask_code(CheckedClient(), cast.nadia.user.email)
        assert len(mail.outbox) <= throttles.CODES.free + 1

    def test_tries_all_day_long_get_a_hundred_guesses(self):
        """A guess every minute or so for a day: few are heard, and the owner's device is never refused."""
        start = timezone.now()
        stranger = Door("nadia@courrier.example", "192.0.2.7")
        owner = Door("nadia@courrier.example", "192.0.2.9", "a1b2")
        heard = 0
        for number in range(1_500):
            now = start + timedelta(seconds=57.6 * number)
            try:
                throttles.check_guess(stranger, now)
            except Refused:
                continue
            heard += 1
            throttles.count_wrong_guess(stranger, now)
        assert heard <= 110
        throttles.check_guess(owner, start + timedelta(hours=24))

    def test_ten_thousand_tries_in_an_hour_keep_the_owner_out_of_nothing(self, cast):
        """From one network and from a thousand, while Hélène signs in with her own device, by password and by code."""
        user = with_password(cast.helene)
        owner = CheckedClient()
        try_password(owner, user.email)
        owner.post(reverse("account_logout"))
        now, heard = timezone.now(), 0
        for number in range(10_000):
            at = now + timedelta(seconds=0.36 * number)
            door = Door(user.email, f"198.51.{number % 10}.{number % 100}" if number % 2 else "192.0.2.7")
            try:
                throttles.check_guess(door, at)
            except Refused:
                continue
            heard += 1
            throttles.count_wrong_guess(door, at)
        assert heard <= 20
        with time_machine.travel(now + timedelta(hours=1), tick=False):
            stranger = CheckedClient()
            try_password(stranger, user.email)
            assert not is_in(stranger)
            try_password(owner, user.email)
            assert is_in(owner)
            owner.post(reverse("account_logout"))
            ask_code(owner, user.email)
            type_code(owner, code_received())
            assert is_in(owner)

    @pytest.mark.parametrize("way", ["password", "code"])
    def test_known_and_unknown_addresses_take_the_same_time(self, cast, settings, way):
        """Medians of one run, taken in turn; with the real hash of passwords, which is what takes time."""
        settings.PASSWORD_HASHERS = ["vecu.people.hashers.Argon2"]
        known = with_password(cast.helene).email
        spent = {known: [], "personne.ici@courrier.example": []}
        for _round in range(7):
            for address, times in spent.items():
                Throttle.objects.all().delete()
                client = CheckedClient()
                client.get(reverse("account_login"))
                start = time.perf_counter()
                if way == "password":
                    try_password(client, address, "wrong words here")
                else:
                    client.post(reverse("account_request_login_code"), {"email": address})
                times.append(time.perf_counter() - start)
        ours, theirs = (statistics.median(times) for times in spent.values())
        assert 0.5 < ours / theirs < 2, (ours, theirs)

    def test_hospital_behind_one_address_is_not_locked(self):
        """Two hundred people who each mistype once from one network: none is refused."""
        now = timezone.now()
        for number in range(200):
            door = Door(f"carer{number}@courrier.example", "192.0.2.7")
            throttles.check_guess(door, now)
            throttles.count_wrong_guess(door, now)
        throttles.check_guess(Door("another@courrier.example", "192.0.2.7"), now)

    def test_a_forged_header_is_no_new_network(self, cast, settings):
        """Without a proxy, tries from one address are counted together whatever the header says; behind one, apart."""
        settings.TRUSTED_PROXIES = [ip_network("10.0.0.1")]
        for peer, networks in (("192.0.2.7", 1), ("10.0.0.1", 3)):
            Throttle.objects.all().delete()
            for number in range(3):
                headers = {"X-Forwarded-For": f"198.51.100.{number}"}
                data = {"login": "nobody@courrier.example", "password": "wrong words here"}
                CheckedClient(REMOTE_ADDR=peer).post(reverse("account_login"), data, headers=headers)
            assert Throttle.objects.count() == networks + 1

    def test_tries_are_forgotten_after_a_day_and_hold_no_address(self):
        now = timezone.now()
        throttles.count_wrong_guess(Door("nadia@courrier.example", "192.0.2.7"), now)
        assert not any("nadia" in row.key or "192" in row.key for row in Throttle.objects.all())
        throttles.forget_tries(now + timedelta(hours=25))
        assert not Throttle.objects.exists()
