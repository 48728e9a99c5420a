"""The rules of the verbs."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.races import at_once
from vecu.core import vault
from vecu.core.crypto import ERASED
from vecu.core.errors import Denied, Refused
from vecu.core.events import WIRED
from vecu.core.models import JournalEntry
from vecu.peers import actions, events
from vecu.peers.models import Clearance, LimitsPassport, LivedExperience, Peer
from vecu.peers.tests.factories import AbsenceFactory, PeerFactory
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.models import Membership, Person
from vecu.people.tests.factories import PersonFactory, SiteFactory

TODAY = timezone.localdate


def refusal(act: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    assert caught.value.sentence
    return caught.value.code


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The events of peers, in order, beside whatever follows them."""
    heard: list[object] = []
    for event in (events.PeerPaused, events.PeerReturned, events.PeerLimitRaised, events.EngagementEnded):
        assert event in WIRED, f"{event.__name__} is wired nowhere"
        monkeypatch.setattr(WIRED[event], "now", [heard.append])
    return heard


class TestEngagement:
    def test_it_works(self, world: SimpleNamespace) -> None:
        peer = actions.add_with_experience(
            actor=world.claire,
            organisation=world.here,
            person={"given_name": "Marc", "family_name": "Ollivier", "languages": ["fr"]},
            lived={"code": "cancer_prostate", "year_from": 2019, "year_to": 2020},
            kind="patient",
            channels=["video", "phone"],
        )
        peer.refresh_from_db()
        assert (peer.person.given_name, peer.channels, peer.profiles) == ("Marc", ["phone", "video"], ["companion"])
        assert peer.vault_id != peer.person.vault_id
        assert peer.experiences.get().code == "cancer_prostate"
        assert Membership.objects.filter(person=peer.person, role=Role.PEER, organisation=world.here).count() == 1
        assert JournalEntry.objects.filter(verb="peer.add", subject_id=peer.person_id).exists()

    def test_all_or_nothing(self, world: SimpleNamespace) -> None:
        before = Person.objects.count()
        lived = {"code": "sep", "year_from": 3000}
        person = {"given_name": "Marc"}
        assert (
            refusal(
                actions.add_with_experience, actor=world.claire, organisation=world.here, person=person, lived=lived
            )
            == "strange_year"
        )
        assert Person.objects.count() == before

    def test_someone_known_is_added_once_and_may_come_back(self, world: SimpleNamespace, told: list[object]) -> None:
        marc = PersonFactory()
        Membership.objects.create(person=marc, organisation=world.here, role=Role.BENEFICIARY, started_on=TODAY())
        peer = actions.add_peer(marc, actor=world.claire, organisation=world.here, kind="relative", relation="spouse")
        assert refusal(actions.add_peer, marc, actor=world.claire, organisation=world.here) == "already_peer"
        actions.end_engagement(peer, actor=world.claire)
        assert not Membership.objects.filter(person=marc, role=Role.PEER, ended_on=None).exists()
        again = actions.add_peer(marc, actor=world.claire, organisation=world.here, kind="patient")
        assert (again.pk, again.ended_on, again.relation) == (peer.pk, None, "")

    def test_the_place_of_care_is_one_of_ours(self, world: SimpleNamespace) -> None:
        theirs = SiteFactory(organisation=world.elsewhere)
        person = {"given_name": "Marc"}
        added = actions.add_new_peer(
            actor=world.claire, organisation=world.here, person=person, started_on=TODAY(), care_site=world.site
        )
        assert added.care_site == world.site
        assert refusal(actions.edit_peer, world.helene, actor=world.claire, care_site=theirs) == "other_place"
        assert actions.edit_peer(world.helene, actor=world.herself, care_site=world.site).care_site == world.site
        actions.erase_peer(world.helene, actor=world.claire)
        assert Peer.objects.get(pk=world.helene.pk).care_site is None

    def test_the_stopped_are_not_added(self, world: SimpleNamespace) -> None:
        stopped = PersonFactory(stopped=True)
        assert refusal(actions.add_peer, stopped, actor=world.claire, organisation=world.here) == "stopped"

    def test_other_organisation_is_denied(self, world: SimpleNamespace) -> None:
        with pytest.raises(Denied):
            actions.add_new_peer(actor=world.youssef, organisation=world.here, person={"given_name": "X"})
        for act in (actions.edit_peer, actions.pause, actions.come_back, actions.end_engagement):
            with pytest.raises(Denied):
                act(world.helene, actor=world.youssef)

    @pytest.mark.parametrize(
        "fields",
        [
            {"profiles": ["king"]},
            {"kind": "patient", "relation": "cousin"},
            {"kind": "odd"},
            {"started_on": date(1, 1, 1)},
        ],
    )
    def test_odd_fields_are_refused(self, world: SimpleNamespace, fields: dict[str, Any]) -> None:
        if fields.get("kind") == "patient":
            assert actions.edit_peer(world.helene, actor=world.claire, **fields).relation == ""
        else:
            assert refusal(actions.edit_peer, world.helene, actor=world.claire, **fields)

    def test_leaving_ends_the_role_and_is_told(self, world: SimpleNamespace, told: list[object]) -> None:
        actions.pause(world.helene, actor=world.herself)
        actions.end_engagement(world.helene, actor=world.herself)
        assert world.helene.paused_at is None
        assert [type(one) for one in told] == [events.PeerPaused, events.EngagementEnded]
        assert refusal(actions.edit_peer, world.helene, actor=world.claire, profiles=["voice"]) == "ended"
        assert refusal(actions.take_place, world.helene.pk) == "full"

    def test_erasing_destroys_the_key(self, world: SimpleNamespace) -> None:
        actions.edit_peer(world.helene, actor=world.herself, presentation="Bonjour")
        actions.erase_peer(world.helene, actor=world.claire)
        vault.forget()
        peer = Peer.objects.get(pk=world.helene.pk)
        assert peer.presentation is ERASED and peer.ended_on is not None and not peer.experiences.exists()

    def test_whoever_comes_back_after_that_starts_an_empty_file_which_can_be_erased_again(
        self, world: SimpleNamespace, told: list[object]
    ) -> None:
        actions.edit_peer(world.helene, actor=world.herself, presentation="Bonjour", employer_code="mairie")
        actions.end_engagement(world.helene, actor=world.herself)
        actions.erase_peer(world.helene, actor=world.claire)
        back = actions.add_peer(world.helene.person, actor=world.claire, organisation=world.here)
        assert (back.pk, back.presentation, back.employer_code) == (world.helene.pk, "", "")
        actions.edit_peer(back, actor=world.claire, presentation="Me revoici")
        assert Peer.objects.get(pk=back.pk).presentation == "Me revoici"
        actions.erase_peer(back, actor=world.claire)
        vault.forget()
        assert Peer.objects.get(pk=back.pk).presentation is ERASED


