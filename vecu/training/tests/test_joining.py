"""Two files are one person, and both hold the same: the stronger stands, then the older, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from vecu.training import actions, standings
from vecu.training.enums import EquivalenceState
from vecu.training.models import Assessment, Attestation, Equivalence, SelfAssessment
from vecu.training.tests.factories import attend, make_cohort, make_equivalence, make_short_cohort

DAY = timedelta(days=1)


def join(world: SimpleNamespace) -> None:
    actions.move_training(world.people["marc"].pk, world.people["nadege"].pk)


def test_two_attestations_of_one_group_both_open_their_page(world: SimpleNamespace) -> None:
    people = [world.people["marc"], world.people["nadege"]]
    cohort = make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], people=people)
    for person in people:
        attend(cohort, person, actor=world.sabine)
    older, younger = (actions.issue_to(cohort, person, actor=world.claire) for person in people)
    codes = {str(older.code): older.pk, str(younger.code): younger.pk}
    join(world)
    held = Attestation.objects.filter(person=world.people["nadege"]).order_by("number")
    assert [row.cohort_id for row in held] == [cohort.pk, None]
    for code, key in codes.items():
        found = actions.find_by_code(code)
        assert found is not None and found.pk == key


@pytest.mark.parametrize("accepted", ["marc", "nadege", None])
def test_a_diploma_sent_from_both_is_looked_at_once(world: SimpleNamespace, accepted: str | None) -> None:
    sent = {
        name: make_equivalence(
            world.people[name], world.here, actor=getattr(world, name), now=timezone.now() + at * DAY
        )
        for at, name in enumerate(("nadege", "marc"))
    }
    if accepted:
        actions.decide(sent[accepted], "accept", actor=world.claire)
    join(world)
    stands = sent[accepted or "nadege"]
    kept = {row.pk: row for row in Equivalence.objects.filter(person=world.people["nadege"])}
    assert len(kept) == 2 and kept.pop(stands.pk).state == ("accepted" if accepted else "asked")
    (other,) = kept.values()
    assert other.state == EquivalenceState.DOUBLE and other.diploma == "DU d’éducation du patient"
    assert bytes(other.proof)


def test_in_one_group_what_either_says_is_kept(world: SimpleNamespace) -> None:
    actions.set_criteria(world.course, ["Écouter sans conseiller", "Animer à deux voix"], actor=world.sabine)
    starts = (timezone.now() - 5 * DAY, timezone.now() + 3 * DAY)
    cohort = make_short_cohort(world, *starts, learners=["marc", "nadege"])
    marc, nadege = (cohort.trainees.get(person=world.people[name]) for name in ("marc", "nadege"))
    first, then = (str(one.pk) for one in standings.criteria_of(cohort))
    actions.assess(marc, {first: "alone", then: "with_help"}, actor=world.sabine)
    Assessment.objects.filter(trainee=marc).update(created_at=timezone.now() - DAY)
    actions.assess(nadege, {first: "not_yet", then: "alone"}, actor=world.sabine)
    actions.assess_self(marc, "before", {first: "not_yet", then: "alone"}, actor=world.marc)
    earlier = timezone.localdate() - 3 * DAY
    actions.receive_papers(marc, ["registration"], actor=world.sabine, on=earlier)
    actions.receive_papers(nadege, ["registration"], actor=world.sabine)
    actions.move_training(world.people["marc"].pk, world.people["nadege"].pk)
    held = cohort.trainees.get()
    assert held.person == world.people["nadege"]
    assert Assessment.objects.get().levels == {first: "alone", then: "with_help"}
    assert SelfAssessment.objects.get().levels == {first: "not_yet", then: "alone"}
    assert held.papers.get().received_on == earlier
