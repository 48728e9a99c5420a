"""From a need nobody could answer to somebody recruited for it: across requests, recruitment and training."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment import adapter, context, newcomers
from vecu.accompaniment.actions import needs, plans
from vecu.accompaniment.models import SupportRequest, UnmetNeed
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory, make_safe
from vecu.agenda import actions as agenda
from vecu.core.errors import Refused
from vecu.peers import actions as peers
from vecu.peers.enums import ClearanceKind, Profile
from vecu.peers.models import RecruitedFor
from vecu.peers.tests.factories import ClearanceFactory, PeerFactory
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.recruitment.actions import applications, campaigns, decisions, interviews, recruitments, slots
from vecu.recruitment.enums import CampaignState
from vecu.recruitment.models import Application, Campaign, CampaignNeed
from vecu.recruitment.tasks import close_campaigns
from vecu.recruitment.tests.factories import told
from vecu.training import actions as training
from vecu.training.models import KeptSeats
from vecu.training.tests.factories import CourseFactory, half_days

pytestmark = pytest.mark.django_db
STOMA = {"code": "stomie", "kind": "patient", "age_class": "30_39", "departement": "39"}


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    make_safe(made.committee, made.solene)
    recruitments.set_up(made.committee, actor=actor_of(made.claire), is_open=True, profiles=Profile.values)
    return made


def waiting(cast: Cast, **fields: Any) -> SupportRequest:
    """Somebody under forty, in the Jura, who lives with a stoma and for whom nobody was found."""
    programme = cast.committee.programmes.first() if hasattr(cast.committee, "programmes") else None
    row = RequestFactory(
        programme=programme or ProgrammeFactory(organisation=cast.committee),
        open=True,
        needs={"conditions": ["stomie"], "age_group": "adult"},
        wishes={"channels": ["phone"]},
        departement="39",
        birth_year=timezone.localdate().year - 34,
        **fields,
    )
    needs.note_need(row, actor=actor_of(cast.claire))
    return row


def opened(cast: Cast, **fields: Any) -> Campaign:
    made = campaigns.prepare_campaign(cast.committee, actor=actor_of(cast.claire), **{**STOMA, **fields})
    return campaigns.open_campaign(made, actor=actor_of(cast.claire))


def accepted_through(cast: Cast, campaign: Campaign) -> RecruitedFor:
    """Somebody answers the campaign, is met and retained."""
    answers = told(lived={"condition": "Stomie", "conditions": ["stomie"]}, offer={"departement": "39"})
    found, _code = applications.receive_application(
        cast.committee.recruitment, actor=PUBLIC, profile="companion", answers=answers, campaign=campaign
    )
    claire, now = actor_of(cast.claire), timezone.now()
    interviews.invite(found, actor=claire)
    slot = slots.offer_slots(actor=claire, starts_at=now + timedelta(days=2), minutes=45)[0]
    interviews.book(found, slot, actor=applications.holder(found))
    slot.refresh_from_db()
    interviews.record_interview(slot, actor=claire, outcome="favourable", now=slot.ends_at)
    found.refresh_from_db()
    decisions.decide(found, actor=claire, outcome="accepted")
    decisions.send_letter(found, actor=claire, body="Merci de nous avoir écrit. " * 3, way="mail")
    return RecruitedFor.objects.get(about=campaign.pk)


def in_order(came: RecruitedFor) -> None:
    for kind in ClearanceKind.values:
        ClearanceFactory(peer=came.peer, kind=kind)


class TestFromTheLine:
    def test_one_action_prepares_it_with_everything_the_line_says(self, client: Client, cast: Cast) -> None:
        for _number in range(11):
            waiting(cast)
        sign_in(client, cast.claire)
        page = client.get("/demandes/sans-reponse/").content.decode()
        assert "Stomie, 30 à 39 ans, Jura" in page and "11 demandes" in page
        for _twice in range(2):
            answer = client.post("/candidatures/campagnes/preparer/", STOMA)
            assert answer.status_code == 303
        campaign = Campaign.objects.get()
        assert campaigns.target_of(campaign) == STOMA and campaign.state == CampaignState.DRAFT
        form = {
            **STOMA,
            "profile": "companion",
            "wanted": "2",
            "seats": "3",
            "starts_on": timezone.localdate(),
            "wish": "",
        }
        answer = client.post(answer["Location"], {**form, "open": "yes"})
        assert answer.status_code == 303, answer.content.decode()
        campaign.refresh_from_db()
        assert (campaign.state, campaign.wanted, campaign.needs.count()) == (CampaignState.OPEN, 2, 11)
        assert KeptSeats.objects.get().asked == 3
        page = client.get(f"/candidatures/campagnes/{campaign.pk}/").content.decode()
        assert "0 sur 11" in page and f"/devenir/{campaign.slug}/" in page

    def test_what_is_typed_for_one_being_prepared_is_written_into_it(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.claire)
        form = {**STOMA, "profile": "companion", "wanted": "1", "seats": "0", "starts_on": timezone.localdate()}
        client.post("/candidatures/campagnes/ajouter/", form)
        typed = {"wish": "Le soir", "wanted": "4", "seats": "2", "ends_on": timezone.localdate() + timedelta(days=60)}
        assert client.post("/candidatures/campagnes/ajouter/", {**form, **typed}).status_code == 303
        made = Campaign.objects.get()
        assert (made.wish, made.wanted, made.seats, made.ends_on) == ("Le soir", 4, 2, typed["ends_on"])
        client.post("/candidatures/campagnes/preparer/", STOMA)
        assert Campaign.objects.get().wish == "Le soir", "the line pressed again takes nothing away"

    def test_enter_in_a_field_saves_and_publishes_nothing(self, client: Client, cast: Cast) -> None:
        """A browser presses the first button of the form."""
        made = campaigns.prepare_campaign(cast.committee, actor=actor_of(cast.claire), **STOMA)
        sign_in(client, cast.claire)
        page = client.get(f"/candidatures/campagnes/{made.pk}/modifier/").content.decode()
        form = next(part for part in page.split("<form")[1:] if 'name="wish"' in part).split("</form>")[0]
        buttons = re.findall(r"<button[^>]*>", form)
        assert len(buttons) == 2 and ['name="open"' in one for one in buttons] == [False, True]

    @pytest.mark.parametrize("changed", [{"wanted": "0"}, {"code": "rien"}, {"ends_on": "2020-01-01"}, {"seats": "-1"}])
    def test_bad_input_is_said_and_nothing_is_lost(self, client: Client, cast: Cast, changed: dict[str, str]) -> None:
        sign_in(client, cast.claire)
        form = {**STOMA, "profile": "companion", "wanted": "2", "seats": "3", "starts_on": timezone.localdate()}
        answer = client.post("/candidatures/campagnes/ajouter/", {**form, "wish": "Le soir", **changed})
        assert answer.status_code == 422 and "Le soir" in answer.content.decode()
        assert not Campaign.objects.exists()

    def test_a_line_that_cannot_be_read_prepares_nothing(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.claire)
        assert client.post("/candidatures/campagnes/preparer/", {"code": "x"}).status_code == 303
        assert not Campaign.objects.exists()

    def test_it_does_not_open_where_applications_are_closed(self, cast: Cast) -> None:
        recruitments.set_up(cast.committee, actor=actor_of(cast.claire), is_open=True, profiles=["voice"])
        with pytest.raises(Refused, match=r"First open|d’abord"):
            opened(cast)

    def test_small_groups_are_hidden_from_whoever_does_not_see_the_requests(self, client: Client, cast: Cast) -> None:
        waiting(cast)
        sabine = PersonFactory(with_account=True)
        MembershipFactory(person=sabine, organisation=cast.committee, role=Role.TRAINER)
        assert context.unmet_needs(actor_of(cast.claire)).total == 1
        assert context.unmet_needs(actor_of(sabine)).groups == []
        sign_in(client, sabine)
        page = client.get("/demandes/sans-reponse/").content.decode()
        assert "Stomie" not in page and "Recruter" not in page

    def test_who_looks_for_is_not_changed_once_people_answer(self, cast: Cast) -> None:
        campaign = opened(cast)
        campaigns.edit_campaign(campaign, actor=actor_of(cast.claire), code="sep", wanted=4)
        campaign.refresh_from_db()
        assert (campaign.code, campaign.wanted) == ("stomie", 4)

    def test_other_organisation_gets_404(self, client: Client, cast: Cast) -> None:
        campaign = opened(cast)
        sign_in(client, cast.youssef)
        for path in ("", "modifier/"):
            assert client.get(f"/candidatures/campagnes/{campaign.pk}/{path}").status_code == 404

    def test_role_without_right_gets_403(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.solene)
        assert client.get("/candidatures/campagnes/").status_code == 403


class TestThePublicPage:
    def test_it_opens_the_form_begun_with_what_is_looked_for(self, client: Client, cast: Cast) -> None:
        campaign = opened(cast)
        address = f"/devenir/{campaign.slug}/"
        page = client.get(address)
        assert "Stomie" in page.content.decode()
        first = client.post(address)["Location"]
        assert "stom" not in address + first
        assert "checked" in client.get(first).content.decode()
        client.post(first, {"kind": "patient", "is_adult": "yes"})
        lived = client.get(first.replace("/you/", "/lived/")).content.decode()
        assert 'value="Stomie"' in lived
        client.post(first.replace("/you/", "/lived/"), {"condition": "Stomie", "hindsight": "years_2_5"})
        draft = Application._meta.apps.get_model("recruitment.ApplicationDraft").objects.get()
        assert draft.campaign == campaign and draft.answers["lived"]["conditions"] == ["stomie"]

    def test_closed_or_unknown_it_says_so_kindly(self, client: Client, cast: Cast) -> None:
        campaign = opened(cast)
        campaigns.close_campaign(campaign, actor=actor_of(cast.claire))
        for slug in (campaign.slug, "nexistepas"):
            answer = client.get(f"/devenir/{slug}/")
            assert answer.status_code == 404 and "Stomie" not in answer.content.decode()


class TestWhoCame:
    def test_the_whole_way(self, client: Client, cast: Cast) -> None:
        asked, campaign = waiting(cast), opened(cast)
        known = PeerFactory(organisation=cast.committee, ready=True, lived=["stomie"])
        came = accepted_through(cast, campaign)
        claire = actor_of(cast.claire)
        assert newcomers.hopes_today(claire, timezone.now()) == []  # not ready yet
        in_order(came)
        (hope,) = newcomers.hopes_today(claire, timezone.now())
        assert hope.names == "Marc" and str(asked.pk) in hope.url
        sign_in(client, cast.claire)
        assert "peut convenir" in client.get("/aujourdhui/").content.decode()
        looked = adapter.look_at(asked, timezone.now())
        assert [one.peer for one in looked.listed.best] == [str(came.peer_id), str(known.pk)]
        board = context.board_page(asked, looked, claire)
        assert board.best[0].words[0].point == "recruited" and f"{campaign.number}" in board.best[0].words[0].text
        assert all(word.point != "recruited" for word in board.best[1].words)
        needs.mark_met(asked, actor=system(cast.committee.pk))
        assert CampaignNeed.objects.get().met_on == timezone.localdate()
        assert newcomers.hopes_today(claire, timezone.now()) == []
        page = client.get(f"/candidatures/campagnes/{campaign.pk}/").content.decode()
        assert "1 sur 1" in page
        campaign.refresh_from_db()
        assert (campaign.applied, campaign.accepted) == (1, 1)

    def test_all_looked_at_together_they_are_preferred_and_it_is_said(self, client: Client, cast: Cast) -> None:
        asked, campaign = waiting(cast), opened(cast)
        for _number in range(3):
            PeerFactory(organisation=cast.committee, ready=True, lived=["stomie"])
        came = accepted_through(cast, campaign)
        in_order(came)
        plan = plans.make_plan(actor=actor_of(cast.claire))
        line = plan.lines.get(request=asked)
        assert line.peer == came.peer
        sign_in(client, cast.claire)
        page = client.get(reverse("plan")).content.decode()
        assert f"Venu par la campagne {campaign.number}," in page

    def test_a_need_of_another_kind_is_not_told_of(self, cast: Cast) -> None:
        came = accepted_through(cast, opened(cast))
        in_order(came)
        other = RequestFactory(programme=ProgrammeFactory(organisation=cast.committee), open=True)
        needs.note_need(other, actor=actor_of(cast.claire))
        assert newcomers.hopes_today(actor_of(cast.claire), timezone.now()) == []
        assert newcomers.recruited_for(cast.committee.pk, [other]) == {}

    def test_as_many_queries_however_many_came(self, cast: Cast, django_assert_num_queries: Any) -> None:
        asked, claire = waiting(cast), actor_of(cast.claire)

        def come(number: int, **changed: str) -> None:
            peer = PeerFactory(organisation=cast.committee, ready=True)
            target = {**STOMA, **changed}
            peers.note_recruited(peer, actor=system(cast.committee.pk), about=uuid4(), number=number, **target)

        come(1)
        with CaptureQueriesContext(connection) as alone:
            (hope,) = newcomers.hopes_today(claire, timezone.now())
        for number, changed in enumerate(({"departement": ""}, {"departement": "44"}, {"age_class": ""}), start=2):
            come(number, **changed)
        with django_assert_num_queries(len(alone)):
            (hope,) = newcomers.hopes_today(claire, timezone.now())
        assert str(asked.pk) in hope.url and RecruitedFor.objects.count() == 4

    def test_a_need_that_comes_meanwhile_is_counted(self, cast: Cast) -> None:
        campaign = opened(cast)
        waiting(cast)
        assert campaign.needs.count() == UnmetNeed.objects.count() == 1


class TestSeats:
    def test_kept_taken_by_those_who_came_and_given_back(self, cast: Cast) -> None:
        campaign, claire = opened(cast, seats=2), actor_of(cast.claire)
        cohort = training.open_cohort(
            CourseFactory(organisation=cast.committee),
            actor=claire,
            host=cast.solene,
            places=3,
            half_days=half_days(days=6, ago=-10),
        )
        row = training.keep_seats(KeptSeats.objects.get(), cohort, actor=claire, seats=2)
        campaign.refresh_from_db()
        assert campaign.seats_kept == 2
        assert training.add_trainee(cohort, cast.helene, actor=claire).state == "enrolled"
        assert training.add_trainee(cohort, cast.marc, actor=claire).state == "waiting"  # the two others are kept
        came = accepted_through(cast, campaign)
        assert training.add_trainee(cohort, came.peer.person, actor=claire).state == "enrolled"
        row.refresh_from_db()
        assert (row.used, row.left) == (1, 1)
        campaigns.close_campaign(campaign, actor=claire)
        cohort.gathering.refresh_from_db()
        assert (cohort.gathering.kept, cohort.gathering.taken) == (0, 3)  # Marc has the last one

    def test_who_was_looked_for_takes_a_kept_seat_by_themselves_too(self, cast: Cast) -> None:
        campaign, claire = opened(cast, seats=1), actor_of(cast.claire)
        course, days = CourseFactory(organisation=cast.committee), half_days(days=6, ago=-10)
        cohort = training.open_cohort(course, actor=claire, host=cast.solene, places=3, half_days=days)
        group = agenda.edit_gathering(cohort.gathering, actor=claire, places=3, is_open=True)
        row = training.keep_seats(KeptSeats.objects.get(), cohort, actor=claire, seats=1)
        came = accepted_through(cast, campaign).peer.person
        assert agenda.enrol(group, came, actor=actor_of(came, cast.committee)).state == "enrolled"
        row.refresh_from_db()
        group.refresh_from_db()
        assert (row.used, row.left, group.taken, group.kept) == (1, 0, 1, 0)
        for other in (cast.helene, cast.marc):
            assert agenda.enrol(group, other, actor=claire).state == "enrolled"

    def test_of_a_cancelled_group_they_are_wanted_again(self, cast: Cast) -> None:
        opened(cast, seats=2)
        claire, course = actor_of(cast.claire), CourseFactory(organisation=cast.committee)
        days = half_days(days=6, ago=-10)
        first = training.open_cohort(course, actor=claire, host=cast.solene, places=3, half_days=days)
        training.keep_seats(KeptSeats.objects.get(), first, actor=claire, seats=2)
        assert not KeptSeats.objects.all().wanted().exists()
        agenda.cancel_gathering(first.gathering, actor=claire)
        row = KeptSeats.objects.all().wanted().get()
        second = training.open_cohort(course, actor=claire, host=cast.solene, places=3, half_days=days)
        training.keep_seats(row, second, actor=claire, seats=2)
        second.gathering.refresh_from_db()
        assert second.gathering.kept == 2 and not KeptSeats.objects.all().wanted().exists()

    def test_past_the_last_day_they_go_to_those_who_wait(self, cast: Cast) -> None:
        today, claire = timezone.localdate(), actor_of(cast.claire)
        campaign = opened(cast, seats=2, ends_on=today)
        course, days = CourseFactory(organisation=cast.committee), half_days(days=6, ago=-10)
        cohort = training.open_cohort(course, actor=claire, host=cast.solene, places=2, half_days=days)
        training.keep_seats(KeptSeats.objects.get(), cohort, actor=claire, seats=2)
        enrolment = training.add_trainee(cohort, cast.marc, actor=claire)
        close_campaigns(timezone.now())
        campaign.refresh_from_db()
        assert (campaign.state, enrolment.state) == (CampaignState.OPEN, "waiting"), "the last day still counts"
        close_campaigns(timezone.now() + timedelta(days=1))
        campaign.refresh_from_db()
        enrolment.refresh_from_db()
        assert (campaign.state, enrolment.state) == (CampaignState.CLOSED, "enrolled")

    def test_more_than_are_free_is_refused(self, cast: Cast) -> None:
        opened(cast, seats=9)
        claire = actor_of(cast.claire)
        course = CourseFactory(organisation=cast.committee)
        days = half_days(days=6, ago=-10)
        cohort = training.open_cohort(course, actor=claire, host=cast.solene, places=3, half_days=days)
        with pytest.raises(Refused):
            training.keep_seats(KeptSeats.objects.get(), cohort, actor=claire, seats=9)