class TestAvailability:
    def test_a_pause_needs_one_tap_and_no_reason(self, world: SimpleNamespace, told: list[object]) -> None:
        actions.pause(world.helene, actor=world.herself)
        actions.pause(world.helene, actor=world.herself, until=TODAY() + timedelta(days=9))
        assert world.helene.paused_until == TODAY() + timedelta(days=9)
        actions.come_back(world.helene, actor=world.herself)
        actions.come_back(world.helene, actor=world.herself)
        assert [type(one) for one in told] == [events.PeerPaused, events.PeerReturned]
        assert not any("reason" in field.name for field in Peer._meta.get_fields())

    def test_one_comes_back_after_today(self, world: SimpleNamespace) -> None:
        assert refusal(actions.pause, world.helene, actor=world.herself, until=TODAY()) == "back_already"
        assert refusal(actions.pause, world.helene, actor=world.herself, until=date(9999, 1, 1)) == "strange_date"

    def test_the_clock_brings_back_whoever_gave_a_day(self, world: SimpleNamespace, told: list[object]) -> None:
        day = TODAY() + timedelta(days=3)
        other = PeerFactory(paused=True)
        actions.pause(world.helene, actor=world.herself, until=day)
        assert actions.end_pauses_over(day - timedelta(days=1), actor=system()) == 0
        assert actions.end_pauses_over(day, actor=system()) == 1
        world.helene.refresh_from_db()
        other.refresh_from_db()
        assert world.helene.paused_at is None and other.paused_at is not None
        assert isinstance(told[-1], events.PeerReturned)

    def test_the_peer_sets_their_number_never_under_what_goes_on(self, world: SimpleNamespace) -> None:
        actions.take_place(world.helene.pk)
        actions.take_place(world.helene.pk)
        set_it = actions.set_availability
        assert refusal(set_it, world.helene, actor=world.herself, max_pairs=1) == "below_active"
        assert refusal(set_it, world.helene, actor=world.herself, max_pairs=21) == "strange_limit"
        assert set_it(world.helene, actor=world.herself, max_pairs=5).max_pairs == 5
        assert refusal(set_it, world.helene, actor=world.claire, max_pairs=6) == "reason_needed"
        assert set_it(world.helene, actor=world.claire, max_pairs=2).max_pairs == 2

    def test_choices_are_known_ones(self, world: SimpleNamespace) -> None:
        assert refusal(actions.set_availability, world.helene, actor=world.herself, slots=["night"]) == "unknown_choice"
        assert (
            refusal(actions.set_availability, world.helene, actor=world.herself, territories=["99"]) == "unknown_choice"
        )
        changed = actions.set_availability(
            world.helene, actor=world.herself, slots=["tue_pm", "mon_am"], territories=["44"]
        )
        assert changed.slots == ["mon_am", "tue_pm"]

    def test_absences(self, world: SimpleNamespace) -> None:
        day = TODAY()
        absence = actions.add_absence(world.helene, actor=world.herself, starts_on=day, ends_on=day + timedelta(days=2))
        assert (
            refusal(
                actions.add_absence, world.helene, actor=world.herself, starts_on=day, ends_on=day - timedelta(days=1)
            )
            == "incomplete"
        )
        past = day - timedelta(days=3)
        assert refusal(actions.add_absence, world.helene, actor=world.herself, starts_on=past, ends_on=past) == "past"
        with pytest.raises(Denied):
            actions.remove_absence(absence, actor=world.youssef)
        actions.remove_absence(absence, actor=world.herself)
        assert not world.helene.absences.exists()


