"""Cohorts for tests, made by the actions themselves so that they are as in life. Everyone is invented."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

import factory
from django.utils import timezone

from vecu.agenda import actions as agenda
from vecu.agenda.enums import Presence
from vecu.agenda.models import HalfDay
from vecu.core.tests.photos import photo
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import OrganisationFactory
from vecu.training import actions
from vecu.training.enums import Qualification
from vecu.training.models import Attestation, Cohort, Course, CourseModule, Equivalence, KnownCourse

MODULES = [("Écouter sans conseiller", 800), ("La démarche éducative", 1000), ("Sa place dans l’équipe", 600)]
MORNING, AFTERNOON = (time(9), time(12, 20)), (time(13, 40), time(17))  # 200 minutes each: twelve make forty hours


class CourseFactory(factory.django.DjangoModelFactory):
    """The forty hours, in three modules."""

    class Meta:
        model = Course
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Éducation thérapeutique, 40 heures ({n})")
    organiser = "UTEP inventée"
    qualification = Qualification.EDUCATION
    minutes = 2400

    @factory.post_generation
    def modules(course: Course, create: bool, extracted: Any, **kwargs: Any) -> None:
        for place, (title, minutes) in enumerate(MODULES if extracted is None else extracted, start=1):
            CourseModule.objects.create(
                organisation=course.organisation, course=course, place=place, title=title, minutes=minutes
            )


class KnownCourseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = KnownCourse

    organisation = factory.SubFactory(OrganisationFactory)
    title = "DU d’éducation du patient"
    organiser = "Université inventée"
    kind = "university"
    qualification = Qualification.EDUCATION
    checked_on = factory.LazyFunction(timezone.localdate)


def half_days(days: int = 6, ago: int = 60, sites: Iterable[Any] = ()) -> list[tuple[datetime, datetime, Any, str]]:
    """Two half-days a week for so many weeks, the first one so many days ago, in turn at each site."""
    places = list(sites) or [None]
    made = []
    for number in range(days):
        day = timezone.localdate() - timedelta(days=ago - 7 * number)
        for start, end in (MORNING, AFTERNOON):
            at = [timezone.make_aware(datetime.combine(day, hour)) for hour in (start, end)]
            made.append((at[0], at[1], places[number % len(places)], "" if places[0] else "Salle Camille"))
    return made


def make_cohort(course: Course, *, actor: Actor, host: Person, people: Iterable[Person] = (), **asked: Any) -> Cohort:
    asked.setdefault("half_days", half_days())
    cohort = actions.open_cohort(course, actor=actor, host=host, **asked)
    for person in people:
        actions.add_trainee(cohort, person, actor=actor)
    return cohort


def make_short_cohort(world: Any, *starts: datetime, learners: Iterable[str] = ()) -> Cohort:
    """Half-days of three hours at these moments, led by Sabine, with these people of the world."""
    days = [(at, at + timedelta(hours=3), None, "Salle Camille") for at in starts]
    people = [world.people[name] for name in learners]
    return make_cohort(world.course, actor=world.sabine, host=world.people["sabine"], people=people, half_days=days)


def attend(cohort: Cohort, person: Person, *, actor: Actor, but: Iterable[int] = ()) -> None:
    """Present at every half-day, except these (0 is the first)."""
    missed = set(but)
    for number, half_day in enumerate(HalfDay.objects.filter(gathering=cohort.gathering).order_by("starts_at")):
        presence = Presence.ABSENT if number in missed else Presence.PRESENT
        agenda.record_presence(half_day, person, presence, actor=actor)


def make_attestation(course: Course, person: Person, *, actor: Actor, ago: int = 30) -> Attestation:
    """Of someone who was always there."""
    cohort = make_cohort(course, actor=actor, host=_other(course.organisation), half_days=half_days(ago=ago + 36))
    actions.add_trainee(cohort, person, actor=actor)
    attend(cohort, person, actor=actor)
    return actions.issue_to(cohort, person, actor=actor)


def make_equivalence(person: Person, organisation: Organisation, *, actor: Actor, **told: Any) -> Equivalence:
    told = {
        "qualification": Qualification.PEER,
        "diploma": "DU d’éducation du patient",
        "obtained_on": timezone.localdate() - timedelta(days=900),
        "file": photo(),
    } | told
    return actions.ask_equivalence(person, actor=actor, organisation=organisation, **told)


def _other(organisation: Organisation) -> Person:
    """Whoever coordinates there leads it."""
    return Person.objects.filter(memberships__organisation=organisation, memberships__role="coordinator").first()
