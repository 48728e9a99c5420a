"""Pages of matching, proposals, exchanges and pairs."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.cast import sign_in
from vecu.accompaniment.actions import closing, contacts, follow_ups, pairs, proposals
from vecu.accompaniment.enums import PairState, ProposalState
from vecu.accompaniment.models import Contact, Evaluation, FollowUp, Pair, SupportRequest
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core import journal, vault
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.people import actions as people_actions
from vecu.people.enums import ConsentChannel, ConsentPurpose
from vecu.people.models import Person
from vecu.people.tests.factories import MembershipFactory, UserFactory
from vecu.safeguarding.models import Alert

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def claire(client: Any, world: World) -> Any:
    return sign_in(client, world.cast.claire)


def cold_get(client: Any, url: str) -> Any:
    """A page as the first reader of the minute asks for it: no key is kept in memory."""
    vault.forget()
    return client.get(url)


def as_(client: Any, person: Any) -> Any:
    client.logout()
    return sign_in(client, person)


def test_opening_a_pair_is_written_down_and_the_person_can_see_it(claire: Any, world: World) -> None:
    pair = world.pair()
    claire.get(reverse("pair_list"))
    assert not journal.for_subject(world.cast.nadia.pk).exists()
    claire.get(reverse("pair_detail", args=[pair.pk]))
    entry = journal.for_subject(world.cast.nadia.pk).get()
    assert (entry.verb, entry.object_id, entry.actor_id) == ("pair.read", str(pair.pk), world.cast.claire.pk)
    assert "Votre échange avec un pair" in as_(claire, world.cast.nadia).get(reverse("reading_list")).text


def closed_without_account(world: World, *, with_account: bool = False) -> tuple[Pair, Evaluation]:
    """A closed exchange whose person agreed to be asked three questions, and never signs in."""
    member = MembershipFactory(organisation=world.organisation, beneficiary=True)
    Person.objects.filter(pk=member.person_id).update(user=UserFactory() if with_account else None)
    people_actions.record_consent(
        Person.objects.get(pk=member.person_id),
        ConsentPurpose.EVALUATION,
        actor=world.claire,
        organisation=world.organisation,
        channel=ConsentChannel.ORAL,
    )
    pair = world.pair(world.ask(Person.objects.get(pk=member.person_id)))
    closing.close_pair(pair, actor=world.claire, closing="need_met")
    return pair, Evaluation.objects.get(pair=pair, side="beneficiary")


class TestProposal:
    def test_the_peer_sees_no_identity(self, client: Any, world: World) -> None:
        proposal = world.propose()
        helene = sign_in(client, world.cast.helene)
        for url in (reverse("proposal_list"), reverse("proposal_detail", args=[proposal.pk])):
            text = helene.get(url).content.decode()
            assert "Sclérose en plaques" in text
            for hidden in ("Nadia", "Benali", "Saule", "01 99 00 33", "1967", "travaille encore"):
                assert hidden not in text, hidden

    def test_no_in_one_gesture_then_the_next(self, client: Any, world: World) -> None:
        proposal = world.propose()
        helene = sign_in(client, world.cast.helene)
        assert helene.post(reverse("proposal_answer", args=[proposal.pk]), {"answer": "no"}).status_code == 303
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.DECLINED
        claire = as_(client, world.cast.claire)
        text = claire.get(reverse("board_request", args=[world.request.pk])).content.decode()
        assert "Marc O." in text and "Hélène D." not in text
        text = claire.get(reverse("board_others", args=[world.request.pk])).content.decode()
        assert "Hélène D." in text

    def test_yes_opens_the_exchange(self, client: Any, world: World) -> None:
        proposal = world.propose()
        helene = sign_in(client, world.cast.helene)
        answer = helene.post(reverse("proposal_answer", args=[proposal.pk]), {"answer": "yes"})
        pair = Pair.objects.get()
        assert answer.headers["Location"] == reverse("exchange", args=[pair.pk])
        text = helene.get(answer.headers["Location"]).content.decode()
        assert "Saule doré" in text and "Benali" not in text and "01 99 00 33 44" not in text
        assert "Nadia" not in text, "pseudonyms until both choose"

    def test_double_submit_and_stale_page(self, client: Any, world: World) -> None:
        proposal = world.propose()
        helene = sign_in(client, world.cast.helene)
        url = reverse("proposal_answer", args=[proposal.pk])
        helene.post(url, {"answer": "yes"})
        assert helene.post(url, {"answer": "no"}).status_code == 409
        assert Pair.objects.count() == 1

    def test_another_peer_gets_404(self, client: Any, world: World) -> None:
        proposal = world.propose()
        marc = sign_in(client, world.cast.marc)
        assert marc.get(reverse("proposal_detail", args=[proposal.pk])).status_code == 404
        assert marc.post(reverse("proposal_answer", args=[proposal.pk]), {"answer": "yes"}).status_code == 404

    def test_an_answered_proposal_is_a_kind_page(self, client: Any, world: World) -> None:
        proposal = world.propose()
        proposals.withdraw(proposal, actor=world.claire)
        helene = sign_in(client, world.cast.helene)
        assert helene.get(reverse("proposal_detail", args=[proposal.pk])).status_code == 200

    def test_the_coordinator_takes_it_back(self, claire: Any, world: World) -> None:
        proposal = world.propose()
        assert claire.get(reverse("proposed_list")).status_code == 200
        assert claire.post(reverse("proposal_withdraw", args=[proposal.pk])).status_code == 303


class TestExchange:
    def test_both_see_it_and_nobody_else(self, client: Any, world: World) -> None:
        pair = world.pair()
        url = reverse("exchange", args=[pair.pk])
        for person in (world.cast.helene, world.cast.nadia):
            assert as_(client, person).get(url).status_code == 200
            assert client.get(reverse("exchange_list")).status_code == 200
        for person in (world.cast.marc, world.cast.aicha):
            assert as_(client, person).get(url).status_code == 404
        for person in (world.cast.claire, world.cast.solene):
            assert as_(client, person).get(url).status_code == 403

    def test_help_and_the_true_duty_state(self, client: Any, world: World) -> None:
        pair = world.pair()
        text = as_(client, world.cast.nadia).get(reverse("exchange", args=[pair.pk])).content.decode()
        assert reverse("help_now") in text and "3114" in text
        assert reverse("change_ask", args=[pair.pk]) in text
        assert reverse("contact_add", args=[pair.pk]) not in text

    def test_neither_phone_nor_mail_is_shown(self, client: Any, world: World) -> None:
        pair = world.pair()
        for person in (world.cast.helene, world.cast.nadia):
            text = as_(client, person).get(reverse("exchange", args=[pair.pk])).content.decode()
            assert "01 99 00 33 44" not in text and "@courrier" not in text

    def test_a_call_without_a_number(self, client: Any, world: World) -> None:
        pair = world.pair()
        as_(client, world.cast.nadia)
        assert client.post(reverse("call_ask", args=[pair.pk])).status_code == 303
        as_(client, world.cast.claire)
        url = reverse("call_plan", args=[pair.pk])
        assert client.get(url).status_code == 200
        assert client.post(url, {"day": "9999-12-31", "hour": "10:00"}).status_code == 422
        assert client.post(url, {"day": at(2).date().isoformat(), "hour": "10:00"}).status_code == 303
        text = as_(client, world.cast.nadia).get(reverse("exchange", args=[pair.pk])).content.decode()
        assert "10" in text

    def test_someone_else_without_a_reason(self, client: Any, world: World) -> None:
        pair = world.pair()
        as_(client, world.cast.nadia)
        url = reverse("change_ask", args=[pair.pk])
        assert "<textarea" not in client.get(url).content.decode()
        assert client.post(url).status_code == 303
        as_(client, world.cast.helene)
        assert client.post(url).status_code == 403
        assert "autre" not in client.get(reverse("exchange", args=[pair.pk])).content.decode().split("<main")[1].split(
            "footer"
        )[0].casefold().replace("l’autre", "")

    def test_worried(self, client: Any, world: World) -> None:
        pair = world.pair()
        as_(client, world.cast.helene)
        url = reverse("worry", args=[pair.pk])
        assert client.get(url).status_code == 200
        assert client.post(url).status_code == 422
        assert client.post(url, {"danger": "unsure", "where": "chez elle"}).status_code == 303
        assert Alert.objects.get().subject_id == world.cast.nadia.pk


class TestContact:
    def test_two_taps(self, client: Any, world: World) -> None:
        pair = world.pair()
        as_(client, world.cast.helene)
        url = reverse("contact_add", args=[pair.pk])
        page = client.get(url)
        usual = page.content.decode()
        assert 'value="phone"' in usual and "checked" in usual
        form = {"feeling": "good", "happened_on": at(0).date().isoformat(), "channel": "phone", "duration": "half_hour"}
        answer = client.post(url, form)
        assert answer.status_code == 303
        assert client.get(answer.headers["Location"]).status_code == 200
        pair.refresh_from_db()
        assert (pair.state, Contact.objects.count()) == (PairState.ONGOING, 1)

    @pytest.mark.parametrize(
        "bad",
        [
            {},
            {"feeling": "x" * 10_000},
            {"feeling": "good", "happened_on": "0000-00-00", "channel": "phone", "duration": "hour"},
            {"feeling": "good", "happened_on": "\x00", "channel": "phone", "duration": "hour"},
            {"feeling": "good", "happened_on": "2026-01-01", "channel": "\ud83d", "duration": "hour"},
            {"feeling": "good", "happened_on": "2026-01-01", "channel": "phone", "duration": "hour", "themes": "<svg>"},
        ],
    )
    def test_bad_input_is_a_sentence(self, client: Any, world: World, bad: dict[str, str]) -> None:
        pair = world.pair()
        as_(client, world.cast.helene)
        clean = {key: value.encode("utf-8", "replace").decode() for key, value in bad.items()}
        assert client.post(reverse("contact_add", args=[pair.pk]), clean).status_code == 422

    def test_only_the_peer_logs(self, client: Any, world: World) -> None:
        pair = world.pair()
        assert as_(client, world.cast.marc).get(reverse("contact_add", args=[pair.pk])).status_code == 404
        assert as_(client, world.cast.nadia).get(reverse("contact_add", args=[pair.pk])).status_code == 403


class TestPairs:
    def test_list_and_detail(self, claire: Any, world: World) -> None:
        pair = world.pair()
        for view in ("active", "late", "silent", "closed", "x"):
            assert claire.get(reverse("pair_list"), {"vue": view}).status_code == 200
        text = claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert "Nadia" in text and "Hélène" in text

    def test_same_queries_with_more_pairs(self, claire: Any, world: World, django_assert_max_num_queries: Any) -> None:
        world.pair()
        claire.get(reverse("pair_list"))
        with django_assert_max_num_queries(100) as few:
            cold_get(claire, reverse("pair_list"))
        for _n in range(5):
            world.pair(world.ask(), world.new_peer(lived=[("sep", 2015, None)]), choice_reason="story")
        with django_assert_max_num_queries(len(few)):
            cold_get(claire, reverse("pair_list"))

    def test_the_psychologist_reads_and_changes_nothing(self, client: Any, world: World) -> None:
        pair = world.pair()
        as_(client, world.cast.solene)
        assert client.get(reverse("pair_detail", args=[pair.pk])).status_code == 200
        assert client.get(reverse("pair_close", args=[pair.pk])).status_code == 403

    def test_the_two_do_not_have_this_page(self, client: Any, world: World) -> None:
        pair = world.pair()
        for person in (world.cast.helene, world.cast.nadia, world.cast.youssef):
            assert as_(client, person).get(reverse("pair_detail", args=[pair.pk])).status_code == 404

    def test_follow_up(self, claire: Any, world: World) -> None:
        pair = world.pair()
        follow_up = FollowUp.objects.filter(pair=pair).first()
        url = reverse("follow_up_record", args=[follow_up.pk])
        assert claire.get(url).status_code == 200
        assert claire.post(url).status_code == 422
        assert claire.post(url, {"outcome": "goes_well"}).status_code == 303
        assert claire.post(url, {"outcome": "goes_well"}).status_code == 409

    def test_time_to_end_leads_to_the_page_that_ends_it(self, claire: Any, world: World) -> None:
        pair = world.pair()
        first, second = FollowUp.objects.filter(pair=pair)[:2]
        answer = claire.post(reverse("follow_up_record", args=[first.pk]), {"outcome": "stop"})
        assert answer["Location"] == reverse("pair_close", args=[pair.pk])
        assert "Ce point est noté" in claire.get(answer["Location"]).text
        answer = claire.post(reverse("follow_up_record", args=[second.pk]), {"outcome": "change"})
        assert answer["Location"] == reverse("pair_detail", args=[pair.pk])
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        point = follow_ups.with_the_person(pair, at(0).date())
        answer = claire.post(reverse("follow_up_record", args=[point.pk]), {"outcome": "stop"})
        assert answer["Location"] == reverse("pair_detail", args=[pair.pk])

    def test_close_then_evaluate(self, claire: Any, world: World) -> None:
        pair = world.pair()
        url = reverse("pair_close", args=[pair.pk])
        assert claire.get(url).status_code == 200
        assert claire.post(url, {"closing": "death"}).status_code == 422
        assert claire.post(url, {"closing": "need_met", "told": ["person", "peer"]}).status_code == 303
        pair.refresh_from_db()
        assert (pair.state, pair.told) == (PairState.CLOSED, ["person", "peer"])
        assert claire.get(reverse("pair_detail", args=[pair.pk])).status_code == 200
        evaluation = Evaluation.objects.get(side="peer")
        url = reverse("evaluation_answer", args=[evaluation.pk])
        helene = as_(claire, world.cast.helene)
        assert helene.get(url).status_code == 200
        assert helene.post(url, {"first": "9"}).status_code == 422
        assert helene.post(url, {"first": "5", "word": "Merci"}).status_code == 303
        assert helene.get(url).status_code == 200
        claire = as_(helene, world.cast.claire)
        assert "Merci" in claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert claire.get(url).status_code in (403, 404)

    def test_a_peer_on_a_pause_is_flagged(self, claire: Any, world: World) -> None:
        world.pair()
        listed = reverse("pair_list")
        assert "En pause" not in claire.get(listed).content.decode()
        peer_actions.pause(world.helene, actor=world.helene_actor, until=at(3).date())
        assert "En pause" in claire.get(listed).content.decode()
        Peer.objects.filter(pk=world.helene.pk).update(paused_until=at(0).date())
        assert "En pause" not in claire.get(listed).content.decode()

    def test_the_request_is_one_click_away(self, claire: Any, world: World) -> None:
        pair = world.pair()
        page = claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert reverse("request_detail", args=[pair.request_id]) in page

    def test_answers_told_by_phone(self, claire: Any, world: World) -> None:
        pair, evaluation = closed_without_account(world)
        url = reverse("evaluation_by_phone", args=[evaluation.pk])
        assert url in claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert claire.get(url).status_code == 200
        assert claire.post(url, {"first": "9"}).status_code == 422
        assert claire.post(url, {"first": "5", "word": "Merci"}).status_code == 303
        page = claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert "Merci" in page and url not in page
        assert claire.get(url).status_code == 303
        for person in (world.cast.helene, world.cast.solene):
            assert as_(claire, person).get(url).status_code == 403

    def test_whoever_has_an_account_answers_alone(self, claire: Any, world: World) -> None:
        pair, evaluation = closed_without_account(world, with_account=True)
        url = reverse("evaluation_by_phone", args=[evaluation.pk])
        assert url not in claire.get(reverse("pair_detail", args=[pair.pk])).content.decode()
        assert claire.get(url).status_code == 404

    def test_change(self, claire: Any, world: World) -> None:
        pair = world.pair()
        url = reverse("pair_change", args=[pair.pk])
        assert claire.get(url).status_code == 200
        answer = claire.post(url)
        assert answer.headers["Location"] == reverse("board_request", args=[pair.request_id])
        text = claire.get(answer.headers["Location"]).content.decode()
        assert "Marc O." in text and "Hélène D." not in text

    def test_somebody_in_distress_is_not_left_with_a_stop(self, client: Any, world: World) -> None:
        pair = world.pair()
        page, raise_it = (
            reverse("pair_detail", args=[pair.pk]),
            f"{reverse('alert_open')}?personne={world.cast.nadia.pk}",
        )
        claire = as_(client, world.cast.claire)
        people_actions.stop_person(world.cast.nadia, actor=world.claire, reason="distress")
        text = claire.get(page).text
        assert "quelqu’un l’appelle maintenant" in text and raise_it in text

    def test_with_somebody_without_an_account_one_talks_on_the_phone(self, client: Any, world: World) -> None:
        request = world.ask()
        Person.objects.filter(pk=request.person_id).update(user=None)
        pair = world.pair(SupportRequest.objects.get(pk=request.pk), choice_reason="story")
        helene = as_(client, world.cast.helene)
        text = helene.get(reverse("exchange", args=[pair.pk])).text
        assert "ne lit aucun message" in text and "Votre message" not in text and "La coordination vous appelle" in text
        assert "Un simple" not in text and "C’est vous qui faites le premier pas" not in text
        pairs.plan_call(pair, actor=world.claire, call_at=at(2))
        assert "vous appelle tous les deux" in helene.get(reverse("exchange", args=[pair.pk])).text

    def test_a_closed_exchange_is_still_read(self, client: Any, world: World) -> None:
        pair = world.pair()
        contacts.log_contact(
            pair,
            actor=world.helene_actor,
            happened_on=at(0).date(),
            channel="phone",
            duration="hour",
            feeling="hard",
        )
        closing.close_pair(pair, actor=world.claire, closing="need_met")
        text = as_(client, world.cast.nadia).get(reverse("exchange", args=[pair.pk])).content.decode()
        assert reverse("message_send", args=[pair.thread_id]) not in text