class TestPlaces:
    def test_places_are_taken_up_to_the_limit(self, world: SimpleNamespace) -> None:
        for _n in range(3):
            actions.take_place(world.helene.pk)
        assert refusal(actions.take_place, world.helene.pk) == "full"
        world.helene.refresh_from_db()
        assert (world.helene.active_pairs, world.helene.last_pair_at) == (3, None)
        assert [actions.free_place(world.helene.pk) for _n in range(4)] == [True, True, True, False]

    def test_being_asked_is_not_being_called(self, world: SimpleNamespace) -> None:
        now = timezone.now()
        actions.take_place(world.helene.pk)
        actions.free_place(world.helene.pk)
        assert world.helene in Peer.objects.never_called()
        actions.note_pair(world.helene.pk, now=now)
        assert Peer.objects.get(pk=world.helene.pk).last_pair_at == now
        assert world.helene not in Peer.objects.never_called()

    def test_the_database_itself_refuses_one_too_many(self, world: SimpleNamespace) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Peer.objects.filter(pk=world.helene.pk).update(active_pairs=4)

    def test_raising_the_limit_is_reasoned_and_told(self, world: SimpleNamespace, told: list[object]) -> None:
        act = actions.raise_limit
        assert refusal(act, world.helene, actor=world.claire, max_pairs=4, reason=" ") == "no_reason"
        assert refusal(act, world.helene, actor=world.claire, max_pairs=3, reason="elle a dit oui") == "not_more"
        act(world.helene, actor=world.claire, max_pairs=4, reason="elle a dit oui")
        assert JournalEntry.objects.get(verb="peer.raise_limit").reason == "elle a dit oui"
        assert isinstance(told[-1], events.PeerLimitRaised)

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("attempt", range(5))
    def test_two_coordinators_never_share_the_last_place(self, attempt: int) -> None:
        peer = PeerFactory(max_pairs=3, active_pairs=2)
        outcomes = at_once(*[lambda: actions.take_place(peer.pk)] * 2)
        peer.refresh_from_db()
        assert sorted(outcomes) == ["done", "full"]
        assert peer.active_pairs == 3


