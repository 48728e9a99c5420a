"""After a request without an account: the link that opens one's space; and who sends too much from one place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from vecu.accompaniment.models import RequestDraft, SupportRequest
from vecu.accompaniment.tests.factories import WardDoorFactory
from vecu.accompaniment.tests.test_asking import CONTACT, WHO, at, fill
from vecu.core import jobs
from vecu.core.tables import Job
from vecu.people.actions import throttles

pytestmark = pytest.mark.django_db
WARD = {"given_name": "Rose", "phone": "01 99 00 44 55", "matters": ["avant_operation"], "agrees": "on"}


class TestOpening:
    """Neither the browser of whoever asks, nor the mailbox named, is enough alone."""

    def sent(self, client, programme, email="nadia@courrier.example", **contact):
        fill(client, programme, contact={**CONTACT, "email": email, **contact})
        client.post(at("ask_review", programme))
        return SupportRequest.objects.latest("created_at")

    def test_link_is_sent_on_asking_for_it_only(self, client, programme):
        request = self.sent(client, programme)
        jobs.run_due()
        assert not [letter for letter in outbox.outbox if "nadia@courrier.example" in letter.to]
        assert reverse("ask_open") in client.get(reverse("ask_done")).text
        assert client.post(reverse("ask_open"))["Location"] == reverse("ask_done")
        jobs.run_due()
        link = re.search(r"/invitation/\S+", outbox.outbox[-1].body)[0]
        client.get(link)
        response = client.post(reverse("invitation_accept"), {"known": CONTACT["phone"]})
        assert response["Location"] == reverse("passkey_offer")
        request.person.refresh_from_db()
        assert request.person.user.email == "nadia@courrier.example"

    def test_receipt_opens_as_the_phone_does(self, client, programme):
        self.sent(client, programme)
        code = re.search(r"(\d{4}\xa0){3}\d{4}", client.get(reverse("ask_done")).text)[0]
        client.post(reverse("ask_open"))
        jobs.run_due()
        other = Client()
        other.get(re.search(r"/invitation/\S+", outbox.outbox[-1].body)[0])
        response = other.post(reverse("invitation_accept"), {"known": code})
        assert response["Location"] == reverse("passkey_offer")

    def test_page_is_the_same_for_an_address_that_has_an_account(self, programme, cast):
        pages = []
        for email in (cast.nadia.user.email, "libre@courrier.example"):
            client = Client()
            self.sent(client, programme, email=email)
            before = client.get(reverse("ask_done")).text
            after = client.post(reverse("ask_open"), follow=True).text
            pages.append([re.sub(r"(\d{4}\xa0){3}\d{4}|value=\"[^\"]*\"", "", page) for page in (before, after)])
        assert pages[0] == pages[1] and reverse("ask_open") in pages[0][0]
        assert SupportRequest.objects.filter(person__user=None).count() == 2

    def test_not_offered_without_an_address_or_where_others_read(self, programme):
        for contact in ({"email": ""}, {"has_shared_mailbox": "on"}):
            client = Client()
            self.sent(client, programme, **contact)
            assert reverse("ask_open") not in client.get(reverse("ask_done")).text

    def test_whoever_has_neither_sent_nor_typed_a_code_sends_nothing(self, client, programme):
        self.sent(Client(), programme)
        assert client.post(reverse("ask_open"))["Location"] == reverse("ask_follow")
        assert not Job.objects.filter(kind="people.mail_opening").exists()


class TestTooMuchFromOnePlace:
    def test_a_hospital_behind_one_address_is_not_stopped(self, programme):
        """A hundred people in the same hour start, and forty wards' posts arrive, before anyone waits."""
        now = timezone.now()
        for number in range(100):
            throttles.count_sent(throttles.STARTED, "192.0.2.7", now + timedelta(seconds=number))
        for number in range(24 * 60):
            throttles.count_sent(throttles.FROM_WARD, "192.0.2.7", now + timedelta(minutes=number))

    def test_a_machine_is_told_and_nothing_typed_is_lost(self, client, programme, monkeypatch):
        monkeypatch.setattr(throttles, "STARTED", replace(throttles.STARTED, room=2))
        for _n in range(2):
            assert Client().post(at("ask_who", programme), WHO).status_code == 303
        page = client.post(at("ask_who", programme), WHO)
        assert page.status_code == 422
        assert "rien de ce que vous avez écrit n’est perdu" in page.text.lower()
        assert re.search(r'value="patient"[^>]*checked', page.text)
        assert RequestDraft.objects.count() == 2
        with time_machine.travel(timezone.now() + timedelta(minutes=1)):
            assert client.post(at("ask_who", programme), WHO).status_code == 303

    def test_the_next_questions_are_not_counted(self, client, programme, monkeypatch):
        monkeypatch.setattr(throttles, "STARTED", replace(throttles.STARTED, room=1))
        fill(client, programme)

    def test_a_ward_too(self, client, programme, monkeypatch):
        monkeypatch.setattr(throttles, "FROM_WARD", replace(throttles.FROM_WARD, room=1))
        door = WardDoorFactory(programme=programme)
        url = reverse("ward_request", args=[door.token])
        assert client.post(url, WARD).status_code == 303
        page = Client().post(url, WARD)
        assert page.status_code == 422 and 'value="Rose"' in page.text
        assert SupportRequest.objects.count() == 1
