"""Two clicks at the same second, on PostgreSQL: each attestation once, each number once."""

from __future__ import annotations

import pytest

from tests.races import at_once
from vecu.peers.tests.conftest import actor_of
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from vecu.training import actions
from vecu.training.models import Attestation
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