class TestExperiences:
    def test_it_works(self, world: SimpleNamespace) -> None:
        row = actions.set_experience(
            world.helene, actor=world.herself, code="travail", year_from=2012, own_words="  à mi-temps "
        )
        assert LivedExperience.objects.select_related("peer").get(pk=row.pk).own_words == "à mi-temps"
        changed = actions.set_experience(
            world.helene, actor=world.herself, code="travail", year_from=2012, year_to=2020, experience=row
        )
        assert changed.pk == row.pk and actions.years_since(changed, date(2026, 5, 1)) == 6
        actions.remove_experience(row, actor=world.herself)
        assert not LivedExperience.objects.filter(pk=row.pk).exists()

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ({"code": "nope"}, "unknown_code"),
            ({"code": "travail", "year_from": 1950}, "strange_year"),
            ({"code": "travail", "year_from": 9999}, "strange_year"),
            ({"code": "travail", "year_from": 2012, "year_to": 2011}, "years_in_order"),
            ({"code": "sep"}, "twice"),
            ({"code": "travail", "own_words": "x" * 2001}, "too_long"),
        ],
    )
    def test_what_cannot_be_true_is_refused(self, world: SimpleNamespace, typed: dict[str, Any], code: str) -> None:
        assert refusal(actions.set_experience, world.helene, actor=world.herself, **typed) == code

    def test_years_since_needs_a_year(self, world: SimpleNamespace) -> None:
        assert actions.years_since(world.helene.experiences.first()) is None


class TestClearances:
    def test_renewing_adds_a_line(self, world: SimpleNamespace) -> None:
        held = Clearance.objects.filter(peer=world.helene, kind="insurance").count()
        until = TODAY() + timedelta(days=365)
        act = actions.record_clearance
        clearance = act(world.helene, actor=world.claire, kind="insurance", obtained_on=TODAY(), expires_on=until)
        assert Clearance.objects.filter(peer=world.helene, kind="insurance").count() == held + 1
        again = {"kind": "insurance", "obtained_on": TODAY(), "expires_on": until}
        assert refusal(act, world.helene, actor=world.claire, **again) == "twice"
        actions.remove_clearance(clearance, actor=world.claire)
        with pytest.raises(Denied):
            act(world.helene, actor=world.herself, kind="insurance", obtained_on=TODAY())

    def test_odd_dates_are_refused(self, world: SimpleNamespace) -> None:
        act = actions.record_clearance
        before = TODAY() - timedelta(days=1)
        assert (
            refusal(act, world.helene, actor=world.claire, kind="charter", obtained_on=TODAY(), expires_on=before)
            == "incomplete"
        )
        assert (
            refusal(act, world.helene, actor=world.claire, kind="charter", obtained_on=date(1, 1, 1)) == "strange_date"
        )
        assert refusal(act, world.helene, actor=world.claire, kind="odd", obtained_on=TODAY()) == "incomplete"

    def test_conventions_belong_to_ones_own_sites(self, world: SimpleNamespace) -> None:
        day = TODAY() + timedelta(days=1)
        agreement = actions.record_agreement(world.site, actor=world.claire, starts_on=day)
        assert agreement.organisation_id == world.here.pk
        with pytest.raises(Denied):
            actions.record_agreement(world.site, actor=world.youssef, starts_on=day)
        with pytest.raises(Denied):
            actions.remove_agreement(agreement, actor=world.youssef)
        assert refusal(actions.record_agreement, world.site, actor=world.claire, starts_on=day) == "twice"
        actions.remove_agreement(agreement, actor=world.claire)


class TestLimits:
    def test_a_version_each_time_something_changes(self, world: SimpleNamespace) -> None:
        save = actions.save_limits
        typed = {
            "activity": "accompaniment",
            "refused_codes": ["soins_palliatifs", "aidant_enfant"],
            "own_words": "Rien",
        }
        first = save(world.helene, actor=world.herself, **typed)
        assert save(world.helene, actor=world.herself, **typed).pk == first.pk
        second = save(world.helene, actor=world.herself, **{**typed, "signs": "Je parle vite"})
        assert (first.version, second.version) == (1, 2)
        assert actions.limits_in_force(world.helene).pk == second.pk
        assert LimitsPassport.objects.in_force().get(peer=world.helene).pk == second.pk
        save(world.helene, actor=world.herself, activity="testimony")
        assert LimitsPassport.objects.in_force().filter(peer=world.helene).count() == 2

    def test_only_the_person_sets_them(self, world: SimpleNamespace) -> None:
        with pytest.raises(Denied):
            actions.save_limits(world.helene, actor=world.claire, activity="accompaniment")
        assert (
            refusal(
                actions.save_limits, world.helene, actor=world.herself, activity="accompaniment", refused_codes=["x"]
            )
            == "unknown_choice"
        )


def test_absent_today_is_not_available(world: SimpleNamespace) -> None:
    AbsenceFactory(peer=world.helene)
    assert not Peer.objects.available().exists()
