"""Everyone who waits, looked at together."""

from __future__ import annotations

import pytest

from tests.cast import actor_of
from vecu.accompaniment import context
from vecu.accompaniment.actions import plans, proposals
from vecu.accompaniment.enums import ChoiceReason, PlanLineState, RequestState
from vecu.accompaniment.models import Plan, PlanLine, UnmetNeed
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.core.errors import Denied, Refused
from vecu.people.actor import system

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    """Two places in all (one each), three people who wait."""
    made = World()
    for peer in (made.helene, made.marc):
        peer.max_pairs = 1
        peer.save()
    made.second = made.ask(received_at=at(-20))  # type: ignore[attr-defined]
    made.third = made.ask(received_at=at(-1))  # type: ignore[attr-defined]
    return made


def lines(plan: Plan) -> dict[object, PlanLine]:
    return {line.request_id: line for line in PlanLine.objects.filter(plan=plan)}


class TestMake:
    def test_capacities_hold_and_those_who_wait_know_why(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        given = [line.peer_id for line in lines(plan).values() if line.peer_id]
        assert sorted(given, key=str) == sorted([world.helene.pk, world.marc.pk], key=str)
        waiting = [line for line in lines(plan).values() if line.peer_id is None]
        assert [line.waiting_code for line in waiting] == ["all_full"]
        assert plan.inputs == {"requests": 3, "peers": 2, "places": 2}

    def test_words_without_any_figure_of_the_engine(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        rows = context.plan_rows(list(lines(plan).values()), {}, world.claire, at(0))
        why = next(row for row in rows if not row.peer)
        assert "2" in why.why and why.details
        assert "%" not in why.why

    def test_nobody_possible_is_said_and_kept_as_a_need(self, world: World) -> None:
        world.helene.delete()
        world.marc.delete()
        plan = plans.make_plan(actor=world.claire)
        line = lines(plan)[world.request.pk]
        assert line.waiting_code == "no_feasible_peer"
        plans.note_unmet(line, actor=world.claire)
        plans.note_unmet(line, actor=world.claire)
        assert UnmetNeed.objects.count() == 1

    def test_a_new_plan_replaces_the_one_before_and_keeps_decisions(self, world: World) -> None:
        first = plans.make_plan(actor=world.claire)
        kept = next(line for line in lines(first).values() if line.peer_id)
        plans.lock_line(kept, actor=world.claire)
        second = plans.make_plan(actor=world.claire)
        first.refresh_from_db()
        assert first.replaced_at is not None
        again = lines(second)[kept.request_id]
        assert (again.state, again.peer_id) == (PlanLineState.LOCKED, kept.peer_id)
        assert not any(line.has_moved for line in lines(second).values())

    def test_only_a_coordinator(self, world: World) -> None:
        for person in (world.cast.helene, world.cast.nadia, world.cast.solene):
            with pytest.raises(Denied):
                plans.make_plan(actor=actor_of(person))
        with pytest.raises(Refused):
            plans.make_plan(actor=system(world.organisation.pk))


class TestLines:
    def test_refusing_moves_only_what_must_move(self, world: World) -> None:
        extra = world.new_peer(lived=[("sep", 2012, None), ("travail", 2012, None)], max_pairs=1)
        plan = plans.make_plan(actor=world.claire)
        assert all(line.peer_id for line in lines(plan).values())
        line = lines(plan)[world.request.pk]
        before = {key: one.peer_id for key, one in lines(plan).items()}
        plans.refuse_line(line, actor=world.claire)
        after = lines(plan)
        assert after[line.request_id].peer_id != before[line.request_id]
        moved = {key for key, one in after.items() if one.has_moved}
        assert moved == {key for key, one in after.items() if one.peer_id != before[key]}
        assert after[line.request_id].refused_peers == [str(before[line.request_id])]
        assert extra.pk in {one.peer_id for one in after.values()}

    def test_a_kept_line_never_moves(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        kept, other = [line for line in lines(plan).values() if line.peer_id]
        plans.lock_line(kept, actor=world.claire)
        plans.refuse_line(other, actor=world.claire)
        again = lines(plan)[kept.request_id]
        assert (again.peer_id, again.state) == (kept.peer_id, PlanLineState.LOCKED)

    def test_thinking_again_brings_back_whom_was_set_aside(self, world: World) -> None:
        for request in (world.second, world.third):  # type: ignore[attr-defined]
            request.delete()
        world.marc.delete()
        plan = plans.make_plan(actor=world.claire)
        line = lines(plan)[world.request.pk]
        plans.refuse_line(line, actor=world.claire)
        line = lines(plan)[world.request.pk]
        assert (line.peer_id, line.state) == (None, PlanLineState.REFUSED)
        plans.reopen_line(line, actor=world.claire)
        line = lines(plan)[world.request.pk]
        assert (line.peer_id, line.state) == (world.helene.pk, PlanLineState.SUGGESTED)

    def test_accepting_is_proposing(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        line = next(line for line in lines(plan).values() if line.peer_id)
        proposal = plans.accept_line(line, actor=world.claire)
        assert proposal.peer_id == line.peer_id
        assert proposal.choice_reason in ("", ChoiceReason.OVERALL)
        proposal.request.refresh_from_db()
        assert proposal.request.state == RequestState.PROPOSED
        with pytest.raises(Refused):
            plans.accept_line(PlanLine.objects.get(pk=line.pk), actor=world.claire)

    def test_a_no_comes_back_to_the_plan(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        line = next(line for line in lines(plan).values() if line.peer_id)
        proposal = plans.accept_line(line, actor=world.claire)
        peer = proposal.peer
        proposals.decline(proposal, actor=actor_of(peer.person))
        other = next(x for x in lines(plan).values() if x.peer_id and x.pk != line.pk)
        plans.refuse_line(other, actor=world.claire)
        again = lines(plan)[line.request_id]
        assert again.state == PlanLineState.SUGGESTED
        assert again.peer_id != peer.pk

    def test_a_place_taken_meanwhile_is_refused_and_nothing_is_half_done(self, world: World) -> None:
        plan = plans.make_plan(actor=world.claire)
        line = next(line for line in lines(plan).values() if line.peer_id == world.helene.pk)
        other = next(x.request for x in lines(plan).values() if x.pk != line.pk)
        proposals.propose(other, world.helene, actor=world.claire, choice_reason="story")
        with pytest.raises(Refused):
            plans.accept_line(line, actor=world.claire)
        line.refresh_from_db()
        assert line.state == PlanLineState.SUGGESTED
