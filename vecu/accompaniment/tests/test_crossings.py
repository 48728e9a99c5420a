"""A page left open, two people in the same minute: what is decided with an old view undoes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import actor_of
from vecu.accompaniment.actions import closing, drafts, needs, plans, requests, triage
from vecu.accompaniment.actions.requests import Asker, Told
from vecu.accompaniment.enums import AgeGroup, RequestState
from vecu.accompaniment.models import PlanLine, Programme, RequestDraft, SupportRequest, UnmetNeed
from vecu.accompaniment.tests.factories_pairs import World
from vecu.core.errors import Refused
from vecu.people import actions as people_actions
from vecu.people.actor import PUBLIC
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.models import Consent

pytestmark = pytest.mark.django_db
PHONED = Asker(given_name="Nadia", phone="01 99 00 22 33", departement="44")


@pytest.fixture
def world() -> World:
    return World()


def finished(programme: Programme) -> RequestDraft:
    """A draft with its four answers."""
    who = {"role": "patient", "relation": "", "age_group": AgeGroup.ADULT}
    story = {"conditions": ["sep"], "matters": ["travail"], "own_words": "Je travaille encore."}
    wishes = {"town": "", "departement": "44", "birth_year": 1970, "languages": ["fr"], "site": ""}
    contact = {"given_name": "Rose", "phone": "01 99 00 44 55", "email": "", "has_shared_mailbox": False}
    steps = {"who": who, "story": story, "wishes": wishes, "contact": {**contact, "call_parts": ["morning"]}}
    draft = None
    for step, answers in steps.items():
        draft = drafts.save_step(draft, step, answers, actor=PUBLIC, programme=programme)
    assert draft is not None
    return draft


class TestDrafts:
    def test_dropping_one_sent_meanwhile_leaves_the_request_its_key(self, world: World) -> None:
        draft = finished(world.programme)
        request, _code = drafts.send_draft(RequestDraft.objects.get(pk=draft.pk), actor=PUBLIC)
        drafts.drop_draft(draft)
        assert SupportRequest.objects.get(pk=request.pk).own_words == "Je travaille encore."

    def test_one_taken_up_again_meanwhile_is_not_forgotten(self, world: World) -> None:
        """The nightly look read it as too old; its owner saved a step before it was deleted."""
        draft = finished(world.programme)
        read, night = RequestDraft.objects.get(pk=draft.pk), timezone.now()
        read.expires_at = night - timedelta(minutes=1)
        drafts._forget(read, RequestDraft.objects.filter(expires_at__lte=night))
        assert RequestDraft.objects.get(pk=draft.pk).answers["contact"]["given_name"] == "Rose"


class TestCompleting:
    def test_a_page_left_open_does_not_take_back_a_proposal(self, world: World) -> None:
        opened = SupportRequest.objects.get(pk=world.request.pk)
        world.propose()
        requests.change_request(opened, actor=world.claire, asker=PHONED, told=Told(own_words="Le soir plutôt."))
        found = SupportRequest.objects.get(pk=world.request.pk)
        assert (found.state, found.own_words) == (RequestState.PROPOSED, "Le soir plutôt.")

    def test_nor_brings_back_a_peer_left_meanwhile(self, world: World) -> None:
        opened = SupportRequest.objects.get(pk=world.request.pk)
        closing.change_peer(world.pair(), actor=world.claire)
        requests.change_request(opened, actor=world.claire, asker=PHONED, told=Told())
        found = SupportRequest.objects.get(pk=world.request.pk)
        assert found.wishes["excluded_peers"] == [str(world.helene.pk)]

    def test_what_has_ended_is_not_completed(self, world: World) -> None:
        triage.withdraw_request(world.request, actor=world.claire)
        with pytest.raises(Refused, match="closed"):
            requests.change_request(world.request, actor=world.claire, asker=PHONED, told=Told())
        triage.erase_request(world.request)
        with pytest.raises(Refused, match="erased"):
            requests.change_request(
                SupportRequest.objects.get(pk=world.request.pk), actor=world.claire, asker=PHONED, told=Told()
            )


class TestAgreement:
    def test_without_the_agreement_to_keep_nothing_opens(self, world: World) -> None:
        """It was taken back, the other one stands: the same call asks for both again."""
        request = world.ask(state=RequestState.RECEIVED, opened_at=None)
        assert request.person is not None
        for purpose in (ConsentPurpose.CONTACT, ConsentPurpose.KEEPING):
            people_actions.record_consent(
                request.person,
                purpose,
                actor=world.claire,
                organisation=world.organisation,
                channel=ConsentChannel.ORAL,
            )
        standing = Consent.objects.standing().filter(person=request.person)
        keeping = standing.get(text__purpose=ConsentPurpose.KEEPING)
        people_actions.withdraw_consent(keeping, actor=actor_of(request.person))
        request.refresh_from_db()
        triage.reopen_request(request, actor=world.claire)
        assert triage.standing_consent(request) is None
        with pytest.raises(Refused, match="no_consent"):
            triage.open_request(request, actor=world.claire, channel=ConsentChannel.ONLINE)
        triage.open_request(request, actor=world.claire, channel=ConsentChannel.ORAL)
        assert request.consent is not None and request.consent.text.purpose == ConsentPurpose.CONTACT


class TestNeeds:
    def test_met_then_missing_again_is_missing(self, world: World) -> None:
        noted = needs.note_need(world.request, actor=world.claire, now=timezone.localdate() - timedelta(days=40))
        needs.mark_met(world.request, actor=world.claire)
        needs.note_need(world.request, actor=world.claire)
        found = UnmetNeed.objects.get()
        assert (found.pk, found.met_on, found.noted_on) == (noted.pk, None, timezone.localdate())


class TestPlans:
    def test_a_line_of_a_plan_replaced_since_decides_nothing(self, world: World) -> None:
        before = plans.make_plan(actor=world.claire)
        plans.make_plan(actor=world.claire)
        line = PlanLine.objects.get(plan=before, request=world.request)
        verbs = (plans.lock_line, plans.refuse_line, plans.reopen_line, plans.accept_line, plans.note_unmet)
        for verb in verbs:
            with pytest.raises(Refused, match="stale"):
                verb(PlanLine.objects.get(pk=line.pk), actor=world.claire)
        world.request.refresh_from_db()
        assert world.request.state == RequestState.OPEN
