"""Courses given here, the catalogue of those given elsewhere, and the cohorts of each."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import CourseForm, KnownCourseForm
from vecu.training.hours import say_minutes
from vecu.training.models import Cohort, Course, CourseModule, Equivalence, KeptSeats, KnownCourse


@gate(Can.MANAGE_TRAINING)
def training_list(request: HttpRequest) -> HttpResponse:
    """The cohorts, those going on and to come first; the courses; what awaits an answer."""
    actor, now = request.actor, timezone.now()
    cohorts = visible(Cohort, actor, Can.MANAGE_TRAINING).not_cancelled().with_counts()
    cohorts = cohorts.select_related("course", "gathering__site")
    return show(
        request,
        "training/training_list.html",
        going_on=cohorts.filter(gathering__ends_at__gte=now).order_by("gathering__starts_at"),
        past=page_of(cohorts.filter(gathering__ends_at__lt=now).order_by("-gathering__ends_at"), request, size=10),
        courses=visible(Course, actor, Can.MANAGE_TRAINING).current(),
        seats=list(visible(KeptSeats, actor).wanted()[:10]),
        to_come=context.cohorts_to_come(actor, now),
        asked=visible(Equivalence, actor, Can.DECIDE_EQUIVALENCE).asked().count(),
        may_decide=actor.may(Can.DECIDE_EQUIVALENCE),
        may_see_endings=actor.may(Can.SEE_EXPIRIES),
        now=now,
    )


@gate(Can.MANAGE_TRAINING)
def course_add(request: HttpRequest) -> HttpResponse:
    here = _here(request)
    form = CourseForm(request.POST or None, initial=CourseForm.initial_of(None, here.name))
    if request.method == "POST" and form.is_valid():
        begin = actions.create_course
        course = accepted(form, lambda: begin(here, actor=request.actor, **form.cleaned_data))
        if course is not None:
            messages.success(request, _("The course is there: open a cohort when its dates are known."))
            return redirect(request, "training_list")
    return show_form(request, "training/course_edit.html", form, course=None)


@gate(Can.MANAGE_TRAINING)
def course_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    course = get_visible(Course, request.actor, Can.MANAGE_TRAINING, pk=pk)
    form = CourseForm(request.POST or None, initial=CourseForm.initial_of(course, ""))
    if request.method == "POST" and form.is_valid():
        edit = actions.edit_course
        if accepted(form, lambda: edit(course, actor=request.actor, **form.cleaned_data)):
            messages.success(request, _("Changed. Attestations already issued keep what they said."))
            return redirect(request, "training_list")
    modules = visible(CourseModule, request.actor, Can.MANAGE_TRAINING).filter(course=course).with_pages()
    return show_form(request, "training/course_edit.html", form, course=course, modules=modules)


@gate(Can.SEE_TRAINING)
def known_course_list(request: HttpRequest) -> HttpResponse:
    """The catalogue, for everyone here: hours, place, price, dates, and what each gives."""
    known = visible(KnownCourse, request.actor).current().order_by("kind", "title", "pk")
    page, may_edit = page_of(known, request), request.actor.may(Can.MANAGE_TRAINING)
    lines = [(row, say_minutes(row.minutes) if row.minutes else "") for row in page.object_list]
    return show(request, "training/known_course_list.html", page=page, lines=lines, may_edit=may_edit)


@gate(Can.MANAGE_TRAINING)
def known_course_add(request: HttpRequest) -> HttpResponse:
    return _known_form(request, None)


@gate(Can.MANAGE_TRAINING)
def known_course_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _known_form(request, get_visible(KnownCourse, request.actor, Can.MANAGE_TRAINING, pk=pk))


def _known_form(request: HttpRequest, known: KnownCourse | None) -> HttpResponse:
    form = KnownCourseForm(request.POST or None, initial=KnownCourseForm.initial_of(known))
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        save, here = actions.save_known_course, _here(request)
        if accepted(form, lambda: save(here, actor=request.actor, known=known, **typed)):
            messages.success(request, _("The catalogue is up to date, checked today."))
            return redirect(request, "known_course_list")
    return show_form(request, "training/known_course_edit.html", form, known=known)


def _here(request: HttpRequest) -> Organisation:
    return get_visible(Organisation, request.actor, Can.MANAGE_TRAINING, pk=request.actor.organisation_id)
