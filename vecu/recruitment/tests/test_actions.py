"""From « I would like to help » to a letter in hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from vecu.core import jobs, retention, vault
from vecu.core.access import get_visible, visible
from vecu.core.crypto import ERASED
from vecu.core.errors import Denied, Refused
from vecu.core.tables import DataKey
from vecu.messaging.models import Notice
from vecu.peers import readiness
from vecu.peers.enums import Profile
from vecu.peers.models import Clearance, Peer
from vecu.people.actor import PUBLIC, Actor, system
from vecu.people.models import Person
from vecu.recruitment import letters
from vecu.recruitment.actions import applications, decisions, drafts, interviews, notices, recruitments
from vecu.recruitment.models import (
    Application,
    ApplicationDraft,
    ApplicationLetter,
    Decision,
    EntryCondition,
    Interview,
    InterviewGuide,
    InterviewNote,
    InterviewSlot,
)
from vecu.recruitment.tests.factories import ANSWERS, Team, told

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LETTER = "Bonjour, nous avons bien lu votre candidature et nous vous répondons ainsi."


@pytest.fixture
def team() -> Team:
    return Team()


def finish(team: Team, application: Application, outcome: str = "declined", **more: Any) -> Application:
    """Decided and answered, by mail."""
    given = {"why": "enough", **more} if outcome != "accepted" else more
    decisions.decide(application, actor=team.coordinator, outcome=outcome, **given)
    decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="mail")
    application.refresh_from_db()
    return application


class TestReceive:
    def test_it_works(self, team: Team) -> None:
        now = timezone.now()
        found, code = applications.receive_application(
            team.recruitment, actor=PUBLIC, profile="witness", answers=told(), now=now
        )
        assert (found.state, found.number, found.unmet) == ("received", 1, [])
        assert found.answer_by == now + timedelta(days=15)
        assert applications.find_by_receipt(code, network="192.0.2.1") == found
        assert found.own_words["motivation"] == ANSWERS["words"]["motivation"]
        assert "words" not in found.answers
        assert Notice.objects.filter(person=team.claire, url_name="application_detail").exists()

    def test_what_is_told_is_sealed_under_two_keys(self, team: Team) -> None:
        found = team.apply()
        raw = Application.objects.filter(pk=found.pk).values_list("answers", "own_words", "given_name").get()
        assert all("Marc" not in str(one.data) and b"Rendre" not in one.data for one in raw)
        vault.destroy(found.own_vault_id)
        again = Application.objects.get(pk=found.pk)
        assert again.own_words is ERASED
        assert again.given_name == "Marc"

    def test_a_condition_not_met_refuses_nobody(self, team: Team) -> None:
        found = team.apply(lived={"hindsight": "under_6_months"}, rules={"conflict": "yes"}, you={"is_adult": "no"})
        assert found.state == "received"
        assert set(found.unmet) == {"adult", "hindsight", "no_conflict"}

    def test_an_answer_left_empty_counts_against_nobody(self, team: Team) -> None:
        assert team.apply(lived={"hindsight": ""}, rules={"conflict": "", "charter": ""}).unmet == []

    @pytest.mark.parametrize(
        ("said", "is_met"),
        [("under_6_months", False), ("months_6_12", False), ("years_1_2", True), ("over_5_years", True)],
    )
    def test_hindsight_is_compared_in_classes(self, team: Team, said: str, is_met: bool) -> None:
        assert ("hindsight" not in team.apply(lived={"hindsight": said}).unmet) is is_met

    def test_closed_or_another_role_is_refused(self, team: Team) -> None:
        recruitments.set_up(team.organisation, actor=team.coordinator, profiles=["witness"])
        team.recruitment.refresh_from_db()
        with pytest.raises(Refused, match="closed"):
            team.apply(profile=Profile.VOICE)

    def test_numbers_follow_one_another(self, team: Team) -> None:
        assert [team.apply().number for _ in range(3)] == [1, 2, 3]


class TestDrafts:
    def write(self, team: Team, *steps: str) -> ApplicationDraft:
        draft = None
        for step in steps or drafts.STEPS:
            draft = drafts.save_step(
                draft, step, told()[step], actor=PUBLIC, recruitment=team.recruitment, profile="witness"
            )
        assert draft is not None
        return draft

    def test_it_is_taken_up_again_with_its_code(self, team: Team) -> None:
        draft = self.write(team, "you", "lived")
        code = drafts.give_code(draft, actor=PUBLIC)
        found = drafts.resume(f" {code[:4]} {code[4:]}", network="192.0.2.1")
        assert found == draft
        assert drafts.first_unanswered(found) == "offer"
        drafts.give_code(draft, actor=PUBLIC)
        assert drafts.resume(code, network="192.0.2.1") is None

    def test_guesses_are_slowed_down(self, team: Team) -> None:
        for number in range(5):
            drafts.resume(f"{number:016d}", network="192.0.2.9")
        with pytest.raises(Refused, match="too_many_tries"):
            drafts.resume("0" * 16, network="192.0.2.9")

    def test_sent_twice_is_one_application(self, team: Team) -> None:
        draft = self.write(team)
        same = ApplicationDraft.objects.select_related("recruitment__organisation").get(pk=draft.pk)
        drafts.send_draft(draft, actor=PUBLIC)
        with pytest.raises(Refused, match="already_sent"):
            drafts.send_draft(same, actor=PUBLIC)
        assert Application.objects.count() == 1
        assert DataKey.objects.get(pk=draft.vault_id).destroyed_at is not None

    def test_an_unfinished_one_is_not_sent(self, team: Team) -> None:
        with pytest.raises(Refused, match="unfinished"):
            drafts.send_draft(self.write(team, "you"), actor=PUBLIC)

    def test_forgotten_after_a_month(self, team: Team) -> None:
        draft = self.write(team, "you")
        drafts.forget_drafts(timezone.now() + 29 * DAY)
        assert ApplicationDraft.objects.exists()
        drafts.forget_drafts(timezone.now() + 31 * DAY)
        assert not ApplicationDraft.objects.exists()
        assert DataKey.objects.get(pk=draft.vault_id).destroyed_at is not None


class TestConditions:
    def test_usual_ones_then_ones_own(self, team: Team) -> None:
        assert EntryCondition.objects.filter(profile="voice").count() == 4
        recruitments.set_condition(
            team.organisation, actor=team.coordinator, profile="voice", kind="hindsight", least="years_2_5"
        )
        again = recruitments.conditions_of(team.organisation, "voice")
        assert {row.kind: row.least for row in again}["hindsight"] == "years_2_5"
        recruitments.remove_condition(again[0], actor=team.coordinator)
        assert len(recruitments.conditions_of(team.organisation, "voice")) == 3

    def test_hindsight_without_a_class_is_refused(self, team: Team) -> None:
        with pytest.raises(Refused, match="incomplete"):
            recruitments.set_condition(team.organisation, actor=team.coordinator, profile="voice", kind="hindsight")

    def test_other_organisation(self, team: Team) -> None:
        with pytest.raises(Denied):
            recruitments.set_up(Team().organisation, actor=team.coordinator, is_open=False)

    def test_longer_than_a_year_is_refused(self, team: Team) -> None:
        with pytest.raises(Refused, match="incomplete"):
            recruitments.set_up(team.organisation, actor=team.coordinator, keep_months=13)


class TestDecide:
    def test_it_ends_with_its_letter(self, team: Team) -> None:
        application = team.meet()
        decisions.decide(application, actor=team.coordinator, outcome="declined", why="enough")
        assert application.state == "decided"
        decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="mail")
        assert application.state == "declined"
        assert application.expires_on <= timezone.localdate() + timedelta(days=366)
        assert ApplicationLetter.objects.get().body == LETTER

    def test_own_words_are_destroyed(self, team: Team) -> None:
        application = team.meet()
        decisions.decide(application, actor=team.coordinator, outcome="accepted")
        assert Application.objects.get(pk=application.pk).own_words is ERASED

    def test_two_people_where_it_is_asked(self) -> None:
        team = Team(needs_two=True)
        application = team.meet()
        decision = decisions.decide(application, actor=team.coordinator, outcome="accepted")
        waiting = Notice.objects.unread().filter(about=application.pk).values_list("kind", flat=True)
        assert set(waiting) == {"to_confirm"}
        with pytest.raises(Refused, match="unconfirmed"):
            decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="mail")
        with pytest.raises(Refused, match="same_person"):
            decisions.confirm(decision, actor=team.coordinator)
        decisions.confirm(decision, actor=team.other)
        assert set(waiting.all()) == {"confirmed"}
        with pytest.raises(Refused, match="stale"):
            decisions.confirm(decision, actor=team.other)
        decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="mail")
        assert application.state == "accepted"

    def test_the_psychologist_who_met_them_may_be_the_second(self) -> None:
        team = Team(needs_two=True)
        decision = decisions.decide(team.meet(), actor=team.coordinator, outcome="accepted")
        assert decisions.confirm(decision, actor=team.psychologist).confirmed_by == team.solene
        waiting = Notice.objects.unread().filter(about=decision.application_id)
        assert {notice.person_id for notice in waiting} == {team.claire.pk, team.paul.pk}, "the letter waits"
        absent = team.apply(timezone.now() - 20 * DAY)
        slot = team.offer(days=10, now=timezone.now() - 20 * DAY)
        interviews.invite(absent, actor=team.coordinator)
        interviews.book(absent, slot, actor=applications.holder(absent), now=timezone.now() - 20 * DAY)
        interviews.note_absence(slot, actor=team.psychologist)
        with pytest.raises(Denied):
            decisions.confirm(
                decisions.decide(absent, actor=team.coordinator, outcome="declined", why="enough"),
                actor=team.psychologist,
            )
        never_met = decisions.decide(team.apply(), actor=team.coordinator, outcome="declined", why="enough")
        with pytest.raises(Denied):
            decisions.confirm(never_met, actor=team.psychologist)

    def test_taken_back_before_the_letter(self, team: Team) -> None:
        application = team.meet()
        decisions.decide(application, actor=team.coordinator, outcome="accepted")
        decisions.take_back(application, actor=team.other)
        assert (application.state, application.outcome) == ("interviewed", "")
        decisions.decide(application, actor=team.other, outcome="deferred", why="not_now", talk_again_on=soon(90))
        assert Decision.objects.filter(taken_back_at=None).count() == 1

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"outcome": "declined"}, "no_reason"),
            ({"outcome": "deferred", "why": "not_now"}, "no_day"),
            ({"outcome": "redirected", "why": "other_role", "redirected_to": "witness"}, "no_role"),
            ({"outcome": "sacked", "why": "enough"}, "no_outcome"),
        ],
    )
    def test_what_is_missing_is_said(self, team: Team, given: dict[str, Any], code: str) -> None:
        with pytest.raises(Refused, match=code):
            decisions.decide(team.meet(), actor=team.coordinator, **given)

    def test_no_day_beyond_the_year_kept(self, team: Team) -> None:
        with pytest.raises(Refused, match="no_day"):
            decisions.decide(
                team.meet(), actor=team.coordinator, outcome="deferred", why="hindsight", talk_again_on=soon(400)
            )

    def test_later_comes_back_on_its_day(self, team: Team) -> None:
        application = finish(team, team.meet(), "deferred", talk_again_on=soon(30))
        now = timezone.now()
        deferred = visible(Application, team.coordinator).due_in
        assert not deferred(application.state, now, timezone.localdate(now)).exists()
        later = now + 30 * DAY
        assert deferred(application.state, later, timezone.localdate(later)).get() == application
        interviews.invite(application, actor=team.coordinator, now=later)
        assert (application.state, application.outcome) == ("to_meet", "")
        assert application.expires_on > timezone.localdate(later) + timedelta(days=360)

    def test_someone_of_elsewhere_decides_nothing(self, team: Team) -> None:
        with pytest.raises(Denied):
            decisions.decide(team.meet(), actor=Team().coordinator, outcome="accepted")

    def test_a_psychologist_decides_nothing(self, team: Team) -> None:
        with pytest.raises(Denied):
            decisions.decide(team.meet(), actor=team.psychologist, outcome="accepted")


def soon(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


class TestLetters:
    @pytest.mark.parametrize("language", ["fr", "en"])
    @pytest.mark.parametrize("outcome", ["accepted", "deferred", "redirected", "declined"])
    def test_each_answer_has_its_words(self, team: Team, outcome: str, language: str) -> None:
        application = team.meet()
        application.language, application.outcome = language, outcome
        application.talk_again_on, application.redirected_to = soon(30), "voice"
        text = letters.draft(application, team.recruitment, signed_by="Claire")
        assert "Marc" in text
        assert "01 99 00 12 34" in text
        assert "Claire" in text
        assert ("Bonjour" in text) is (language == "fr")
        assert "<" not in text
        assert "&#" not in text

    def test_a_yes_keeps_the_interview_as_a_proof(self, team: Team) -> None:
        application = finish(team, team.meet(), "accepted")
        proof = Clearance.objects.get(peer__person=application.person_id)
        assert (proof.kind, proof.obtained_on) == ("interview", Interview.objects.get().held_on)

    def test_mails_say_nothing(self, team: Team) -> None:
        finish(team, team.meet(), "accepted")
        while jobs.run_due():
            pass
        mine = [letter for letter in outbox.outbox if letter.to == ["marc.o@courrier.example"]]
        assert len(mine) == 3  # received, invited, answered
        for letter in mine:
            said = f"{letter.subject} {letter.body}".lower()
            assert "/ma-candidature/" in said
            assert not [word for word in ("cancer", "malad", "témoin", "marc ", "psy", "stomie") if word in said]

    def test_a_shared_mailbox_receives_nothing(self, team: Team) -> None:
        application = team.apply(contact={"has_shared_mailbox": True})
        interviews.invite(application, actor=team.coordinator)
        while jobs.run_due():
            pass
        assert not [letter for letter in outbox.outbox if letter.to == ["marc.o@courrier.example"]]
        decisions.decide(application, actor=team.coordinator, outcome="declined", why="enough")
        with pytest.raises(Refused, match="no_mail"):
            decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="mail")
        decisions.send_letter(application, actor=team.coordinator, body=LETTER, way="by_hand")

    def test_its_link_opens_it(self, team: Team) -> None:
        application = team.apply()
        token = notices.link_of(application).rstrip("/").rsplit("/", 1)[-1]
        assert applications.find_by_link(token) == application


class TestAccepted:
    def test_the_person_and_the_file_follow(self, team: Team) -> None:
        application = finish(team, team.meet(), "accepted")
        peer = Peer.objects.get(organisation=team.organisation)
        assert application.person == peer.person
        assert (peer.person.given_name, peer.profiles, peer.kind) == ("Marc", ["witness"], "patient")
        assert peer.experiences.get().code == "cancer_colorectal"
        assert peer.person.user is None
        assert peer.person.awaited is not None

    def test_ready_nowhere(self, team: Team) -> None:
        finish(team, team.meet(), "accepted")
        peer = Peer.objects.get(organisation=team.organisation)
        assert readiness.personal([peer.pk])[peer.pk]

    def test_no_other_answer_opens_a_file(self, team: Team) -> None:
        finish(team, team.meet(), "redirected", redirected_to="voice")
        assert not Peer.objects.exists()


class TestEnd:
    def test_withdrawn_frees_the_hour(self, team: Team) -> None:
        application, slot = team.apply(), team.offer()
        holder = applications.holder(application)
        interviews.invite(application, actor=team.coordinator)
        interviews.book(application, slot, actor=holder)
        applications.withdraw_application(application, actor=holder)
        assert application.state == "withdrawn"
        assert InterviewSlot.objects.free(timezone.now()).get() == slot
        with pytest.raises(Refused, match="stale"):
            applications.withdraw_application(application, actor=holder)

    def test_erased_by_the_person(self, team: Team) -> None:
        application = team.apply()
        holder = applications.holder(application)
        with pytest.raises(Refused, match="standing"):
            applications.erase_application(application, actor=holder)
        applications.withdraw_application(application, actor=holder)
        applications.erase_application(application, actor=holder)
        assert not Application.objects.exists()

    def test_not_retained_is_deleted_within_a_year(self, team: Team) -> None:
        application = finish(team, team.meet(notes="x", guide={"motivation": "y"}))
        keys = [
            *(application.vault_id, application.own_vault_id),
            *(InterviewNote.objects.get().vault_id, InterviewGuide.objects.get().vault_id),
        ]
        retention.apply(timezone.now() + 360 * DAY)
        assert Application.objects.filter(pk=application.pk).exists()
        retention.apply(timezone.now() + 368 * DAY)
        assert not Application.objects.exists()
        assert not DataKey.objects.filter(pk__in=keys, destroyed_at=None).exists()

    def test_erasure_of_someone_retained(self, team: Team) -> None:
        from vecu.people import erasures

        application = finish(team, team.meet(), "accepted")
        person = Person.objects.get(pk=application.person_id)
        assert any("candidature" in fate.what for fate in erasures.preview(person))
        for part in erasures.PARTS:
            part.erase(person)
        assert not Application.objects.exists()

    def test_a_copy_holds_what_was_told(self, team: Team) -> None:
        from vecu.people import exports

        application = finish(team, team.meet(notes="secret"), "accepted")
        sections = {
            section.name: section
            for part in exports.PARTS
            for section in part(Person.objects.get(pk=application.person_id))
        }
        assert sections["letters"].rows[0]["texte"] == LETTER if "texte" in sections["letters"].rows[0] else True
        assert "secret" not in str([section.rows for section in sections.values()])
        assert len(sections["application"].rows) == 1


def test_hidden_and_missing_are_the_same(team: Team) -> None:
    from django.http import Http404

    application = team.apply()
    with pytest.raises(Http404):
        get_visible(Application, Team().coordinator, pk=application.pk)
    assert get_visible(Application, system(), pk=application.pk) == application
    assert not visible(Application, Actor()).exists()
