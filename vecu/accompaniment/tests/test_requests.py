"""A request from its arrival to its end: the rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.accompaniment.actions import needs, requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import CallOutcome, RequestClosing, RequestSource, RequestState
from vecu.accompaniment.models import CallAttempt, SupportRequest, UnmetNeed
from vecu.accompaniment.tests.factories import (
    RECEIPT,
    ProgrammeFactory,
    RequestFactory,
    WardDoorFactory,
)
from vecu.accompaniment.tests.factories_pairs import World
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core import receipts
from vecu.core.errors import Denied, Refused
from vecu.core.tables import Job
from vecu.people import actions as people_actions
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role, StopReason
from vecu.people.models import Consent, Membership, Person, User

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
FRIDAY_NIGHT = datetime(2026, 11, 20, 22, 10, tzinfo=PARIS)


def received(programme, cast, **traits):
    return RequestFactory(programme=programme, **traits)


class TestReceive:
    def ask(self, programme, **fields):
        asker = Asker(**{"given_name": "Nadia", "phone": "01 99 00 22 33", **fields})
        return requests.receive_request(
            programme,
            actor=PUBLIC,
            source=RequestSource.ONLINE,
            asker=asker,
            told=Told(needs={"conditions": ["sep"]}, own_words="Je travaille encore."),
            has_agreed=True,
            now=FRIDAY_NIGHT,
        )

    def test_it_works(self, programme):
        request, code = self.ask(programme)
        assert request.state == RequestState.RECEIVED
        assert request.person.given_name == "Nadia"
        assert len(code) == 16 and code.isdecimal()
        assert code not in str(SupportRequest.objects.values().get(pk=request.pk))

    def test_call_is_promised_by_the_end_of_the_second_working_day(self, programme):
        request, _code = self.ask(programme)
        assert timezone.localtime(request.call_by).strftime("%A %d %H:%M") == "Tuesday 24 23:59"

    def test_agreement_is_in_the_ledger_with_its_exact_words(self, programme):
        request, _code = self.ask(programme)
        given = Consent.objects.filter(person=request.person).select_related("text")
        assert {(line.text.purpose, line.channel) for line in given} == {("contact", "online"), ("keeping", "online")}
        assert request.consent.text.purpose == ConsentPurpose.CONTACT

    def test_numbers_follow_one_another_in_an_organisation(self, programme):
        numbers = [self.ask(programme)[0].number for _time in range(3)]
        assert numbers == [1, 2, 3]
        assert self.ask(ProgrammeFactory())[0].number == 1

    def test_email_opens_nothing_before_it_is_confirmed(self, programme):
        request, _code = self.ask(programme, email="nadia@courrier.example")
        assert request.person.user is None and not User.objects.filter(email="nadia@courrier.example").exists()
        assert Membership.objects.get(person=request.person).role == Role.BENEFICIARY

    def test_shared_mailbox_is_remembered(self, programme):
        request, _code = self.ask(programme, email="famille@courrier.example", has_shared_mailbox=True)
        assert request.person.awaited.has_shared_mailbox

    def test_receipt_proves_the_file_and_only_this_one(self, programme):
        request, code = self.ask(programme, email="nadia@courrier.example")
        other, _code = self.ask(programme, email="autre@courrier.example")
        assert requests.holds_receipt(request.person, receipts.spaced(code))
        assert not requests.holds_receipt(other.person, code)

    def test_whoever_recognises_it_finds_it_in_their_own_space(self, programme, cast):
        request, _code = self.ask(programme, email=cast.nadia.user.email)
        other = request.person
        standing = people_actions.give_consent(
            cast.nadia, ConsentPurpose.CONTACT, actor=actor_of(cast.nadia), organisation=cast.committee
        )
        people_actions.join_file(other.awaited, actor=actor_of(cast.nadia))
        request.refresh_from_db()
        assert (request.person, request.consent) == (cast.nadia, standing)
        assert triage.standing_consent(request) == standing
        assert people_actions.has_consent(cast.nadia, ConsentPurpose.KEEPING, cast.committee)
        assert str(request.own_words) == "Je travaille encore." and request.erased_at is None
        assert Person.objects.get(pk=other.pk).erased_at is not None

    def test_too_late_once_a_peer_is_in_touch(self):
        world = World()
        reader = world.cast.nadia
        asker = world.pair(world.ask()).beneficiary
        people_actions.await_address(asker, actor=system(), organisation=world.cast.committee, email=reader.user.email)
        asker.user = None
        asker.save()
        with pytest.raises(Refused, match="pair_begun"):
            people_actions.join_file(asker.awaited, actor=actor_of(reader))
        assert Person.objects.get(pk=asker.pk).erased_at is None

    def test_known_address_opens_no_second_account_and_says_nothing(self, programme, cast):
        request, _code = self.ask(programme, email=cast.helene.user.email.upper())
        assert request.person.pk != cast.helene.pk
        assert request.person.user is None
        assert request.person.contact_email.lower() == cast.helene.user.email

    def test_signed_in_person_asks_as_themselves(self, programme, cast):
        asker = Asker(given_name="Nadia", phone="01 99 00 22 33")
        request, _code = requests.receive_request(
            programme,
            actor=actor_of(cast.nadia),
            source=RequestSource.ONLINE,
            asker=asker,
            told=Told(),
            has_agreed=True,
        )
        assert request.person_id == cast.nadia.pk

    def test_closed_programme_refuses(self):
        with pytest.raises(Denied):
            self.ask(ProgrammeFactory(closed=True))

    def test_only_a_coordinator_enters_a_request_by_phone(self, programme, cast):
        asker = Asker(given_name="Paul", phone="01 99 00 22 33")
        for actor in (PUBLIC, actor_of(cast.helene), actor_of(cast.youssef)):
            with pytest.raises(Denied):
                requests.receive_request(programme, actor=actor, source=RequestSource.PHONE, asker=asker, told=Told())
        request, _code = requests.receive_request(
            programme, actor=actor_of(cast.claire), source=RequestSource.PHONE, asker=asker, told=Told()
        )
        assert request.consent is None

    def test_coordinators_are_told_without_a_word_of_health(self, programme):
        self.ask(programme)
        assert not Job.objects.filter(kind="mail", payload__icontains="sclérose").exists()


class TestReceipts:
    def test_it_works(self, programme, cast):
        request = received(programme, cast, with_receipt=True)
        assert requests.find_by_receipt("4821 0073 9915 6640", network="192.0.2.1").pk == request.pk

    @pytest.mark.parametrize("typed", ["", "0000000000000000", RECEIPT[:-1], RECEIPT + "1", "٤٨٢١" * 4, "\x00" * 16])
    def test_wrong_codes_find_nothing(self, programme, cast, typed):
        received(programme, cast, with_receipt=True)
        assert requests.find_by_receipt(typed, network="192.0.2.1") is None

    def test_guesses_are_slowed_down_for_that_network_only(self, programme, cast):
        request = received(programme, cast, with_receipt=True)
        for guess in range(5):
            assert requests.find_by_receipt(f"{guess:016d}", network="192.0.2.1") is None
        with pytest.raises(Refused, match="too_many_tries"):
            requests.find_by_receipt(RECEIPT, network="192.0.2.1")
        assert requests.find_by_receipt(RECEIPT, network="198.51.100.7").pk == request.pk

    def test_request_without_a_receipt_is_never_followed(self, programme, cast):
        request = received(programme, cast)
        assert requests.followed(str(request.pk)) is None
        assert requests.followed("not-a-key") is None


class TestTriage:
    def test_call_is_logged_without_what_was_said(self, programme, cast):
        request = received(programme, cast)
        call = triage.log_call(request, actor=actor_of(cast.claire), outcome=CallOutcome.NO_ANSWER)
        assert call.by_id == cast.claire.pk
        assert {field.name for field in CallAttempt._meta.fields} == {
            *("id", "created_at", "updated_at", "organisation", "request", "by", "called_at", "outcome")
        }

    def test_opening_needs_an_agreement(self, programme, cast):
        request = received(programme, cast)
        with pytest.raises(Refused, match="no_consent"):
            triage.open_request(request, actor=actor_of(cast.claire), channel=ConsentChannel.ONLINE)

    def test_oral_agreement_is_recorded_with_its_witness(self, programme, cast):
        request = received(programme, cast)
        triage.open_request(request, actor=actor_of(cast.claire), channel=ConsentChannel.ORAL)
        assert request.state == RequestState.OPEN
        assert (request.consent.channel, request.consent.recorded_by_id) == ("oral", cast.claire.pk)
        assert request.opened_at is not None and request.owner_id == cast.claire.pk

    def test_stale_click_is_refused(self, programme, cast):
        request = received(programme, cast)
        stale = SupportRequest.objects.get(pk=request.pk)
        triage.open_request(request, actor=actor_of(cast.claire), channel=ConsentChannel.ORAL)
        with pytest.raises(Refused, match="stale"):
            triage.open_request(stale, actor=actor_of(cast.claire), channel=ConsentChannel.ORAL)

    def test_waiting_has_an_owner_a_day_and_an_alternative(self, programme, cast):
        request = received(programme, cast, open=True)
        day = timezone.localdate() + timedelta(days=14)
        triage.wait_request(request, actor=actor_of(cast.claire), ring_back_on=day, alternatives=["help_line"])
        request.refresh_from_db()
        assert (request.state, request.owner_id, request.ring_back_on) == ("waiting", cast.claire.pk, day)
        assert request.alternatives == ["help_line"]
        assert UnmetNeed.objects.filter(request=request).count() == 1

    @pytest.mark.parametrize("days", [-1, 0, 400])
    def test_ring_back_day_must_come_within_a_year(self, programme, cast, days):
        request = received(programme, cast, open=True)
        day = timezone.localdate() + timedelta(days=days)
        with pytest.raises(Refused, match="ring_back_day"):
            triage.wait_request(request, actor=actor_of(cast.claire), ring_back_on=day)

    def test_close_sets_the_day_of_erasure(self, programme, cast):
        request = received(programme, cast, open=True)
        triage.close_request(request, actor=actor_of(cast.claire), reason=RequestClosing.PSYCHOLOGIST)
        months = (request.expires_on - timezone.localdate()).days
        assert 360 <= months <= 366

    def test_nothing_came_of_it_so_it_is_kept_a_month(self, programme, cast):
        request = received(programme, cast)
        triage.close_request(request, actor=actor_of(cast.claire), reason=RequestClosing.NOT_REACHED)
        assert (request.expires_on - timezone.localdate()).days <= 31

    @pytest.mark.parametrize("reason", [RequestClosing.PAIR_ENDED, RequestClosing.STOPPED])
    def test_reasons_written_by_vecu_are_not_chosen(self, programme, cast, reason):
        with pytest.raises(Refused, match="not_chosen"):
            triage.close_request(received(programme, cast), actor=actor_of(cast.claire), reason=reason)

    def test_proposed_request_is_not_closed_behind_the_peer(self, programme, cast):
        request = received(programme, cast, open=True)
        REQUEST.apply(request, "propose", actor=actor_of(cast.claire))
        with pytest.raises(Refused, match="in_hands"):
            triage.close_request(request, actor=actor_of(cast.claire), reason=RequestClosing.INFORMATION)

    def test_withdrawing_takes_the_agreement_back(self, programme, cast):
        request = received(programme, cast)
        triage.open_request(request, actor=actor_of(cast.claire), channel=ConsentChannel.ORAL)
        triage.withdraw_request(request, actor=requests.holder(request))
        assert (request.state, request.closing) == ("closed", "withdrawn")
        assert not people_actions.has_consent(request.person, ConsentPurpose.CONTACT, cast.committee)
        with pytest.raises(Refused, match="stale"):
            triage.withdraw_request(request, actor=requests.holder(request))

    def test_somebody_else_cannot_withdraw_it(self, programme, cast):
        request = received(programme, cast)
        for actor in (PUBLIC, actor_of(cast.nadia), actor_of(cast.helene), actor_of(cast.youssef)):
            with pytest.raises(Denied):
                triage.withdraw_request(request, actor=actor)

    def test_someone_who_comes_back_is_called_again(self, programme, cast):
        request = received(programme, cast, closed=True)
        triage.reopen_request(request, actor=actor_of(cast.claire))
        request.refresh_from_db()
        assert (request.state, request.closing, request.expires_on) == ("received", "", None)
        assert request.call_by > timezone.now()

    def test_nothing_is_reopened_about_someone_stopped(self, programme, cast):
        request = received(programme, cast, closed=True)
        people_actions.stop_person(request.person, actor=actor_of(cast.claire), reason=StopReason.DISTRESS)
        with pytest.raises(Refused, match="stopped"):
            triage.reopen_request(SupportRequest.objects.get(pk=request.pk), actor=actor_of(cast.claire))

    @pytest.mark.parametrize("name", ["helene", "youssef", "solene", "delphine", "bertrand", "nadia"])
    def test_role_without_right_is_denied(self, programme, cast, name):
        request, actor = received(programme, cast), actor_of(getattr(cast, name))
        for verb in (
            lambda: triage.log_call(request, actor=actor, outcome=CallOutcome.REACHED),
            lambda: triage.open_request(request, actor=actor, channel=ConsentChannel.ORAL),
            lambda: triage.close_request(request, actor=actor, reason=RequestClosing.OTHER),
            lambda: triage.reopen_request(request, actor=actor),
            lambda: needs.note_need(request, actor=actor),
        ):
            with pytest.raises(Denied):
                verb()


class TestQuestionsAtTheEnd:
    @pytest.mark.parametrize("channel", [ConsentChannel.ORAL, ConsentChannel.PAPER])
    def test_asked_only_of_those_who_said_yes(self, programme, cast, channel):
        yes, no = RequestFactory(programme=programme), RequestFactory(programme=programme)
        triage.open_request(yes, actor=actor_of(cast.claire), channel=channel, may_ask_at_end=True)
        triage.open_request(no, actor=actor_of(cast.claire), channel=channel)
        given = Consent.objects.filter(text__purpose=ConsentPurpose.EVALUATION)
        assert [(line.person_id, line.channel) for line in given] == [(yes.person_id, channel)]


class TestWardMessages:
    def letters(self):
        return list(Job.objects.filter(kind="mail", key__startswith="ward:").values_list("key", flat=True))

    def test_received_then_contact_made_once_each(self, programme, cast):
        door = WardDoorFactory(programme=programme)
        request = received(programme, cast, source="ward", door=door)
        triage.tell_ward(request, "received")
        triage.tell_ward(request, "received")
        for _call in range(2):
            triage.log_call(request, actor=actor_of(cast.claire), outcome=CallOutcome.REACHED)
        assert sorted(self.letters()) == [f"ward:contact_made:{request.pk}", f"ward:received:{request.pk}"]

    def test_nothing_else_is_ever_told(self, programme, cast):
        request = received(programme, cast, source="ward", door=WardDoorFactory(programme=programme))
        triage.log_call(request, actor=actor_of(cast.claire), outcome=CallOutcome.NO_ANSWER)
        triage.close_request(request, actor=actor_of(cast.claire), reason=RequestClosing.NOT_REACHED)
        assert self.letters() == []

    def test_the_letter_holds_no_name_no_place_no_word_of_health(self, programme, cast):
        door = WardDoorFactory(programme=programme, ward="Oncologie")
        request = received(programme, cast, source="ward", door=door)
        for what in ("received", "contact_made"):
            subject, text = triage._letter(what)
            said = f"{subject} {text}".casefold()
            for word in (
                request.person.given_name,
                "oncologie",
                "cancer",
                door.site.name,
                programme.name,
                "pair",
                "patient",
            ):
                assert word.casefold() not in said


class TestWorkflow:
    EXPECTED = {
        ("received", "open"): "open",
        ("open", "wait"): "waiting",
        ("waiting", "resume"): "open",
        ("open", "propose"): "proposed",
        ("waiting", "propose"): "proposed",
        ("proposed", "release"): "open",
        ("proposed", "pair"): "paired",
        ("paired", "rematch"): "open",
        ("paired", "end"): "closed",
        ("closed", "reopen"): "received",
        **{(state, "close"): "closed" for state in ("received", "open", "waiting")},
        **{(state, "withdraw"): "closed" for state in ("received", "open", "waiting", "proposed", "paired")},
        **{(state, "stop"): "closed" for state in ("received", "open", "waiting", "proposed", "paired")},
    }

    @pytest.mark.parametrize("state", RequestState.values)
    def test_every_state_with_every_move(self, state):
        allowed = {move.name: move.target for move in REQUEST if state in move.sources}
        assert allowed == {name: target for (source, name), target in self.EXPECTED.items() if source == state}
