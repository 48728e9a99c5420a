"""The wizard, the receipt and the door of a ward, over HTTP."""

from __future__ import annotations

import re

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cast import sign_in
from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.models import RequestDraft, SupportRequest
from vecu.accompaniment.tests.factories import ProgrammeFactory, make_safe
from vecu.core import jobs
from vecu.people.models import ConsentText

pytestmark = pytest.mark.django_db

WHO = {"role": "patient", "age_group": "adult"}
STORY = {"condition": "Sclérose en plaques", "matters": ["travail"], "own_words": "Je travaille encore."}
WISHES = {"channels": ["phone"], "times": ["week_am"], "town": "Limoges", "departement": "87", "language": "fr"}
CONTACT = {"given_name": "Nadia", "phone": "0199002233", "agrees_contact": "on", "agrees_keeping": "on"}

# Families of security.md 3.5 that fit a text field.
NASTY = [
    "   ",
    "x" * 100_000,
    "a\x00b",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "\u202egnirts",
    "Z̸̢͎a̷͔l̶͓g̵̡o" * 20,
    "👩\u200d⚕️👨\u200d👩\u200d👧",
    "'\"><svg onload=alert(1)>",
    "{{7*7}}{%now 'Y'%}",
    "%0d%0aBcc: x@example.org",
    "a\r\nb",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    str(2**63),
    "-1",
    "NaN",
    "29/02/2025",
    "0000-01-01",
    "9999-12-31",
]


def at(name, programme):
    return reverse(name, args=[programme.pk])


def texts_of(client, programme):
    page = client.get(at("ask_contact", programme))
    return re.search(r'name="texts" value="([^"]*)"', page.text)[1]


def fill(client, programme, who=WHO, story=STORY, wishes=WISHES, contact=CONTACT):
    """Walk the four questions up to the last look."""
    for name, data in (("ask_who", who), ("ask_story", story), ("ask_wishes", wishes)):
        response = client.post(at(name, programme), data)
        assert response.status_code == 303, response.text
    response = client.post(at("ask_contact", programme), {**contact, "texts": texts_of(client, programme)})
    assert response.status_code == 303, response.text
    return response


