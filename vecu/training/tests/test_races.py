"""Clicks at the same second, on PostgreSQL: each attestation and number once, no page seen lost, no note twice."""

from __future__ import annotations

import pytest

from tests.races import at_once
from vecu.peers.tests.conftest import actor_of
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from vecu.training import actions
from vecu.training.actions import PageGiven
from vecu.training.models import Attestation, DiaryNote, ModuleFollowing, ModulePage
from vecu.training.tests.factories import CourseFactory, attend, make_cohort


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_trainers_issue_at_the_same_second() -> None:
    here = OrganisationFactory()
    claire = PersonFactory(with_account=True)
    MembershipFactory(person=claire, organisation=here, coordinator=True)
    actor = actor_of(claire, here, Role.COORDINATOR)
    people = [PersonFactory() for _number in range(4)]
    for person in people:
        MembershipFactory(person=person, organisation=here, role=Role.TRAINEE)
    cohort = make_cohort(CourseFactory(organisation=here), actor=actor, host=claire, people=people)
    for person in people:
        attend(cohort, person, actor=actor)
    assert at_once(*[lambda: actions.issue_for_cohort(cohort, actor=actor)] * 2) == ["done"] * 2
    numbers = sorted(Attestation.objects.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_pages_written_and_seen_at_the_same_second() -> None:
    here = OrganisationFactory()
    claire, person = PersonFactory(with_account=True), PersonFactory(with_account=True)
    MembershipFactory(person=claire, organisation=here, coordinator=True)
    MembershipFactory(person=person, organisation=here, role=Role.TRAINEE)
    actor, own = actor_of(claire, here, Role.COORDINATOR), actor_of(person, here, Role.TRAINEE)
    cohort = make_cohort(CourseFactory(organisation=here), actor=actor, host=claire, people=[person])
    module, trainee = cohort.course.modules.first(), cohort.trainees.get()
    given = PageGiven("Pour vous", "À quoi pensez-vous ?")
    assert at_once(*[lambda: actions.add_page(module, "reflection", given, actor=actor)] * 3) == ["done"] * 3
    pages = list(ModulePage.objects.filter(module=module))
    assert [page.place for page in pages] == [1, 2, 3]
    assert at_once(*[lambda page=page: actions.see_page(trainee, page, actor=own) for page in pages]) == ["done"] * 3
    assert ModuleFollowing.objects.get().ended_on is not None
    write = [lambda: actions.write_note(trainee, "Moi", actor=own, page=pages[0])] * 2
    assert at_once(*write) == ["done"] * 2 and DiaryNote.objects.count() == 1
