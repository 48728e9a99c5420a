"""Clicks at the same second, on PostgreSQL: each attestation and number once, no page seen lost, no note twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from django.db import transaction

from tests.races import at_once
from vecu.peers.tests.conftest import actor_of
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from vecu.training import actions
from vecu.training.actions import PageGiven
from vecu.training.models import Attestation, CourseModule, DiaryNote, ModuleFollowing, ModulePage, Trainee
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


def follower() -> tuple[Actor, Actor, CourseModule, Trainee]:
    """A coordinator, somebody who follows a course, one of its modules, and their place in it."""
    here = OrganisationFactory()
    claire, person = PersonFactory(with_account=True), PersonFactory(with_account=True)
    MembershipFactory(person=claire, organisation=here, coordinator=True)
    MembershipFactory(person=person, organisation=here, role=Role.TRAINEE)
    actor, own = actor_of(claire, here, Role.COORDINATOR), actor_of(person, here, Role.TRAINEE)
    cohort = make_cohort(CourseFactory(organisation=here), actor=actor, host=claire, people=[person])
    module, trainee = cohort.course.modules.first(), cohort.trainees.get()
    return actor, own, module, trainee


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_pages_written_and_seen_at_the_same_second() -> None:
    actor, own, module, trainee = follower()
    given = PageGiven("Pour vous", "À quoi pensez-vous ?")
    assert at_once(*[lambda: actions.add_page(module, "reflection", given, actor=actor)] * 3) == ["done"] * 3
    pages = list(ModulePage.objects.filter(module=module))
    assert [page.place for page in pages] == [1, 2, 3]
    assert at_once(*[lambda page=page: actions.see_page(trainee, page, actor=own) for page in pages]) == ["done"] * 3
    assert ModuleFollowing.objects.get().ended_on is not None
    write = [lambda: actions.write_note(trainee, "Moi", actor=own, page=pages[0])] * 2
    assert at_once(*write) == ["done"] * 2 and DiaryNote.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_page_taken_out_while_another_is_read_and_it_is_moved() -> None:
    actor, own, module, trainee = follower()
    first, last = (
        actions.add_page(module, "text", PageGiven(title, "Un mot"), actor=actor) for title in ("Un", "Deux")
    )
    gone = ModulePage.objects.get(pk=last.pk)
    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            actions.remove_page(last, actor=actor)
            seeing = threads.submit(at_once, lambda: actions.see_page(trainee, first, actor=own))
            moving = threads.submit(at_once, lambda: actions.move_page(gone, actor=actor, steps=-1))
            sleep(0.3)  # both are under way, and wait
        assert (seeing.result(), moving.result()) == (["done"], ["page_gone"])
    assert ModuleFollowing.objects.get().ended_on is not None
