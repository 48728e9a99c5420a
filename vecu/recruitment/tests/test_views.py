"""Applying, following, recruiting: over HTTP, with bad input, double submits and people of elsewhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import sign_in
from vecu.core import receipts
from vecu.people.enums import Role
from vecu.recruitment.actions import applications, decisions, drafts, interviews, notices
from vecu.recruitment.models import Application, ApplicationDraft, ApplicationLetter, InterviewNote, InterviewSlot
from vecu.recruitment.tests.factories import ANSWERS, Team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def team() -> Team:
    return Team()


@pytest.fixture
def claire(client: Any, team: Team) -> Any:
    return sign_in(client, team.claire)


def page(team: Team, step: str, profile: str = "witness") -> str:
    return f"/devenir-pair/{team.recruitment.pk}/{profile}/{step}/"


def fill(client: Any, team: Team, profile: str = "witness", *steps: str, **changed: dict[str, Any]) -> Any:
    """Answer each page as a browser does; gives the last answer."""
    answer = None
    for step in steps or drafts.STEPS:
        data = {name: value for name, value in {**ANSWERS[step], **changed.get(step, {})}.items() if value != ""}
        if step == "contact" and not data.get("has_shared_mailbox"):
            data.pop("has_shared_mailbox", None)
        answer = client.post(page(team, step, profile), data)
        assert answer.status_code == 303, (step, answer.content.decode()[:3000])
    return answer


def open_link(client: Any, application: Application) -> None:
    answer = client.get(notices.link_of(application).removeprefix("http://127.0.0.1:8000"))
    assert answer.status_code == 303


class TestForm:
    @pytest.mark.parametrize("profile", ["companion", "witness", "educator", "standardised", "voice"])
    def test_it_works(self, client: Any, team: Team, profile: str) -> None:
        assert team.organisation.name in client.get("/devenir-pair/").content.decode()
        for step in drafts.STEPS:
            shown = client.get(page(team, step, profile))
            assert shown.status_code == 200
            assert "01 99 00 12 34" in shown.content.decode()
            fill(client, team, profile, step)
        review = page(team, "verifier", profile)
        assert "Marc" in client.get(review).content.decode()
        assert client.post(review)["Location"] == "/devenir-pair/recue/"
        done = client.get("/devenir-pair/recue/").content.decode()
        code = re.search(r'class="receipt"[^>]*>([^<]+)<', done)
        assert code is not None
        found = applications.find_by_receipt(code[1], network="192.0.2.1")
        assert found is not None
        assert (found.profile, found.state, found.unmet) == (profile, "received", [])

    def test_a_condition_not_met_is_said_kindly_and_sent(self, client: Any, team: Team) -> None:
        fill(client, team, lived={"hindsight": "under_6_months"})
        review = page(team, "verifier")
        assert (
            "Rien ne la refuse" in client.get(review).content.decode()
            or "à regarder" in client.get(review).content.decode().lower()
        )
        client.post(review)
        assert Application.objects.get().unmet == ["hindsight"]

    def test_sent_twice_is_recorded_once(self, client: Any, team: Team) -> None:
        fill(client, team)
        for _time in range(2):
            assert client.post(page(team, "verifier")).status_code == 303
        assert Application.objects.count() == 1

    def test_nothing_typed_is_lost(self, client: Any, team: Team) -> None:
        fill(client, team, "witness", *drafts.STEPS[:5])
        answer = client.post(page(team, "contact"), {"given_name": "Marc", "phone": "abc", "agrees": "on"})
        assert answer.status_code == 422
        assert 'value="Marc"' in answer.content.decode()
        assert "abc" in answer.content.decode()

    def test_a_page_too_early_goes_back(self, client: Any, team: Team) -> None:
        assert client.get(page(team, "contact"))["Location"] == page(team, "you")

    def test_stopped_and_taken_up_elsewhere(self, client: Any, client_two: Any, team: Team) -> None:
        fill(client, team, "voice", "you", "lived")
        assert client.post("/devenir-pair/pause/")["Location"] == "/devenir-pair/reprendre/"
        code = re.search(r'class="receipt"[^>]*>([^<]+)<', client.get("/devenir-pair/reprendre/").content.decode())
        assert code is not None
        answer = client_two.post("/devenir-pair/reprendre/", {"code": code[1]})
        assert answer["Location"] == page(team, "offer", "voice")

    def test_a_wrong_code_is_said(self, client: Any, team: Team) -> None:
        for typed in ("1234", "0" * 16, "é" * 20):
            answer = client.post("/devenir-pair/reprendre/", {"code": typed})
            assert answer.status_code == 200
            assert "seize" in answer.content.decode()

    def test_forgotten_at_once(self, client: Any, team: Team) -> None:
        fill(client, team, "witness", "you")
        client.post("/devenir-pair/oublier/")
        assert not ApplicationDraft.objects.exists()

    @pytest.mark.parametrize("profile", ["surgeon", "witness' OR 1=1"])
    def test_an_unknown_role_is_404(self, client: Any, team: Team, profile: str) -> None:
        assert client.get(f"/devenir-pair/{team.recruitment.pk}/{profile}/you/").status_code == 404

    def test_closed_is_404(self, client: Any) -> None:
        closed = Team(is_open=False)
        assert client.get(page(closed, "you")).status_code == 404
        assert closed.organisation.name not in client.get("/devenir-pair/").content.decode()

    def test_hostile_words_stay_words(self, client: Any, team: Team) -> None:
        hostile = "<script>alert(1)</script>\u202e' OR 1=1 --"
        fill(client, team, words={"motivation": hostile})
        assert "<script>alert" not in client.get(page(team, "verifier")).content.decode()
        client.post(page(team, "verifier"))
        assert Application.objects.get().own_words["motivation"].startswith("<script>")


@pytest.fixture
def client_two() -> Any:
    from conftest import CheckedClient

    return CheckedClient()


class TestFollow:
    def test_an_hour_is_chosen_moved_and_given_back(self, client: Any, team: Team) -> None:
        application, first, second = team.apply(), team.offer(days=4), team.offer(days=5)
        interviews.invite(application, actor=team.coordinator)
        open_link(client, application)
        assert str(first.pk) in client.get("/ma-candidature/").content.decode()
        for slot in (first, second):
            assert client.post(f"/ma-candidature/rendez-vous/{slot.pk}/").status_code == 303
        assert InterviewSlot.objects.booked(application.pk).get() == second
        client.post("/ma-candidature/rendez-vous/rendre/")
        assert not InterviewSlot.objects.booked(application.pk).exists()

    def test_an_hour_of_elsewhere_is_404(self, client: Any, team: Team) -> None:
        application = team.apply()
        interviews.invite(application, actor=team.coordinator)
        open_link(client, application)
        assert client.post(f"/ma-candidature/rendez-vous/{Team().offer().pk}/").status_code == 404

    def test_taken_a_second_ago_is_said(self, client: Any, team: Team) -> None:
        slot, one, two = team.offer(), team.apply(), team.apply()
        for application in (one, two):
            interviews.invite(application, actor=team.coordinator)
        interviews.book(one, slot, actor=applications.holder(one))
        open_link(client, two)
        assert client.post(f"/ma-candidature/rendez-vous/{slot.pk}/").status_code == 409

    def test_without_the_code_nothing(self, client: Any, team: Team) -> None:
        slot = team.offer()
        for path in ("arreter", "effacer", "rendez-vous/rendre", f"rendez-vous/{slot.pk}"):
            answer = client.post(f"/ma-candidature/{path}/")
            assert answer["Location"] == "/ma-candidature/"

    def test_a_wrong_link_opens_nothing(self, client: Any, team: Team) -> None:
        team.apply()
        answer = client.get("/ma-candidature/aaaaaaaaaaaaaaaaaaaaaaaa/")
        assert answer.status_code == 200
        assert not client.session.get("apply_followed")

    def test_the_letter_is_read_there(self, client: Any, team: Team) -> None:
        application = team.meet()
        decisions.decide(application, actor=team.coordinator, outcome="declined", why="enough")
        decisions.send_letter(application, actor=team.coordinator, body="Merci. " * 20, way="mail")
        open_link(client, application)
        assert "Merci. Merci." in client.get("/ma-candidature/").content.decode()
        letter = ApplicationLetter.objects.get()
        assert letter.read_at is None
        client.post(f"/ma-candidature/lettre/{letter.pk}/")
        assert ApplicationLetter.objects.get().read_at is not None

    def test_a_yes_leads_to_their_space(self, client: Any, team: Team) -> None:
        application = team.meet()
        open_link(client, application)
        assert 'href="/compte/connexion/"' not in client.get("/ma-candidature/").content.decode().partition("<main")[2]
        decisions.decide(application, actor=team.coordinator, outcome="accepted")
        decisions.send_letter(application, actor=team.coordinator, body="Bienvenue. " * 20, way="mail")
        assert 'href="/compte/connexion/"' in client.get("/ma-candidature/").content.decode().partition("<main")[2]

    def test_stopped_then_erased(self, client: Any, team: Team) -> None:
        open_link(client, team.apply())
        client.post("/ma-candidature/arreter/")
        assert Application.objects.get().state == "withdrawn"
        client.post("/ma-candidature/effacer/")
        assert not Application.objects.exists()

    def test_interviewers_words_are_never_shown(self, client: Any, team: Team) -> None:
        application = team.meet(notes="NOTESECRETE", guide={"motivation": "GUIDESECRET"}, outcome="not_now")
        open_link(client, application)
        shown = client.get("/ma-candidature/").content.decode()
        assert "SECRET" not in shown
        assert "Pas maintenant" not in shown


class TestPipeline:
    def test_it_works(self, claire: Any, team: Team) -> None:
        team.apply(timezone.now() - 20 * DAY)
        team.apply()
        shown = claire.get("/candidatures/").content.decode()
        assert shown.count("Marc") >= 2
        assert "En retard" in shown

    def test_late_ones_first(self, claire: Any, team: Team) -> None:
        new = team.apply()
        late = team.apply(timezone.now() - 20 * DAY)
        shown = claire.get("/candidatures/").content.decode()
        assert shown.index(str(late.pk)) < shown.index(str(new.pk))

    def test_the_same_queries_at_any_size(self, claire: Any, team: Team) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert claire.get("/candidatures/").status_code == 200
            return len(caught)

        team.apply()
        queries()
        few = queries()
        for _number in range(12):
            team.apply()
        assert queries() == few

    def test_today_says_what_is_late(self, claire: Any, team: Team) -> None:
        late = team.apply(timezone.now() - 20 * DAY)
        assert f"/candidatures/{late.pk}/" in claire.get("/aujourdhui/").content.decode()

    def test_from_invitation_to_letter(self, claire: Any, team: Team) -> None:
        application = team.apply()
        here = f"/candidatures/{application.pk}"
        assert claire.get(f"{here}/").status_code == 200
        assert claire.post(f"{here}/inviter/").status_code == 303
        answer = claire.post(f"{here}/decider/", {"outcome": "declined"})
        assert answer.status_code == 422
        answer = claire.post(f"{here}/decider/", {"outcome": "declined", "why": "enough"})
        assert answer["Location"] == f"{here}/lettre/"
        form = claire.get(f"{here}/lettre/").content.decode()
        assert "Bonjour Marc" in form
        assert claire.post(f"{here}/lettre/", {"body": "trop court", "way": "mail"}).status_code == 422
        claire.post(f"{here}/lettre/", {"body": "Merci de votre confiance. " * 4, "way": "mail"})
        application.refresh_from_db()
        assert application.state == "declined"
        assert claire.get(f"{here}/").status_code == 200
        assert claire.post(f"{here}/inviter/").status_code == 409

    def test_the_second_of_two_is_who_may_confirm(self, client: Any) -> None:
        team = Team(needs_two=True)
        application = team.meet()
        decisions.decide(application, actor=team.coordinator, outcome="accepted")
        address = f"/candidatures/{application.pk}/"
        assert f"{address}confirmer/" not in sign_in(client, team.claire).get(address).content.decode()
        solene = sign_in(client, team.solene)
        assert f"{address}confirmer/" in solene.get(address).content.decode()
        answer = solene.post(f"{address}confirmer/", follow=True)
        assert (answer.status_code, answer.redirect_chain) == (200, [(address, 303)])
        assert "C’est confirmé" in answer.content.decode()

    def test_other_organisation_gets_404(self, claire: Any, team: Team) -> None:
        there = Team()
        application, slot = there.apply(), there.offer(there.coordinator)
        for path in ("", "inviter/", "decider/", "confirmer/", "reprendre/", "lettre/"):
            url = f"/candidatures/{application.pk}/{path}"
            answer = claire.post(url) if path not in ("", "decider/", "lettre/") else claire.get(url)
            assert answer.status_code == 404, path
        assert claire.post(f"/candidatures/entretiens/{slot.pk}/retirer/").status_code == 404

    @pytest.mark.parametrize("role", [Role.PEER, Role.BENEFICIARY, Role.HEAD_OFFICE, Role.DATA_OFFICER])
    def test_role_without_right_gets_403(self, client: Any, team: Team, role: Role) -> None:
        sign_in(client, team._member(role))
        application = team.apply()
        for path in ("", f"{application.pk}/", "entretiens/", "reglages/"):
            assert client.get(f"/candidatures/{path}").status_code == 403

    def test_strange_queries(self, claire: Any, team: Team) -> None:
        team.apply()
        for query in ("?etape=%00", "?etape=decider&page=-3", "?page=99999999999999999999", "?etape[]=x"):
            assert claire.get(f"/candidatures/{query}").status_code == 200


class TestMeeting:
    def held(self, team: Team, actor: Any = None) -> InterviewSlot:
        past = timezone.now() - 9 * DAY
        application, slot = team.apply(past), team.offer(actor, 2, past)
        interviews.invite(application, actor=team.coordinator, now=past)
        interviews.book(application, slot, actor=applications.holder(application), now=past)
        return slot

    def test_hours_offered_and_recorded(self, client: Any, team: Team) -> None:
        sign_in(client, team.solene)
        day = timezone.localdate() + 3 * DAY
        data = {"day": day.isoformat(), "hour": "09:00", "minutes": "45", "count": "3", "way": "phone", "place": ""}
        assert client.post("/candidatures/entretiens/", data).status_code == 303
        assert InterviewSlot.objects.filter(host=team.solene).count() == 3
        assert client.post("/candidatures/entretiens/", data).status_code == 422
        slot = self.held(team)
        url = f"/candidatures/entretiens/{slot.pk}/compte-rendu/"
        assert client.get(url).status_code == 200
        assert client.post(url, {"notes": "x"}).status_code == 422
        assert client.post(url, {"outcome": "favourable", "notes": "Pour moi."}).status_code == 303
        interview = InterviewNote.objects.get().interview_id
        assert "Pour moi." in client.get(f"/candidatures/guides/{interview}/notes/").content.decode()

    @pytest.mark.parametrize("form", [{"day": "hier"}, {"hour": "25:61"}, {"count": "999"}, {"minutes": "7"}])
    def test_bad_input_is_said(self, client: Any, team: Team, form: dict[str, str]) -> None:
        sign_in(client, team.solene)
        assert client.post("/candidatures/entretiens/", form).status_code == 422

    @pytest.mark.parametrize("role", [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)])
    def test_notes_open_for_nobody_else(self, client: Any, team: Team, role: Role) -> None:
        team.meet(notes="NOTESECRETE", guide={"motivation": "GUIDESECRET"})
        interview = InterviewNote.objects.get().interview_id
        sign_in(client, team._member(role))
        for path in ("", "notes/"):
            answer = client.get(f"/candidatures/guides/{interview}/{path}")
            assert answer.status_code in (403, 404), role
            assert "SECRET" not in answer.content.decode()
        application = Application.objects.get()
        answer = client.get(f"/candidatures/{application.pk}/")
        assert "SECRET" not in answer.content.decode()
        if role == Role.COORDINATOR:
            assert "Favorable" in answer.content.decode()

    def test_somebody_elses_interview_is_not_recorded(self, claire: Any, team: Team) -> None:
        slot = self.held(team)
        answer = claire.post(f"/candidatures/entretiens/{slot.pk}/compte-rendu/", {"outcome": "favourable"})
        assert answer.status_code == 403


class TestSettings:
    FORM = {
        "is_open": "on",
        "profiles": ["witness"],
        "phone": "01 99 00 12 34",
        "answer_days": "10",
        "keep_months": "6",
    }

    def test_it_works(self, claire: Any, team: Team) -> None:
        assert claire.get("/candidatures/reglages/").status_code == 200
        assert claire.post("/candidatures/reglages/", self.FORM).status_code == 303
        team.recruitment.refresh_from_db()
        assert (team.recruitment.profiles, team.recruitment.answer_days) == (["witness"], 10)

    @pytest.mark.parametrize("changed", [{"profiles": []}, {"answer_days": "0"}, {"keep_months": "13"}, {"phone": "x"}])
    def test_bad_input_is_said(self, claire: Any, changed: dict[str, Any]) -> None:
        assert claire.post("/candidatures/reglages/", {**self.FORM, **changed}).status_code == 422

    def test_conditions(self, claire: Any, team: Team) -> None:
        url = "/candidatures/reglages/condition/"
        assert claire.get(url).status_code == 200
        assert claire.post(url, {"profile": "voice", "kind": "hindsight"}).status_code == 422
        assert claire.post(url, {"profile": "voice", "kind": "membership", "words": "Assurance."}).status_code == 303
        assert "Assurance." in claire.get("/candidatures/reglages/").content.decode()

    def test_the_code_is_read_however_spaced(self) -> None:
        assert receipts.digits_of(" 1234-5678 9012\u00a03456 ") == "1234567890123456"
