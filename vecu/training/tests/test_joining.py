"""Two files are one person, and both hold the same: the stronger stands, then the older, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from vecu.training import actions, standings
from vecu.training.actions import PageGiven
from vecu.training.enums import EquivalenceState
from vecu.training.models import (
    Assessment,
    Attestation,
    Cohort,
    CourseModule,
    DiaryNote,
    Equivalence,
    ModuleFollowing,
    SelfAssessment,
)
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


@pytest.mark.parametrize(
    ("marc", "nadege", "stands"), [((9, 20), (5, 0), (9, 20)), ((9, 0), (5, 20), (5, 20)), ((9, 20), (5, 20), (9, 20))]
)
def test_of_a_module_followed_in_both_the_longer_stands(
    world: SimpleNamespace, marc: tuple[int, int], nadege: tuple[int, int], stands: tuple[int, int]
) -> None:
    cohort, module = online(world)
    for name, (days_ago, minutes) in (("marc", marc), ("nadege", nadege)):
        trainee = cohort.trainees.get(person=world.people[name])
        ModuleFollowing.objects.create(
            organisation=world.here,
            trainee=trainee,
            module=module,
            ended_on=timezone.localdate() - days_ago * DAY,
            minutes=minutes,
        )
    join(world)
    held = ModuleFollowing.objects.get()
    assert (held.ended_on, held.minutes) == (timezone.localdate() - stands[0] * DAY, stands[1])


def test_pages_seen_and_notes_of_both_files_come_together(world: SimpleNamespace) -> None:
    cohort, module = online(world)
    text, moment = module.pages.order_by("place")
    for name, page in (("marc", text), ("nadege", moment)):
        trainee, actor = cohort.trainees.get(person=world.people[name]), getattr(world, name)
        actions.see_page(trainee, page, actor=actor)
        actions.write_note(trainee, f"De {name}", actor=actor, page=moment)
    join(world)
    held = ModuleFollowing.objects.get()
    assert held.minutes == 20 and held.ended_on == timezone.localdate()
    notes = DiaryNote.objects.filter(trainee__person=world.people["nadege"]).select_related("trainee__person")
    assert {str(note.words): note.page_id for note in notes} == {"De marc": None, "De nadege": moment.pk}


def online(world: SimpleNamespace) -> tuple[Cohort, CourseModule]:
    """A cohort with both files in it, and a module of two pages and twenty minutes."""
    module = actions.set_online_minutes(world.course.modules.first(), actor=world.sabine, minutes=20)
    for kind in ("text", "reflection"):
        actions.add_page(module, kind, PageGiven("Une page", "Un mot"), actor=world.sabine)
    return make_short_cohort(world, timezone.now() - 5 * DAY, learners=["marc", "nadege"]), module
