"""Proposing, answering, and the pair that opens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import actor_of
from vecu.accompaniment import adapter
from vecu.accompaniment.actions import proposals
from vecu.accompaniment.enums import FollowUpKind, PairState, ProposalState, RequestState
from vecu.accompaniment.models import Pair, Proposal
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core.errors import Denied, Refused
from vecu.peers import actions as peer_actions
from vecu.peers.enums import Activity
from vecu.peers.models import Clearance, Peer
from vecu.people import actions as people_actions
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.safeguarding.models import CrisisPath

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


class TestPropose:
    def test_it_works(self, world: World) -> None:
        now = at(0)
        proposal = world.propose(now=now)
        world.request.refresh_from_db()
        world.helene.refresh_from_db()
        assert proposal.state == ProposalState.ASKED
        assert proposal.rank == 1
        assert proposal.answer_by == now + timedelta(hours=48)
        assert world.request.state == RequestState.PROPOSED
        assert world.helene.active_pairs == 1
        kept = {row["point"]: row["verdict"] for row in proposal.reasons}
        assert kept["condition"] == "yes"

    def test_not_the_first_needs_a_reason(self, world: World) -> None:
        with pytest.raises(Refused) as refusal:
            world.propose(peer=world.marc)
        assert refusal.value.code == "reason_needed"
        proposal = world.propose(peer=world.marc, choice_reason="share_load")
        assert (proposal.rank, proposal.choice_reason) == (2, "share_load")

    def test_a_reason_for_the_first_is_not_kept(self, world: World) -> None:
        assert world.propose(choice_reason="story").choice_reason == ""

    def test_an_invented_reason_is_refused(self, world: World) -> None:
        with pytest.raises(Refused):
            world.propose(peer=world.marc, choice_reason="x" * 500)

    def test_refused_when_a_paper_is_missing(self, world: World) -> None:
        Clearance.objects.filter(peer=world.helene, kind="insurance").delete()
        with pytest.raises(Refused) as refusal:
            world.propose()
        assert refusal.value.code == "not_possible"

    def test_refused_at_a_site_without_convention(self, world: World) -> None:
        world.request.site = world.cast.ward
        world.request.save()
        with pytest.raises(Refused) as refusal:
            world.propose()
        assert refusal.value.code == "not_possible"

    def test_refused_when_pairing_is_not_open(self, world: World) -> None:
        CrisisPath.objects.all().delete()
        with pytest.raises(Refused) as refusal:
            world.propose()
        assert refusal.value.code == "gate_closed"

    def test_refused_when_full_and_nothing_is_left_taken(self, world: World) -> None:
        world.helene.max_pairs = 1
        world.helene.save()
        world.propose()
        with pytest.raises(Refused) as refusal:
            world.propose(world.ask())
        assert refusal.value.code == "not_possible"
        world.helene.refresh_from_db()
        assert world.helene.active_pairs == 1

    def test_a_limit_of_the_peer_is_respected_at_once(self, world: World) -> None:
        peer_actions.save_limits(
            world.helene, actor=world.helene_actor, activity=Activity.ACCOMPANIMENT, refused_codes=["travail"]
        )
        with pytest.raises(Refused) as refusal:
            world.propose()
        assert "cadre" in refusal.value.sentence or "limit" in refusal.value.sentence

    def test_the_version_of_the_limits_is_kept(self, world: World) -> None:
        peer_actions.save_limits(
            world.helene, actor=world.helene_actor, activity=Activity.ACCOMPANIMENT, refused_codes=["argent"]
        )
        assert world.propose().limits_version == 1

    def test_a_coordinator_never_matches_herself(self, world: World) -> None:
        peer = world.peer(world.cast.claire, lived=[("sep", 2015, None), ("travail", 2015, None)])
        for request, chosen in ((world.request, peer), (world.ask(world.cast.claire), world.helene)):
            with pytest.raises(Refused) as refusal:
                proposals.propose(request, chosen, actor=world.claire, choice_reason="story")
            assert refusal.value.code == "herself"

    def test_a_peer_is_never_proposed_to_herself(self, world: World) -> None:
        with pytest.raises(Refused):
            world.propose(world.ask(world.cast.helene))

    def test_vecu_never_proposes_alone(self, world: World) -> None:
        with pytest.raises(Refused) as refusal:
            proposals.propose(world.request, world.helene, actor=system(world.organisation.pk))
        assert refusal.value.code == "human_needed"

    def test_one_asked_proposal_a_request(self, world: World) -> None:
        world.propose()
        world.request.state = RequestState.OPEN  # a page opened before
        with pytest.raises(Refused) as refusal:
            world.propose(peer=world.marc, choice_reason="story")
        assert refusal.value.code == "stale"
        world.marc.refresh_from_db()
        assert world.marc.active_pairs == 0

    def test_other_roles_are_denied(self, world: World) -> None:
        for person in (world.cast.helene, world.cast.nadia, world.cast.solene, world.cast.youssef):
            with pytest.raises(Denied):
                proposals.propose(world.request, world.helene, actor=actor_of(person))

    def test_missing_answers_exclude_nobody(self, world: World) -> None:
        """Whoever tells nothing is offered the same peers as whoever tells everything."""
        silent = world.ask(needs={}, wishes={}, birth_year=None, departement="", languages=[])
        listed = adapter.look_at(silent, at(0)).listed
        assert {one.peer for one in listed.best} == {str(world.helene.pk), str(world.marc.pk)}
        assert not listed.stopped


class TestAnswer:
    def test_a_yes_opens_the_pair(self, world: World) -> None:
        now = at(0)
        pair = proposals.accept(world.propose(now=now), actor=world.helene_actor, now=now + timedelta(hours=1))
        world.request.refresh_from_db()
        assert world.request.state == RequestState.PAIRED
        assert pair.state == PairState.STARTING
        assert pair.decided_by_id == world.cast.claire.pk
        assert pair.first_contact_by == now + timedelta(hours=1, days=3)
        assert set(pair.thread.participants.values_list("person_id", flat=True)) == {
            world.cast.helene.pk,
            world.cast.nadia.pk,
        }
        kinds = list(pair.follow_ups.values_list("kind", flat=True))
        assert kinds.count(FollowUpKind.LATER) == 2
        assert {FollowUpKind.AFTER_FIRST, FollowUpKind.ONE_MONTH} <= set(kinds)

    def test_a_no_gives_the_request_back_and_the_next_is_first(self, world: World) -> None:
        proposals.decline(world.propose(), actor=world.helene_actor)
        world.request.refresh_from_db()
        world.helene.refresh_from_db()
        assert world.request.state == RequestState.OPEN
        assert world.helene.active_pairs == 0
        with pytest.raises(Refused) as refusal:
            world.propose()
        assert refusal.value.code == "not_possible"
        assert world.propose(peer=world.marc).rank == 1

    def test_only_the_peer_asked_answers(self, world: World) -> None:
        proposal = world.propose()
        for actor in (world.marc_actor, world.claire, world.nadia_actor):
            with pytest.raises(Denied):
                proposals.accept(proposal, actor=actor)
            with pytest.raises(Denied):
                proposals.decline(proposal, actor=actor)

    def test_a_second_answer_is_stale(self, world: World) -> None:
        proposal = world.propose()
        again = Proposal.objects.get(pk=proposal.pk)
        proposals.accept(proposal, actor=world.helene_actor)
        for verb in (proposals.accept, proposals.decline):
            with pytest.raises(Refused) as refusal:
                verb(again, actor=world.helene_actor)
            assert refusal.value.code == "stale"
        assert Pair.objects.count() == 1

    def test_withdrawn_by_the_coordinator(self, world: World) -> None:
        proposal = world.propose()
        proposals.withdraw(proposal, actor=world.claire)
        world.request.refresh_from_db()
        assert (proposal.state, world.request.state) == (ProposalState.WITHDRAWN, RequestState.OPEN)
        assert world.propose().rank == 1  # taken back is not a no

    def test_nobody_waits_for_a_silence(self, world: World) -> None:
        now = at(0)
        proposal = world.propose(now=now)
        assert proposals.expire_overdue(now + timedelta(hours=47)) == 0
        assert proposals.expire_overdue(now + timedelta(hours=49)) == 1
        assert proposals.expire_overdue(now + timedelta(hours=49)) == 0
        proposal.refresh_from_db()
        world.request.refresh_from_db()
        assert (proposal.state, world.request.state) == (ProposalState.EXPIRED, RequestState.OPEN)

    def test_a_pause_takes_back_what_was_asked(self, world: World) -> None:
        proposal = world.propose()
        peer_actions.pause(world.helene, actor=world.helene_actor)
        proposal.refresh_from_db()
        assert proposal.state == ProposalState.WITHDRAWN

    def test_a_stopped_person_is_not_met(self, world: World) -> None:
        proposal = world.propose()
        people_actions.stop_person(world.cast.nadia, actor=world.claire, reason="distress")
        with pytest.raises(Refused):
            proposals.accept(Proposal.objects.get(pk=proposal.pk), actor=world.helene_actor)
        assert not Pair.objects.exists()


def test_a_peer_who_also_coordinates_answers_as_a_peer(world: World) -> None:
    Membership.objects.create(
        person=world.cast.helene,
        organisation=world.organisation,
        role=Role.COORDINATOR,
        started_on=at(-10).date(),
    )
    proposal = world.propose()
    assert proposals.accept(proposal, actor=actor_of(world.cast.helene)).state == PairState.STARTING


class TestCalled:
    """Who has been called: a pair opened, not a question asked."""

    def test_saying_no_is_not_having_been_called(self, world: World) -> None:
        proposals.decline(world.propose(now=at(0)), actor=world.helene_actor)
        world.helene.refresh_from_db()
        assert (world.helene.last_pair_at, world.helene.active_pairs) == (None, 0)
        assert world.helene in Peer.objects.never_called()

    def test_a_pair_is(self, world: World) -> None:
        moment = at(0)
        proposals.accept(world.propose(now=at(-1)), actor=world.helene_actor, now=moment)
        world.helene.refresh_from_db()
        assert (world.helene.last_pair_at, world.helene.active_pairs) == (moment, 1)
