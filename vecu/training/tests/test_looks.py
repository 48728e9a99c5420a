"""Where trainees stand: theirs alone, a group by five, two assessors apart."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from vecu.core.access import visible
from vecu.core.errors import Denied, Refused
from vecu.peers.tests.conftest import actor_of
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.training import actions, standings
from vecu.training.models import Assessment, Cohort, Criterion, SelfAssessment, Trainee
from vecu.training.tests.factories import make_short_cohort

DAY = timedelta(days=1)
LISTEN, LEAD = "Écouter sans conseiller", "Animer à deux voix"


@pytest.fixture
def cohort(world: SimpleNamespace) -> Cohort:
    """It ends in three days; Marc and the nurse Nadège follow it."""
    actions.set_criteria(world.course, [LISTEN, LEAD], actor=world.sabine)
    return make_short_cohort(world, timezone.now() - 5 * DAY, timezone.now() + 3 * DAY, learners=["marc", "nadege"])


def levels(cohort: Cohort, *given: str) -> dict[str, str]:
    return dict(zip((str(one.pk) for one in standings.criteria_of(cohort)), given, strict=True))


def trainee_of(cohort: Cohort, person: Any) -> Trainee:
    return cohort.trainees.get(person=person)


def someone(world: SimpleNamespace, cohort: Cohort) -> tuple[Trainee, Any]:
    person = PersonFactory(with_account=True)
    MembershipFactory(person=person, organisation=world.here, role=Role.TRAINEE)
    actions.add_trainee(cohort, person, actor=world.sabine)
    return trainee_of(cohort, person), actor_of(person, world.here, Role.TRAINEE)


def test_two_files_of_one_person_keep_where_they_stand(world: SimpleNamespace, cohort: Cohort) -> None:
    marc, into = trainee_of(cohort, world.people["marc"]), PersonFactory()
    said, seen = levels(cohort, "not_yet", "with_help"), levels(cohort, "alone", "with_help")
    actions.assess_self(marc, "before", said, actor=world.marc)
    actions.assess(marc, seen, actor=world.sabine)
    actions.move_training(world.people["marc"].pk, into.pk)
    moved = trainee_of(cohort, into)
    assert moved.pk == marc.pk and standings.of_trainee(moved)[0].before == "Pas encore"
    assert (SelfAssessment.objects.get().levels, Assessment.objects.get().levels) == (said, seen)


class TestSelf:
    def test_before_then_after_side_by_side(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        actions.assess_self(marc, "before", levels(cohort, "not_yet", "with_help"), actor=world.marc)
        later = cohort.gathering.ends_at
        actions.assess_self(marc, "after", levels(cohort, "alone", "with_help"), actor=world.marc, now=later)
        lines = [(line.title, line.before, line.after) for line in standings.of_trainee(marc)]
        assert lines == [
            (LISTEN, "Pas encore", "En autonomie"),
            (LEAD, "Avec de l’aide", "Avec de l’aide"),
        ]

    def test_once_each_and_in_its_time(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        said = levels(cohort, "alone", "alone")
        with pytest.raises(Refused):
            actions.assess_self(marc, "after", said, actor=world.marc)
        actions.assess_self(marc, "before", said, actor=world.marc)
        with pytest.raises(Refused):
            actions.assess_self(marc, "before", said, actor=world.marc)
        assert SelfAssessment.objects.count() == 1

    @pytest.mark.parametrize("wrong", [("alone",), ("alone", "genius")])
    def test_each_line_has_an_answer_of_the_list(
        self, world: SimpleNamespace, cohort: Cohort, wrong: tuple[str, ...]
    ) -> None:
        keys = [str(one.pk) for one in standings.criteria_of(cohort)]
        with pytest.raises(Refused):
            actions.assess_self(
                trainee_of(cohort, world.people["marc"]),
                "before",
                dict(zip(keys, wrong, strict=False)),
                actor=world.marc,
            )

    def test_nobody_reads_nor_writes_anothers(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        with pytest.raises(Refused):
            actions.assess_self(marc, "before", levels(cohort, "alone", "alone"), actor=world.sabine)
        with pytest.raises(Denied):
            actions.assess_self(marc, "before", levels(cohort, "alone", "alone"), actor=world.nadege)
        actions.assess_self(marc, "before", levels(cohort, "alone", "alone"), actor=world.marc)
        for reader in (world.sabine, world.claire, world.nadege, world.youssef):
            assert not visible(SelfAssessment, reader).exists()


class TestGroup:
    def answer(self, world: SimpleNamespace, cohort: Cohort, *given: tuple[str, str]) -> None:
        for both in given:
            trainee, actor = someone(world, cohort)
            actions.assess_self(trainee, "before", levels(cohort, *both), actor=actor)

    def test_four_are_too_few(self, world: SimpleNamespace, cohort: Cohort) -> None:
        self.answer(world, cohort, *[("alone", "not_yet")] * 3, ("not_yet", "alone"))
        assert standings.of_group(cohort) == []

    def test_by_fives_so_that_one_more_tells_nothing(self, world: SimpleNamespace, cohort: Cohort) -> None:
        self.answer(world, cohort, *[("alone", "not_yet")] * 4, ("not_yet", "alone"))
        before = standings.of_group(cohort)
        assert [(table.moment, table.answered) for table in before] == [("before", 5)]
        assert [n for _level, n in before[0].lines[0][1] or []] == [1, 0, 4, 0]
        self.answer(world, cohort, ("can_show", "can_show"))
        assert standings.of_group(cohort) == before

    def test_a_line_on_which_all_agree_is_left_out(self, world: SimpleNamespace, cohort: Cohort) -> None:
        self.answer(world, cohort, *[("alone", "not_yet")] * 4, ("alone", "alone"))
        assert standings.of_group(cohort)[0].lines[0] == (LISTEN, None)


class TestAssessors:
    def test_each_reads_the_other_once_both_have_written(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        actions.assess(marc, levels(cohort, "alone", "not_yet"), actor=world.sabine)
        assert standings.gaps(marc, world.sabine.person_id) == standings.gaps(marc, world.claire.person_id) == []
        assert not visible(Assessment, world.claire).exists()
        actions.assess(marc, levels(cohort, "alone", "can_show"), actor=world.claire)
        same, far = standings.gaps(marc, world.claire.person_id)
        assert same.is_same and (far.mine, far.other, far.is_far) == ("Peut le transmettre", "Pas encore", True)
        assert visible(Assessment, world.sabine).count() == 2

    def test_changed_while_alone_then_no_more_nor_by_a_third(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        for look in (("alone", "alone"), ("not_yet", "alone")):
            actions.assess(marc, levels(cohort, *look), actor=world.sabine)
        assert Assessment.objects.count() == 1
        actions.assess(marc, levels(cohort, "alone", "alone"), actor=world.claire)
        third = PersonFactory(with_account=True)
        MembershipFactory(person=third, organisation=world.here, role=Role.TRAINER)
        for late in (world.sabine, actor_of(third, world.here, Role.TRAINER)):
            with pytest.raises(Refused):
                actions.assess(marc, levels(cohort, "alone", "alone"), actor=late)

    def test_only_those_who_run_trainings(self, world: SimpleNamespace, cohort: Cohort) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        for stranger in (world.solene, world.marc, world.youssef):
            with pytest.raises(Denied):
                actions.assess(marc, levels(cohort, "alone", "alone"), actor=stranger)


def test_a_criterion_taken_out_stays_with_what_was_filled(world: SimpleNamespace, cohort: Cohort) -> None:
    actions.set_criteria(world.course, [LEAD], actor=world.sabine)
    assert [one.title for one in standings.criteria_of(cohort)] == [LEAD] and Criterion.objects.count() == 2
    actions.set_criteria(world.course, [LEAD, LISTEN], actor=world.sabine)
    assert [one.title for one in standings.criteria_of(cohort)] == [LEAD, LISTEN] and Criterion.objects.count() == 2


class TestPages:
    def test_own_standing(self, world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        page, client = reverse("own_standing", args=[marc.pk]), enter("marc")
        assert page in client.get(reverse("own_training")).text
        assert client.post(page, {"sent": "1"}).status_code == 422
        assert client.post(page, levels(cohort, "alone", "with_help")).status_code == 303
        assert "En autonomie" in client.get(page).text
        for name in ("sabine", "nadege", "youssef"):
            assert enter(name).get(page).status_code == 404

    def test_grid_and_group(self, world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
        marc = trainee_of(cohort, world.people["marc"])
        grid = reverse("assessment_write", args=[marc.pk])
        typed = levels(cohort, "alone", "with_help")
        client = enter("sabine")
        assert grid in client.get(reverse("cohort_detail", args=[cohort.pk])).text
        assert client.post(grid, typed).status_code == 303
        client = enter("claire")
        assert "L’autre personne" not in client.get(grid).text
        assert client.post(grid, typed).status_code == 303 and "L’autre personne" in client.get(grid).text
        group = reverse("cohort_standing", args=[cohort.pk])
        assert "Trop peu de réponses" in client.get(group).text
        for name, status in (("marc", 403), ("solene", 403), ("youssef", 404)):
            for page in (grid, group):
                assert enter(name).get(page).status_code == status
