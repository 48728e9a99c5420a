"""A cohort: its days, who is in it, papers, hours, and the attestations of all in one click."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from vecu.agenda.enums import EnrolmentState
from vecu.agenda.models import Enrolment
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.models import Person, Site
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import CohortForm, NewcomerForm, PapersForm, TraineeForm
from vecu.training.models import Cohort, Course, Trainee, TraineePaper


@gate(Can.MANAGE_TRAINING)
def cohort_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its days and places, typed on one page."""
    course = get_visible(Course, request.actor, Can.MANAGE_TRAINING, pk=pk)
    hosts = context.people_with(request.actor, *context.LEADERS)
    sites = list(visible(Site, request.actor).filter(is_open=True).order_by("name"))
    form = CohortForm(request.POST or None, hosts=hosts, sites=sites, initial={"host": str(request.actor.person_id)})
    if request.method == "POST" and form.is_valid():
        cohort = accepted(form, lambda: _open(request, course, form))
        if cohort is not None:
            messages.success(request, _("The cohort is open. Enrol people now."))
            return redirect(request, "cohort_detail", cohort.pk)
    return show_form(request, "training/cohort_open.html", form, course=course)


def _open(request: HttpRequest, course: Course, form: CohortForm) -> Cohort:
    typed = form.cleaned_data
    host = get_visible(Person, request.actor, Can.MANAGE_TRAINING, pk=typed["host"])
    asked: dict[str, Any] = {"host": host, "places": typed["places"], "half_days": form.half_days}
    return actions.open_cohort(course, actor=request.actor, **asked)


@gate(Can.MANAGE_TRAINING)
def cohort_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _cohort(request, pk))


@gate(Can.MANAGE_TRAINING)
def trainee_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Someone known here, from the list."""
    cohort = _cohort(request, pk)
    form = TraineeForm(request.POST or None, people=context.learners(request.actor, cohort))
    if form.is_valid():
        person = get_visible(Person, request.actor, Can.MANAGE_TRAINING, pk=form.cleaned_data["person"])
        told = {name: form.cleaned_data[name] for name in ("standing", "load_reason")}
        add = actions.add_trainee
        made = accepted(form, lambda: add(cohort, person, actor=request.actor, **told))
        if made is not None:
            return _enrolled(request, cohort, made)
    return _show(request, cohort, trainee_form=form if request.method == "POST" else None)


@gate(Can.MANAGE_TRAINING)
def newcomer_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Someone new, most often a professional sent by another place."""
    cohort = _cohort(request, pk)
    form = NewcomerForm(request.POST or None)
    if form.is_valid():
        typed = dict(form.cleaned_data)
        typed["standing"] = typed.pop("newcomer_standing")
        made = accepted(form, lambda: actions.add_newcomer(cohort, actor=request.actor, **typed))
        if made is not None:
            return _enrolled(request, cohort, made)
    return _show(request, cohort, newcomer_form=form if request.method == "POST" else None)


@gate(Can.MANAGE_TRAINING)
def trainee_papers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is asked of this trainee, and what has come."""
    trainee = get_visible(Trainee, request.actor, Can.MANAGE_TRAINING, pk=pk)
    here = visible(TraineePaper, request.actor, Can.MANAGE_TRAINING).filter(trainee=trainee)
    form = PapersForm(trainee, request.POST or None, initial={"papers": list(here.values_list("kind", flat=True))})
    if request.method == "POST" and form.is_valid():
        missing = actions.receive_papers(trainee, form.cleaned_data["papers"], actor=request.actor)
        messages.success(request, _("Noted. Some are still missing.") if missing else _("Noted: everything is here."))
        return redirect(request, "cohort_detail", trainee.cohort_id)
    who = context.name_of(trainee.person)
    return show_form(request, "training/trainee_papers.html", form, trainee=trainee, who=who)


@gate(Can.ISSUE_ATTESTATION)
@require_POST
def cohort_issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One click for everyone whose hours are there; the others stay on the page with what is missing."""
    cohort = _cohort(request, pk)
    done = actions.issue_for_cohort(cohort, actor=request.actor)
    count = len(done.attestations)
    if count:
        words = ngettext("%(n)s attestation issued.", "%(n)s attestations issued.", count) % {"n": count}
        messages.success(request, words)
    else:
        messages.info(request, _("Nobody else has all their hours: nothing was issued."))
    return redirect(request, "cohort_detail", cohort.pk)


def _cohort(request: HttpRequest, pk: UUID) -> Cohort:
    return get_visible(Cohort, request.actor, Can.MANAGE_TRAINING, pk=pk)


def _enrolled(request: HttpRequest, cohort: Cohort, enrolment: Enrolment) -> HttpResponse:
    if enrolment.state == EnrolmentState.WAITING:
        messages.warning(request, _("The cohort is full: this person is on the waiting list."))
    else:
        messages.success(request, _("Enrolled. They are told, with the dates."))
    return redirect(request, "cohort_detail", cohort.pk)


def _show(request: HttpRequest, cohort: Cohort, **forms: Any) -> HttpResponse:
    lines = context.trainee_lines(cohort, request.actor)
    ready = [line for line in lines if line.hours.is_complete and not line.attestation and not line.is_waiting]
    wrong = any(forms.values())
    return show(
        request,
        "training/cohort_detail.html",
        status=422 if wrong else 200,
        cohort=cohort,
        lines=lines,
        who=context.say_who(lines),
        ready=len(ready),
        half_days=context.half_days(cohort),
        now=timezone.now(),
        trainee_form=forms.get("trainee_form") or TraineeForm(people=context.learners(request.actor, cohort)),
        newcomer_form=forms.get("newcomer_form") or NewcomerForm(),
    )
