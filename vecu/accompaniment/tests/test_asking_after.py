"""Following a request by its code, and the door of a ward."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import sign_in
from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.tests.factories import RECEIPT, ProgrammeFactory, RequestFactory, WardDoorFactory
from vecu.accompaniment.tests.test_asking import NASTY
from vecu.core import jobs
from vecu.core.tables import Job
from vecu.people.models import Throttle

pytestmark = pytest.mark.django_db


# Families of security.md 3.5 that fit a text field.


class TestFollow:
    def follow(self, client, code=RECEIPT):
        return client.post(reverse("ask_follow"), {"code": code})

    def test_it_works(self, client, programme):
        request = RequestFactory(programme=programme, with_receipt=True)
        assert self.follow(client, "4821 0073 9915 6640")["Location"] == reverse("ask_follow")
        page = client.get(reverse("ask_follow")).text
        assert "Nous allons vous appeler" in page
        assert request.person.given_name not in page and "travaille encore" not in page

    def test_late_call_is_admitted(self, client, programme):
        RequestFactory(programme=programme, with_receipt=True, late=True)
        self.follow(client)
        assert "désolés" in client.get(reverse("ask_follow")).text

    @pytest.mark.parametrize("code", [*NASTY, RECEIPT[::-1]])
    def test_wrong_codes_are_answered_kindly(self, programme, code):
        assert self.follow(Client(), code).status_code in (200, 422)

    def test_wrong_tries_stay_counted_though_the_form_has_a_key(self, client, programme):
        RequestFactory(programme=programme, with_receipt=True)
        for guess in range(5):
            key = re.search(r'name="_once" value="([^"]*)"', client.get(reverse("ask_follow")).text)[1]
            client.post(reverse("ask_follow"), {"code": f"{guess:016d}", "_once": key})
        response = self.follow(client)
        assert response.status_code == 200  # the right code, but a delay runs
        assert Throttle.objects.get().failures == 5

    def test_withdraw_in_one_step(self, client, programme):
        request = RequestFactory(programme=programme, with_receipt=True)
        self.follow(client)
        assert client.post(reverse("ask_withdraw"))["Location"] == reverse("ask_follow")
        request.refresh_from_db()
        assert request.closing == "withdrawn"
        assert "terminée" in client.get(reverse("ask_follow")).text

    def test_signed_in_no_code_is_asked(self, client, programme, cast):
        """Whoever has an account sees their own request and stops it, without the sixteen digits."""
        request = RequestFactory(programme=programme)
        SupportRequest.objects.filter(pk=request.pk).update(person=cast.nadia)
        sign_in(client, cast.nadia)
        assert "Nous allons vous appeler" in client.get(reverse("ask_follow")).text
        assert client.post(reverse("ask_withdraw"))["Location"] == reverse("today")
        request.refresh_from_db()
        assert request.closing == "withdrawn"

    def test_signed_in_nobody_stops_the_request_of_another(self, client, programme, cast):
        request = RequestFactory(programme=programme)
        sign_in(client, cast.claire)
        assert client.post(reverse("ask_withdraw"))["Location"] == reverse("ask_follow")
        request.refresh_from_db()
        assert request.state == RequestState.RECEIVED

    def test_withdraw_without_a_code_does_nothing(self, client, programme):
        request = RequestFactory(programme=programme, with_receipt=True)
        client.post(reverse("ask_withdraw"))
        request.refresh_from_db()
        assert request.state == "received"
        assert client.get(reverse("ask_withdraw")).status_code == 405


class TestWard:
    DATA = {"given_name": "R.", "phone": "01 99 00 44 55", "matters": ["avant_operation"], "agrees": "on"}

    def post(self, client, door, **data):
        return client.post(reverse("ward_request", args=[door.token]), {**self.DATA, **data})

    def test_it_works(self, client, programme, cast):
        door = WardDoorFactory(programme=programme, site=cast.ward)
        day = timezone.localdate() + timedelta(days=12)
        response = self.post(client, door, fixed_on=day.isoformat(), to_know="En fauteuil")
        assert response["Location"] == reverse("ward_done", args=[door.token])
        request = SupportRequest.objects.get()
        assert (request.source, request.door, request.fixed_on, request.to_know) == ("ward", door, day, "En fauteuil")
        assert request.consent is None and request.person.user is None
        assert "fauteuil" not in client.get(response["Location"]).text

    def test_six_questions_and_not_one_more(self, client, programme):
        page = client.get(reverse("ward_request", args=[WardDoorFactory(programme=programme).token])).text
        form = page.split("<main")[1].split("</form>")[0]
        names = set(re.findall(r'name="(\w+)"', form)) - {"csrfmiddlewaretoken", "_once"}
        assert names == {"given_name", "phone", "matters", "fixed_on", "to_know", "agrees"}
        assert 'autocomplete="given-name"' not in form and 'autocomplete="tel"' not in form

    def test_the_person_agrees_first(self, client, programme):
        door = WardDoorFactory(programme=programme)
        assert self.post(client, door, agrees="").status_code == 422
        assert not SupportRequest.objects.exists()

    def test_the_day_of_the_call_is_that_of_this_ward(self, client, programme):
        """A computer sends for two wards, each with its own promise."""
        slow = ProgrammeFactory(call_working_days=30)
        here, there = WardDoorFactory(programme=programme), WardDoorFactory(programme=slow)
        done = [reverse("ward_done", args=[door.token]) for door in (here, there)]

        def days(page: str) -> list[str]:
            return re.findall('<time datetime="([^"]+)"', client.get(page).text)

        before = days(done[0])
        self.post(client, there)
        assert before and days(done[0]) == before
        assert days(done[1]) != before

    def test_one_neutral_letter_leaves_for_the_ward(self, client, programme, django_capture_on_commit_callbacks):
        door = WardDoorFactory(programme=programme, ward="Oncologie")
        self.post(client, door)
        assert Job.objects.filter(kind="mail").count() >= 1
        jobs.run_due()
        letters = [letter for letter in outbox.outbox if letter.to == ["service@hopital.example"]]
        assert [letter.subject for letter in letters] == ["Votre demande est reçue"]
        assert not re.search("onco|cancer|patient|pair|R\\.", letters[0].body, re.I)

    def test_closed_and_unknown_links_give_the_phone(self, client, programme):
        for token in (WardDoorFactory(programme=programme, closed=True).token, "zzzzzzzzzzzz", "x" * 3000, "%00"):
            response = client.get(reverse("ward_request", args=[token]))
            assert response.status_code == 404
            assert "01\xa099\xa000\xa012\xa034" in response.text

    def test_nothing_about_the_person_is_shown_later(self, client, programme):
        door = WardDoorFactory(programme=programme)
        self.post(client, door, given_name="Rosemonde")
        for name in ("ward_request", "ward_done"):
            assert "Rosemonde" not in client.get(reverse(name, args=[door.token])).text

    def test_the_answer_is_not_kept_by_the_browser(self, client, programme):
        door = WardDoorFactory(programme=programme)
        assert "no-store" in client.get(reverse("ward_request", args=[door.token]))["Cache-Control"]

    @pytest.mark.parametrize("name", ["given_name", "phone", "matters", "fixed_on", "to_know", "agrees"])
    def test_no_input_breaks_a_field(self, programme, name):
        client = Client()
        door = WardDoorFactory(programme=programme)
        for nasty in NASTY:
            response = self.post(client, door, **{name: nasty})
            assert response.status_code in (303, 422), (name, nasty[:30])
            if response.status_code == 422 and name != "matters":
                assert 'value="01 99 00 44 55"' in response.text or name == "phone"
