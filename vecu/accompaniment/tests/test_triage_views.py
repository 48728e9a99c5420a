"""A coordinator's pages about requests, programmes and doors, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import actor_of, sign_in
from vecu.accompaniment import panels
from vecu.accompaniment.actions import triage
from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.models import CallAttempt, SupportRequest, UnmetNeed, WardDoor
from vecu.accompaniment.tests.factories import RequestFactory, WardDoorFactory
from vecu.accompaniment.tests.test_asking import NASTY
from vecu.core import vault
from vecu.core.tables import JournalEntry
from vecu.people import actions as people_actions
from vecu.people.enums import ConsentChannel, ConsentPurpose

pytestmark = pytest.mark.django_db

LISTS = ["request_list", "request_add", "unmet_list", "programme_list", "programme_add"]
OF_REQUEST = ["request_detail", "request_edit", "request_open", "request_wait", "request_close"]
POSTED = ["request_call", "request_resume", "request_reopen", "request_unmet"]
OF_PROGRAMME = ["programme_detail", "programme_edit", "ward_add"]
OF_DOOR = ["ward_edit", "ward_poster"]


def of(name, row):
    return reverse(name, args=[row.pk])


class TestDoors:
    def pages(self, programme):
        request, door = RequestFactory(programme=programme), WardDoorFactory(programme=programme)
        return [
            *(of(name, request) for name in OF_REQUEST),
            *(of(name, programme) for name in OF_PROGRAMME),
            *(of(name, door) for name in OF_DOOR),
        ]

    def test_it_works(self, claire, programme):
        for page in [*self.pages(programme), *(reverse(name) for name in LISTS)]:
            assert claire.get(page, follow=True).status_code == 200, page

    def test_other_organisation_gets_404(self, client, cast, programme):
        sign_in(client, cast.youssef)
        for page in self.pages(programme):
            assert client.get(page).status_code == 404, page
        for name in POSTED:
            assert client.post(of(name, SupportRequest.objects.get())).status_code == 404
        for name in ("ward_open", "ward_renew"):
            assert client.post(of(name, WardDoor.objects.get())).status_code == 404
        assert client.post(of("programme_open", programme)).status_code == 404

    @pytest.mark.parametrize("name", ["helene", "nadia", "solene", "delphine", "bertrand", "etienne"])
    def test_role_without_right_gets_403(self, client, cast, programme, name):
        sign_in(client, getattr(cast, name))
        for page in [*self.pages(programme), *(reverse(page) for page in LISTS)]:
            assert client.get(page).status_code == 403, page

    def test_signed_out_is_led_to_sign_in(self, client, programme):
        for page in self.pages(programme):
            assert reverse("account_login") in client.get(page)["Location"]

    @pytest.mark.parametrize("name", POSTED)
    def test_nothing_changes_by_get(self, claire, programme, name):
        assert claire.get(of(name, RequestFactory(programme=programme))).status_code == 405


class TestList:
    def test_tabs_count_each_step(self, claire, programme):
        for traits in ({}, {}, {"open": True}, {"waiting": True}, {"closed": True}):
            RequestFactory(programme=programme, **traits)
        page = claire.get(reverse("request_list")).text
        counts = re.findall(r"<a href=\"([^\"]*)\"[^>]*>[^<]*<b>(\d+)</b>", page)
        assert counts == [
            (f"{reverse('request_list')}?etape=rappeler", "2"),
            (reverse("board"), "2"),
            (reverse("proposed_list"), "0"),
            (reverse("pair_list"), "0"),
            (f"{reverse('request_list')}?etape=terminees", "1"),
        ]

    def test_every_step_leads_on(self, claire, programme):
        """The tabs go to the pages where one acts, and the whole list is one click away from the board."""
        asked = RequestFactory(programme=programme, open=True)
        board = claire.get(reverse("board_request", args=[asked.pk])).text
        assert f"{reverse('request_list')}?etape=apparier" in board
        listed = claire.get(reverse("request_list"), {"etape": "apparier"}).text
        assert reverse("request_detail", args=[asked.pk]) in listed
        assert reverse("board_request", args=[asked.pk]) in claire.get(reverse("request_detail", args=[asked.pk])).text

    def test_everything_about_the_person_can_be_stopped_from_there(self, claire, programme):
        asked = RequestFactory(programme=programme)
        stop = reverse("person_stop", args=[asked.person_id])
        assert stop in claire.get(reverse("request_detail", args=[asked.pk])).text
        assert claire.get(stop).status_code == 200
        assert claire.post(stop, {"reason": "distress"}).status_code == 303
        assert stop not in claire.get(reverse("request_detail", args=[asked.pk])).text

    def test_late_first_in_words(self, claire, programme):
        fresh, late = RequestFactory(programme=programme), RequestFactory(programme=programme, late=True)
        page = claire.get(reverse("request_list")).text
        assert page.index(str(late.pk)) < page.index(str(fresh.pk))
        assert "En retard de" in page and "Attend depuis 8\xa0jours" in page.replace("8 jours", "8\xa0jours")

    def test_those_who_wait_for_a_later_day_come_last(self, claire, programme):
        waiting = RequestFactory(programme=programme, waiting=True, late=True)
        opened = RequestFactory(programme=programme, open=True)
        page = claire.get(reverse("request_list"), {"etape": "apparier"}).text
        assert page.index(str(opened.pk)) < page.index(str(waiting.pk))

    def test_same_number_of_queries_at_any_size(self, claire, programme, django_assert_max_num_queries):
        claire.get(reverse("request_list"))  # the first page also opens the session
        counts = []
        for size in (3, 40):
            for _number in range(size):
                RequestFactory(programme=programme)
            vault.forget()
            with django_assert_max_num_queries(14) as seen:
                claire.get(reverse("request_list"))
            counts.append(len(seen))
        assert counts[0] == counts[1]

    def test_fifty_rows_a_page(self, claire, programme):
        RequestFactory.create_batch(52, programme=programme)
        assert claire.get(reverse("request_list")).text.count('<th scope="row">') == 50
        assert claire.get(reverse("request_list"), {"page": "2"}).text.count('<th scope="row">') == 2

    @pytest.mark.parametrize("value", NASTY)
    def test_any_address_is_answered(self, cast, programme, value):
        client = sign_in(Client(), cast.claire)
        assert client.get(reverse("request_list"), {"etape": value, "page": value}).status_code == 200

    def test_other_organisation_is_never_listed(self, claire, programme):
        other = RequestFactory()
        assert str(other.pk) not in claire.get(reverse("request_list")).text

    def test_kind_words_when_empty(self, claire, programme):
        assert "Personne n’attend d’appel" in claire.get(reverse("request_list")).text


class TestDetail:
    def test_opening_it_is_journaled_for_the_person(self, claire, cast, programme):
        request = RequestFactory(programme=programme)
        page = claire.get(of("request_detail", request)).text
        assert "travaille encore" in page and request.person.given_name in page
        entry = JournalEntry.objects.get(verb="request.read")
        assert (entry.actor_id, entry.subject_id, entry.is_reading) == (cast.claire.pk, request.person_id, True)

    def test_no_name_nor_illness_in_the_title(self, claire, programme):
        request = RequestFactory(programme=programme)
        title = re.search(r"<title>(.*?)</title>", claire.get(of("request_detail", request)).text, re.S)[1]
        assert "cancer" not in title.casefold() and request.person.given_name not in title

    def test_hostile_words_are_shown_as_text(self, claire, programme):
        request = RequestFactory(programme=programme, own_words="'\"><svg onload=alert(1)>", to_know="<b>x</b>")
        assert b"<svg onload" not in claire.get(of("request_detail", request)).content

    def test_erased_request_says_so_and_breaks_nothing(self, claire, programme):
        request = RequestFactory(programme=programme, closed=True)
        triage.erase_request(request)
        page = claire.get(of("request_detail", request))
        assert page.status_code == 200
        assert "travaille encore" not in page.text

    def test_minor_is_pointed_out(self, claire, programme):
        request = RequestFactory(programme=programme, needs={"age_group": "young"})
        assert "entre 15 et 17 ans" in claire.get(of("request_detail", request)).text


class TestDecisions:
    def test_call_is_noted(self, claire, programme):
        request = RequestFactory(programme=programme)
        claire.post(of("request_call", request), {"outcome": "no_answer"})
        claire.post(of("request_call", request), {"outcome": "=cmd|"})
        assert [call.outcome for call in CallAttempt.objects.all()] == ["no_answer"]

    def test_agreement_opens(self, claire, programme):
        request = RequestFactory(programme=programme)
        page = claire.get(of("request_open", request)).text
        assert "mise en relation" in page and 'value="online"' not in page
        assert claire.post(of("request_open", request), {"channel": "online"}).status_code == 422
        assert claire.post(of("request_open", request), {"channel": "oral"}).status_code == 303
        request.refresh_from_db()
        assert request.state == RequestState.OPEN

    def test_agreement_given_on_screen_is_offered(self, claire, cast, programme):
        request = RequestFactory(programme=programme)
        for purpose in (ConsentPurpose.CONTACT, ConsentPurpose.KEEPING):
            assert 'value="online"' not in claire.get(of("request_open", request)).text
            people_actions.record_consent(
                request.person, purpose, actor=actor_of(cast.claire), organisation=cast.committee,
                channel=ConsentChannel.ONLINE,
            )  # fmt: skip
        assert 'value="online"' in claire.get(of("request_open", request)).text
        assert claire.post(of("request_open", request), {"channel": "online"}).status_code == 303

    def test_stale_page_answers_409_with_a_sentence(self, claire, programme):
        request = RequestFactory(programme=programme, open=True)
        response = claire.post(of("request_open", request), {"channel": "oral"})
        assert response.status_code == 409

    def test_wait_then_look_again(self, claire, programme):
        request = RequestFactory(programme=programme, open=True)
        day = timezone.localdate() + timedelta(days=10)
        claire.post(of("request_wait", request), {"ring_back_on": day.isoformat(), "alternatives": ["help_line"]})
        request.refresh_from_db()
        assert (request.state, request.ring_back_on) == ("waiting", day)
        claire.post(of("request_resume", request))
        request.refresh_from_db()
        assert (request.state, request.ring_back_on) == ("open", None)

    @pytest.mark.parametrize("value", NASTY)
    def test_any_ring_back_day_is_answered(self, cast, programme, value):
        client, request = sign_in(Client(), cast.claire), RequestFactory(programme=programme, open=True)
        assert client.post(of("request_wait", request), {"ring_back_on": value}).status_code in (409, 422)

    @pytest.mark.parametrize(("reason", "closing"), [("social_worker", "social_worker"), ("withdrawn", "withdrawn")])
    def test_end_with_a_reason(self, claire, programme, reason, closing):
        request = RequestFactory(programme=programme)
        assert claire.post(of("request_close", request), {"reason": ""}).status_code == 422
        assert claire.post(of("request_close", request), {"reason": "pair_ended"}).status_code == 422
        claire.post(of("request_close", request), {"reason": reason})
        request.refresh_from_db()
        assert (request.state, request.closing) == ("closed", closing)
        claire.post(of("request_reopen", request))
        request.refresh_from_db()
        assert request.state == "received"

    def test_need_is_counted(self, claire, programme):
        request = RequestFactory(programme=programme, open=True)
        for _time in range(2):
            claire.post(of("request_unmet", request))
        assert UnmetNeed.objects.count() == 1


class TestEntering:
    DATA = {
        "role": "patient",
        "given_name": "Paulette",
        "phone": "+33 1 99 00 66 77",
        "matters": ["travail"],
        "condition_code": "sep",
        "times": ["week_am"],
        "language": "fr",
    }

    def test_it_works(self, claire, programme):
        response = claire.post(reverse("request_add"), self.DATA)
        request = SupportRequest.objects.get()
        assert response["Location"] == of("request_detail", request)
        assert (request.source, request.state, request.person.phone) == ("phone", "received", "01 99 00 66 77")
        first, again = claire.get(response["Location"]).text, claire.get(response["Location"]).text
        code = re.search(r"\d{4}\xa0\d{4}\xa0\d{4}\xa0\d{4}", first)
        assert code and code[0] not in again

    def test_what_a_relative_must_say_is_not_called_optional(self, claire, programme):
        page = claire.get(reverse("request_add")).text
        assert "(facultatif)" not in re.search(r'<label for="id_relation">(.*?)</label>', page)[1]

    def test_a_closed_programme_takes_none_by_phone(self, claire, programme):
        """Neither offered on arriving, nor taken from a page opened before it closed."""
        type(programme).objects.filter(pk=programme.pk).update(is_open=False)
        page = claire.get(reverse("request_add")).text
        assert "Aucun programme n’est ouvert" in page and 'name="given_name"' not in page
        address = f"{reverse('request_add')}?programme={programme.pk}"
        assert 'name="given_name"' not in claire.get(address).text
        assert claire.post(address, self.DATA).status_code == 409
        assert not SupportRequest.objects.exists()

    def test_oral_agreement_opens_it_at_once_with_its_witness(self, claire, cast, programme):
        claire.post(reverse("request_add"), {**self.DATA, "has_agreed": "on"})
        request = SupportRequest.objects.get()
        assert request.state == "open"
        assert (request.consent.channel, request.consent.recorded_by_id) == ("oral", cast.claire.pk)

    def test_completing_keeps_what_the_form_does_not_ask(self, claire, programme):
        peer = "0b7f5f3e-7d0a-4c53-9a0b-0f6d4b1f2a11"
        request = RequestFactory(
            programme=programme,
            needs={"conditions": ["sep", "lupus"], "age_group": "young", "guardian": True, "situations": ["travail"]},
            wishes={"excluded_peers": [peer], "slots": ["tue_am", "thu_am"], "matters": ["stomie"]},
            languages=["fr", "ar"],
            fixed_on=timezone.localdate() - timedelta(days=3),
        )
        page = claire.get(of("request_edit", request)).text
        for ticked in ("tue_am", "thu_am", "stomie"):
            assert re.search(rf'value="{ticked}"[^>]*checked', page)
        day = request.fixed_on.isoformat()
        data = {**self.DATA, "times": [], "slots": ["tue_am", "thu_am"], "matters": ["stomie"], "fixed_on": day}
        response = claire.post(of("request_edit", request), {**data, "to_know": "En fauteuil"})
        assert response.status_code == 303
        request.refresh_from_db()
        assert request.needs["age_group"] == "young" and request.needs["guardian"] is True
        assert request.needs["conditions"] == ["sep", "lupus"] and request.needs["situations"] == ["travail"]
        assert request.wishes["excluded_peers"] == [peer] and request.languages == ["fr", "ar"]
        assert (request.wishes["slots"], request.wishes["matters"]) == (["tue_am", "thu_am"], ["stomie"])
        assert request.to_know == "En fauteuil" and request.person.given_name == "Paulette"


class TestToday:
    def test_late_first_then_new(self, cast, programme):
        fresh, late = RequestFactory(programme=programme), RequestFactory(programme=programme, late=True)
        due = RequestFactory(programme=programme, waiting=True, ring_back_on=timezone.localdate())
        old = timezone.now() - timedelta(days=5)
        unanswered = RequestFactory(programme=programme, open=True, opened_at=old, received_at=old)
        RequestFactory(programme=programme, open=True)
        RequestFactory()
        found = panels.requests_today(actor_of(cast.claire), timezone.now())
        assert {row.pk for row in found.late} == {late.pk, due.pk, unanswered.pk}
        assert {row.pk for row in found.to_call} == {late.pk, due.pk}
        assert [row.pk for row in found.to_match] == [unanswered.pk]
        assert [row.pk for row in found.new] == [fresh.pk]

    def test_nothing_for_those_who_may_not(self, cast, programme):
        RequestFactory(programme=programme)
        for person in (cast.helene, cast.nadia, cast.bertrand, cast.youssef):
            found = panels.requests_today(actor_of(person), timezone.now())
            assert (found.late, found.new) == ([], [])

    def test_same_number_of_queries_at_any_size(self, cast, programme, django_assert_num_queries):
        actor = actor_of(cast.claire)
        for size in (2, 60):
            RequestFactory.create_batch(size, programme=programme, late=True)
            vault.forget()
            with django_assert_num_queries(4):
                panels.requests_today(actor, timezone.now())

    def test_others_are_counted_as_far_as_one_counts(self, cast, programme, monkeypatch):
        RequestFactory.create_batch(22, programme=programme, late=True)
        RequestFactory(programme=programme, open=True)
        found = panels.requests_today(actor_of(cast.claire), timezone.now())
        assert (len(found.late), found.more, found.is_at_least) == (10, 12, False)
        monkeypatch.setattr(panels, "COUNTED", 21)
        found = panels.requests_today(actor_of(cast.claire), timezone.now())
        assert (len(found.late), found.more, found.is_at_least) == (10, 11, True)

    def test_the_oldest_call_comes_first_whatever_the_state(self, cast, programme):
        now = timezone.now()
        days = {"late": 3, "waiting": 5, "open": 4}
        made = {
            state: RequestFactory(programme=programme, call_by=now - timedelta(days=days[state]), **{state: True})
            for state in days
        }
        SupportRequest.objects.filter(pk=made["open"].pk).update(opened_at=now - timedelta(days=9))
        SupportRequest.objects.filter(pk=made["waiting"].pk).update(ring_back_on=now.date() - timedelta(days=1))
        found = panels.requests_today(actor_of(cast.claire), now)
        assert [row.pk for row in found.late] == [made[state].pk for state in ("waiting", "open", "late")]
