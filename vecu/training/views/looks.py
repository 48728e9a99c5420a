"""Where trainees stand, seen by themselves and by two assessors; and what they think of the course."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.training import actions, context, followings, standings
from vecu.training.enums import Agreement, Level, Moment
from vecu.training.forms import LevelsForm, ReviewForm
from vecu.training.models import Assessment, Cohort, Trainee


@gate(Can.SEE_TRAINING)
def own_standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What I said of myself at the beginning and at the end, and the form when one of them is asked."""
    trainee = own_trainee(request, pk)
    moment = next(iter(actions.open_moments(trainee, timezone.now())), "")
    form = LevelsForm(standings.criteria_of(trainee.cohort), request.POST or None)
    assess = actions.assess_self
    if form.is_valid() and accepted(form, lambda: assess(trainee, moment, form.levels, actor=request.actor)):
        messages.success(request, _("Kept for you alone. Your trainers see the group, and only from five people on."))
        return redirect(request, "own_standing", trainee.pk)
    told = {"lines": standings.of_trainee(trainee), "moment": Moment(moment) if moment else None}
    return show_form(request, "training/own_standing.html", form, trainee=trainee, **told)


@gate(Can.SEE_TRAINING)
def course_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What I think of the course: kept without my name, read with those of at least four others."""
    trainee = own_trainee(request, pk)
    form = ReviewForm(request.POST or None)
    may_answer = actions.is_open(trainee.cohort, timezone.now()) and not trainee.has_reviewed
    if request.method == "POST" and form.is_valid():
        words, review = form.cleaned_data["words"], actions.review_course
        if accepted(form, lambda: review(trainee, form.answers, words=words, actor=request.actor) or True):
            messages.success(request, _("Thank you. Nothing that is kept leads from these answers to you."))
            return redirect(request, "own_training")
    return show_form(request, "training/course_review.html", form, trainee=trainee, may_answer=may_answer)


@gate(Can.MANAGE_TRAINING)
def assessment_write(request: HttpRequest, pk: UUID) -> HttpResponse:
    """My look at one trainee; the other's is beside it once both are written."""
    trainee = get_visible(Trainee, request.actor, Can.MANAGE_TRAINING, pk=pk)
    written = visible(Assessment, request.actor).filter(trainee=trainee).select_related("trainee__person")
    mine = written.filter(assessor_id=request.actor.person_id).first()
    form = LevelsForm(standings.criteria_of(trainee.cohort), request.POST or None, initial=mine.levels if mine else {})
    assess = actions.assess
    if form.is_valid() and accepted(form, lambda: assess(trainee, form.levels, actor=request.actor)):
        messages.success(request, _("Written down. Once two people have looked, each reads the other."))
        return redirect(request, "assessment_write", trainee.pk)
    told = {"gaps": standings.gaps(trainee, request.actor.person_id), "mine": mine}
    return show_form(
        request, "training/assessment_write.html", form, trainee=trainee, who=context.name_of(trainee.person), **told
    )


@gate(Can.MANAGE_TRAINING)
def cohort_standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The group as it says it stands, and what it thought of the course once that is closed."""
    cohort = get_visible(Cohort, request.actor, Can.MANAGE_TRAINING, pk=pk)
    return show(
        request,
        "training/cohort_standing.html",
        cohort=cohort,
        tables=standings.of_group(cohort),
        levels=Level,
        agreements=Agreement,
        online=followings.of_group(cohort),
        results=actions.read_results(cohort, actor=request.actor),
        may_close=actions.may_close(cohort, timezone.now()),
        closes_at=cohort.gathering.ends_at + actions.OPEN_FOR,
        is_over=cohort.gathering.ends_at <= timezone.now(),
    )


@gate(Can.MANAGE_TRAINING)
@require_POST
def review_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody answers any more; it is read if enough did."""
    cohort = get_visible(Cohort, request.actor, Can.MANAGE_TRAINING, pk=pk)
    actions.close_review(cohort, actor=request.actor)
    messages.success(request, _("Closed. If at least five people answered, what they said is below."))
    return redirect(request, "cohort_standing", cohort.pk)


def own_trainee(request: HttpRequest, pk: UUID) -> Trainee:
    trainee = get_visible(Trainee, request.actor, Can.SEE_TRAINING, pk=pk)
    if trainee.person_id != request.actor.person_id:
        raise Http404
    return trainee
