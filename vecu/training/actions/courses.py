"""What is taught here, and what is known to be taught elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.training import hours
from vecu.training.actions import assessments, rows
from vecu.training.enums import LEGAL_MINUTES
from vecu.training.models import Course, CourseModule, KnownCourse, ModulePage

Module = tuple[str, int]
MOST_MODULES = 40
COURSE_FIELDS = (
    "title",
    "organiser",
    "qualification",
    "minutes",
    "online_minutes",
    "validity_months",
    "is_proof",
    "is_current",
)
KNOWN_FIELDS = (
    *("title", "organiser", "kind", "qualification", "minutes"),
    *("place", "price", "dates", "contact", "is_current"),
)


@transaction.atomic
def create_course(
    organisation: Organisation,
    *,
    actor: Actor,
    modules: Sequence[Module] = (),
    criteria: Sequence[str] | None = None,
    **told: Any,
) -> Course:
    """A course with its modules, and what trainees and assessors look at; what the law wants to last forty hours
    does."""
    rows.require_in(actor, Can.MANAGE_TRAINING, organisation)
    course = Course(organisation=organisation, **_only(told, COURSE_FIELDS))
    _write(course, modules)
    journal.write(actor, "course.create", course)
    if criteria is not None:
        assessments.set_criteria(course, criteria, actor=actor)
    return course


@transaction.atomic
def edit_course(
    course: Course,
    *,
    actor: Actor,
    modules: Sequence[Module] = (),
    criteria: Sequence[str] | None = None,
    **told: Any,
) -> Course:
    """Change a course. Attestations already issued keep what they said."""
    require(actor, Can.MANAGE_TRAINING, course)
    for name, value in _only(told, COURSE_FIELDS).items():
        setattr(course, name, value)
    _write(course, modules)
    journal.write(actor, "course.edit", course)
    if criteria is not None:
        assessments.set_criteria(course, criteria, actor=actor)
    return course


@transaction.atomic
def save_known_course(
    organisation: Organisation, *, actor: Actor, known: KnownCourse | None = None, **told: Any
) -> KnownCourse:
    """A line of the catalogue, new or looked at again: it says on which day it was checked."""
    rows.require_in(actor, Can.MANAGE_TRAINING, organisation)
    if known is not None:
        require(actor, Can.MANAGE_TRAINING, known)
    known = known or KnownCourse(organisation=organisation)
    for name, value in _only(told, KNOWN_FIELDS).items():
        setattr(known, name, value.strip() if isinstance(value, str) else value)
    known.checked_on = timezone.localdate()
    rows.refuse_strange_length(known.minutes)
    rows.checked(known)
    known.save()
    journal.write(actor, "known_course.save", known)
    return known


def _write_modules(course: Course, modules: Sequence[Module]) -> None:
    """In this order. A module keeps its pages online when it moves, lasts otherwise or, their number unchanged, has
    another title; one that has pages is not taken out."""
    held = list(CourseModule.objects.filter(course=course).order_by("place"))
    # Out of the way of the places they are about to take.
    CourseModule.objects.filter(course=course).update(place=F("place") + len(held) + len(modules))
    by_title = {module.title: module for module in reversed(held)}
    found = [by_title.pop(title.strip(), None) for title, _minutes in modules]
    left = [module for module in held if module not in found]
    if len(held) == len(modules):
        found = [module or left.pop(0) for module in found]
    for place, (module, (title, minutes)) in enumerate(zip(found, modules, strict=True), start=1):
        rows.refuse_strange_length(minutes)
        row = module or CourseModule(organisation_id=course.organisation_id, course=course)
        row.place, row.title, row.minutes = place, title.strip(), minutes
        row.online_minutes = min(row.online_minutes, minutes)
        rows.checked(row)
        row.save()
    if ModulePage.objects.filter(module__in=left).exists():
        raise Refused(
            "module_has_pages", _("A module that has pages online is not taken out: take its pages out first.")
        )
    CourseModule.objects.filter(pk__in=[module.pk for module in left]).delete()


def _only(told: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    if unknown := set(told) - set(names):
        raise TypeError(f"no such field: {unknown}")
    return told


def _write(course: Course, modules: Sequence[Module]) -> None:
    course.title, course.organiser = course.title.strip(), course.organiser.strip()
    rows.refuse_strange_length(course.minutes or 0)
    least = LEGAL_MINUTES.get(course.qualification)  # type: ignore[call-overload]
    if least is not None and course.minutes < least:
        raise Refused(
            "too_short",
            _("This qualification asks for at least %(time)s: the law says so.") % {"time": hours.say_minutes(least)},
        )
    if len(modules) > MOST_MODULES:
        raise Refused("too_many_modules", _("Forty modules at most: join some of them."))
    rows.checked(course)
    course.save()
    _write_modules(course, modules)
    total = CourseModule.objects.filter(course=course).aggregate(total=Sum("minutes"))["total"]
    if total is not None and total != course.minutes:
        raise Refused(
            "modules_do_not_add_up",
            _("The modules add up to %(modules)s, the course says %(course)s. Mend one of them.")
            % {"modules": hours.say_minutes(total), "course": hours.say_minutes(course.minutes)},
        )