class TestWizard:
    def test_it_works(self, client, programme, cast):
        make_safe(cast.committee, cast.solene)
        assert fill(client, programme)["Location"] == at("ask_review", programme)
        review = client.get(at("ask_review", programme)).text
        for said in (
            "Sclérose en plaques",
            "Travailler avec la maladie",
            "Limoges",
            "01 99 00 22 33",
            "Je travaille encore.",
        ):
            assert said in review
        done = client.post(at("ask_review", programme))
        assert done["Location"] == reverse("ask_done")
        page = client.get(reverse("ask_done")).text
        assert "Elle est lue par" in page and "personne d’autre" not in page
        request = SupportRequest.objects.get()
        assert re.search(r"\d{4}\xa0\d{4}\xa0\d{4}\xa0\d{4}", page)
        assert "Claire" in page and "01\xa099\xa000\xa012\xa034" in page
        assert request.needs["conditions"] == ["sep"]
        assert request.wishes["slots"] == ["mon_am", "tue_am", "wed_am", "thu_am", "fri_am"]
        assert (request.state, request.consent.channel) == (RequestState.RECEIVED, "online")

    def test_phone_and_way_out_are_on_every_step(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        client.post(at("ask_story", programme), STORY)
        client.post(at("ask_wishes", programme), WISHES)
        for number, name in enumerate(("ask_who", "ask_story", "ask_wishes", "ask_contact"), 1):
            page = client.get(at(name, programme)).text
            assert 'href="tel:0199001234"' in page and "3114" in page and "data-vecu-leave" in page
            assert f"Question {number} sur 4" in page

    def test_no_health_word_in_address_title_or_mail(self, client, programme, cast):
        fill(client, programme, contact={**CONTACT, "email": "nadia@courrier.example"})
        client.post(at("ask_review", programme))
        jobs.run_due()
        for name in ("ask_who", "ask_story", "ask_wishes", "ask_contact", "ask_review"):
            assert not re.search(r"malad|cancer|sante|patient", at(name, programme))
        for name in ("ask_done", "ask_follow"):
            title = re.search(r"<title>(.*?)</title>", client.get(reverse(name)).text, re.S)[1]
            assert not re.search(r"malad|cancer|sclérose|patient", title, re.I)
        for letter in outbox.outbox:
            said = f"{letter.subject} {letter.body}".casefold()
            for word in ("sclérose", "malad", "patient", "pair", "cancer", "nadia", programme.name.casefold()):
                assert word not in said

    def test_answers_are_kept_and_back_works(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        client.post(at("ask_story", programme), STORY)
        assert 'value="Sclérose en plaques"' in client.get(at("ask_story", programme)).text
        client.post(at("ask_story", programme), {**STORY, "condition": "Lupus"})
        assert 'value="Lupus"' in client.get(at("ask_story", programme)).text
        assert RequestDraft.objects.count() == 1

    def test_help_words_recall_the_help_lines_to_the_writer_alone(self, client, programme):
        """As in an exchange: on the pages that follow, and nothing is kept of it."""
        client.post(at("ask_who", programme), WHO)
        client.post(at("ask_story", programme), STORY)
        lines = "Appeler le 3114"
        assert lines not in client.get(at("ask_wishes", programme)).text
        answered = client.post(at("ask_story", programme), {**STORY, "own_words": "Je veux mourir."})
        assert answered.status_code == 303, "it goes on as it was"
        for step in ("ask_story", "ask_wishes"):
            assert lines in client.get(at(step, programme)).text, step
        assert lines not in Client().get(at("ask_who", programme)).text
        client.post(at("ask_wishes", programme), WISHES)
        assert lines in client.get(at("ask_contact", programme)).text
        client.post(at("ask_contact", programme), {**CONTACT, "texts": texts_of(client, programme)})
        assert lines in client.get(at("ask_review", programme)).text
        assert "help" not in str(RequestDraft.objects.get().answers)
        other = Client()
        other.post(at("ask_who", programme), WHO)
        refused = other.post(at("ask_story", programme), {**STORY, "own_words": "Je veux mourir. " * 200})
        assert (refused.status_code, lines in refused.text) == (422, True), "too long, and written all the same"

    def test_draft_is_sealed(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        client.post(at("ask_story", programme), STORY)
        sealed = RequestDraft.objects.values_list("answers", flat=True).get()
        assert repr(sealed) == "<sealed>"
        assert "Sclérose" not in str(client.session.items())

    def test_steps_cannot_be_skipped(self, client, programme):
        for name in ("ask_story", "ask_wishes", "ask_contact", "ask_review"):
            assert client.get(at(name, programme))["Location"] == at("ask_who", programme)
        client.post(at("ask_who", programme), WHO)
        assert client.get(at("ask_contact", programme))["Location"] == at("ask_story", programme)

    def test_stale_page_keeps_what_was_typed(self, client, programme):
        response = client.post(at("ask_story", programme), STORY)  # the session had ended meanwhile
        assert response["Location"] == at("ask_who", programme)
        client.post(at("ask_who", programme), WHO)
        assert 'value="Sclérose en plaques"' in client.get(at("ask_story", programme)).text

    def test_changing_one_answer_leads_back_to_the_last_look(self, client, programme):
        fill(client, programme)
        response = client.post(f"{at('ask_story', programme)}?revoir=1", STORY)
        assert response["Location"] == at("ask_review", programme)

    def test_draft_of_another_session_is_unknown(self, client, programme):
        fill(client, programme)
        other = type(client)()
        assert other.get(at("ask_review", programme))["Location"] == at("ask_who", programme)
        assert other.post(at("ask_review", programme))["Location"] == at("ask_who", programme)
        assert not SupportRequest.objects.exists()

    def test_double_submit_makes_one_request(self, client, programme):
        fill(client, programme)
        first, second = client.post(at("ask_review", programme)), client.post(at("ask_review", programme))
        assert first["Location"] == second["Location"] == reverse("ask_done")
        assert SupportRequest.objects.count() == 1

    def test_same_form_key_twice_makes_one_request(self, client, programme):
        fill(client, programme)
        key = re.search(r'name="_once" value="([^"]*)"', client.get(at("ask_review", programme)).text)[1]
        places = {client.post(at("ask_review", programme), {"_once": key})["Location"] for _time in range(2)}
        assert places == {reverse("ask_done")}
        assert SupportRequest.objects.count() == 1

    def test_back_button_after_sending_leads_to_the_receipt(self, client, programme):
        fill(client, programme)
        client.post(at("ask_review", programme))
        for name in ("ask_story", "ask_wishes", "ask_contact", "ask_review"):
            assert client.get(at(name, programme))["Location"] == reverse("ask_done")
        assert client.post(at("ask_contact", programme), CONTACT)["Location"] == reverse("ask_done")

    def test_receipt_is_shown_in_this_browser_only(self, client, programme):
        fill(client, programme)
        client.post(at("ask_review", programme))
        assert type(client)().get(reverse("ask_done"))["Location"] == reverse("ask_follow")
        client.post(reverse("ask_leave"))
        assert client.get(reverse("ask_done"))["Location"] == reverse("ask_follow")

    def test_page_says_the_truth_when_pairing_is_not_open(self, client, programme):
        fill(client, programme)
        assert "n’ont pas commencé" in client.get(at("ask_review", programme)).text
        client.post(at("ask_review", programme))
        assert "n’ont pas commencé" in client.get(reverse("ask_done")).text
        assert SupportRequest.objects.count() == 1

    def test_changed_agreement_is_read_again(self, client, programme):
        fill(client, programme)
        old = texts_of(client, programme)
        made = ConsentText.objects.get(pk=old.split(",")[0])
        ConsentText.objects.create(
            purpose=made.purpose, version=made.version + 1, title_fr="a", title_en="a", body_fr="b", body_en="b",
            sha256="0" * 64, published_at=timezone.now(),
        )  # fmt: skip
        response = client.post(at("ask_contact", programme), {**CONTACT, "texts": old})
        assert response.status_code == 422
        assert "a changé" in response.text and 'value="0199002233"' in response.text

    def test_closed_programme_answers_404(self, client):
        closed = ProgrammeFactory(closed=True)
        assert client.get(at("ask_who", closed)).status_code == 404

    def test_signed_in_coordinator_may_try_it(self, client, programme, cast):
        sign_in(client, cast.claire)
        fill(client, programme)
        client.post(at("ask_review", programme))
        assert SupportRequest.objects.get().person_id != cast.claire.pk


class TestWhatIsRefused:
    def test_relative_says_who_they_are(self, client, programme):
        response = client.post(at("ask_who", programme), {"role": "relative", "age_group": "adult"})
        assert response.status_code == 422
        assert "Dites qui vous êtes" in response.text

    def test_what_a_relative_must_say_is_not_called_optional(self, client, programme):
        page = client.get(reverse("ask_who", args=[programme.pk])).text
        assert 'name="relation"' in page and "(facultatif)" not in page

    def test_one_thing_at_least_is_told(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        assert client.post(at("ask_story", programme), {"stage": "after"}).status_code == 422
        for one in ({"condition": "?"}, {"matters": ["travail"]}, {"own_words": "Bonjour"}, {"condition_code": "sep"}):
            assert client.post(at("ask_story", programme), one).status_code == 303

    def test_what_is_not_in_the_list_stays_in_own_words(self, client, programme):
        fill(client, programme, story={"condition": "une chose que personne ne connaît"})
        client.post(at("ask_review", programme))
        request = SupportRequest.objects.get()
        assert "conditions" not in request.needs
        assert request.needs["own_condition"] == "une chose que personne ne connaît"

    def test_relative_brings_their_situation(self, client, programme):
        fill(client, programme, who={"role": "relative", "relation": "child", "age_group": "adult"})
        client.post(at("ask_review", programme))
        assert SupportRequest.objects.get().needs["situations"] == ["aidant_parent"]

    @pytest.mark.parametrize("year", ["2020", "1800", "9999", "abcd", "19680", "-5"])
    def test_year_must_make_sense(self, client, programme, year):
        client.post(at("ask_who", programme), WHO)
        client.post(at("ask_story", programme), STORY)
        response = client.post(at("ask_wishes", programme), {**WISHES, "birth_year": year})
        assert response.status_code == 422
        assert f'value="{year[:4]}' in response.text

    def test_one_way_to_be_reached_is_needed(self, client, programme):
        fill(client, programme)
        data = {**CONTACT, "phone": "", "texts": texts_of(client, programme)}
        assert client.post(at("ask_contact", programme), data).status_code == 422
        assert client.post(at("ask_contact", programme), {**data, "email": "n@courrier.example"}).status_code == 303

    def test_shared_mailbox_needs_a_phone(self, client, programme):
        fill(client, programme)
        data = {**CONTACT, "phone": "", "email": "f@courrier.example", "has_shared_mailbox": "on"}
        response = client.post(at("ask_contact", programme), {**data, "texts": texts_of(client, programme)})
        assert response.status_code == 422

    @pytest.mark.parametrize("missing", ["agrees_contact", "agrees_keeping"])
    def test_both_agreements_are_needed(self, client, programme, missing):
        fill(client, programme)
        data = {key: value for key, value in CONTACT.items() if key != missing}
        response = client.post(at("ask_contact", programme), {**data, "texts": texts_of(client, programme)})
        assert response.status_code == 422

    @pytest.mark.parametrize(
        ("step", "data"),
        [("ask_who", WHO), ("ask_story", STORY), ("ask_wishes", WISHES), ("ask_contact", CONTACT)],
    )
    def test_no_input_breaks_a_field(self, programme, step, data):
        client = Client()  # the checked client takes an echoed « {{ » for a template left undrawn
        fill(client, programme)
        page = client.get(at(step, programme)).text
        names = set(re.findall(r'<(?:input|textarea|select)[^>]* name="(\w+)"', page)) - {
            "csrfmiddlewaretoken",
            "next",
            "_once",
        }
        base = {**data, "texts": texts_of(client, programme)}
        assert len(names) >= 3
        for name in sorted(names):
            for nasty in NASTY:
                response = client.post(at(step, programme), {**base, name: nasty})
                assert response.status_code in (303, 422), (name, nasty[:30], response.status_code)
                assert b"<svg onload" not in response.content
                assert b"49{" not in response.content
            assert client.post(at(step, programme), {**base, name: ["a", "b"]}).status_code in (303, 422)

    def test_text_too_long_is_given_back(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        long = "mot " * 400
        response = client.post(at("ask_story", programme), {"own_words": long})
        assert response.status_code == 422
        assert long.strip() in response.text


class TestMinors:
    def test_under_15_a_parent_agrees_first(self, client, programme):
        response = client.post(at("ask_who", programme), {**WHO, "age_group": "child"})
        assert response["Location"] == at("ask_minor", programme)
        assert client.get(at("ask_story", programme))["Location"] == at("ask_minor", programme)
        page = client.get(at("ask_minor", programme))
        assert "autorité parentale" in page.text and page.status_code == 200
        assert client.post(at("ask_minor", programme), {"agrees": ""}).status_code == 422
        assert client.post(at("ask_minor", programme), {"agrees": "on"})["Location"] == at("ask_story", programme)

    def test_the_parents_agreement_is_recorded(self, client, programme):
        client.post(at("ask_who", programme), {**WHO, "age_group": "child"})
        client.post(at("ask_minor", programme), {"agrees": "on"})
        client.post(at("ask_story", programme), STORY)
        client.post(at("ask_wishes", programme), WISHES)
        assert "parent" in client.get(at("ask_contact", programme)).text
        client.post(at("ask_contact", programme), {**CONTACT, "texts": texts_of(client, programme)})
        client.post(at("ask_review", programme))
        assert SupportRequest.objects.get().needs["guardian"] is True

    def test_adults_are_not_asked(self, client, programme):
        client.post(at("ask_who", programme), WHO)
        assert client.get(at("ask_minor", programme))["Location"] == at("ask_who", programme)

    def test_the_session_outlives_a_day(self, settings):
        assert settings.SESSION_COOKIE_AGE >= 20 * 3600


class TestChoice:
    def test_only_one_programme_is_not_asked(self, client, programme):
        assert client.get(reverse("ask"))["Location"] == at("ask_who", programme)

    def test_nearest_first(self, client, programme, cast):
        other = ProgrammeFactory(organisation=cast.other_hospital, name="Pairs de Bréhal")
        page = client.get(reverse("ask"), {"departement": "50100"}).text
        assert page.index(at("ask_who", other)) < page.index(at("ask_who", programme))

    @pytest.mark.parametrize("typed", NASTY)
    def test_any_departement_is_answered(self, programme, cast, typed):
        client = Client()
        ProgrammeFactory(organisation=cast.other_hospital)
        assert client.get(reverse("ask"), {"departement": typed}).status_code == 200

    def test_nothing_open_shows_the_help_lines(self, client):
        assert "3114" in client.get(reverse("ask")).text
