"""The pages of programmes and of the links of wards."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from vecu.accompaniment.models import Programme, WardDoor
from vecu.accompaniment.tests.factories import ProgrammeFactory, make_safe
from vecu.accompaniment.tests.test_asking import NASTY

pytestmark = pytest.mark.django_db


def of(name, row):
    return reverse(name, args=[row.pk])


class TestProgrammePages:
    def test_open_refused_then_allowed(self, claire, cast):
        programme = ProgrammeFactory(organisation=cast.committee, closed=True)
        assert claire.post(of("programme_open", programme), {"is_open": "1"}).status_code == 409
        make_safe(cast.committee, cast.solene)
        assert claire.post(of("programme_open", programme), {"is_open": "1"}).status_code == 303
        assert Programme.objects.get(pk=programme.pk).is_open

    def test_settings_are_saved_and_bad_ones_given_back(self, claire, programme):
        page = claire.get(of("programme_edit", programme)).text
        names = set(re.findall(r'<input[^>]* name="(\w+)"', page.split("<main")[1])) - {"csrfmiddlewaretoken", "_once"}
        data = {"name": "Parler", "phone": "01 99 00 12 34", "call_working_days": "3", "unanswered_hours": "72",
                "answer_hours": "48", "first_contact_days": "3", "check_days": "7", "silence_days": "30",
                "ring_back_days": "14", "follow_up_weeks": "4; 12", "protocol_year": "", "keep_months": "12"}  # fmt: skip
        assert names == set(data)
        assert claire.post(of("programme_edit", programme), data).status_code == 303
        programme.refresh_from_db()
        assert (programme.call_working_days, programme.follow_up_weeks) == (3, [4, 12])
        client = Client()
        client.cookies = claire.cookies
        for name in data:
            for nasty in NASTY:
                assert client.post(of("programme_edit", programme), {**data, name: nasty}).status_code in (303, 422)

    def test_door_is_made_printed_renewed_and_closed(self, claire, cast, programme):
        made = claire.post(of("ward_add", programme), {"site": cast.ward.pk, "ward": "Jour", "reply_to": "s@h.example"})
        door = WardDoor.objects.get()
        assert made["Location"] == of("ward_poster", door)
        poster = claire.get(made["Location"]).text
        assert "<svg" in poster and "/service/" in poster and "Jour" not in poster.split("<article")[1]
        old = door.token
        claire.post(of("ward_renew", door))
        door.refresh_from_db()
        assert door.token != old
        claire.post(of("ward_open", door), {"is_open": "0"})
        door.refresh_from_db()
        assert not door.is_open

    def test_site_of_another_organisation_is_not_offered(self, claire, cast, programme):
        data = {"site": cast.other_ward.pk, "ward": "Jour"}
        assert claire.post(of("ward_add", programme), data).status_code == 422
