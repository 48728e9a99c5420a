"""Three questions at the end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import evaluations
from vecu.accompaniment.forms.pairs import EvaluationForm
from vecu.accompaniment.models import Evaluation
from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show, show_form
from vecu.people.policy import Can


@gate(Can.EVALUATE)
def evaluation_answer(request: HttpRequest, pk: str) -> HttpResponse:
    """Each question may be left out; answered once."""
    mine = request.actor.person_id
    evaluation = get_visible(Evaluation, request.actor, Can.EVALUATE, pk=pk, person_id=mine, cancelled_at=None)
    if evaluation.answered_at is not None:
        return show(request, "accompaniment/evaluation_thanks.html", evaluation=evaluation)
    form = EvaluationForm(request.POST if request.method == "POST" else None, side=evaluation.side)
    if form.is_valid():
        evaluations.answer(evaluation, actor=request.actor, **form.cleaned_data)
        return redirect(request, "evaluation_answer", evaluation.pk)
    return show_form(request, "accompaniment/evaluation_answer.html", form, evaluation=evaluation)


@gate(Can.CLOSE_PAIR)
def evaluation_by_phone(request: HttpRequest, pk: str) -> HttpResponse:
    """What someone without an account answers on the phone, written down by the coordinator."""
    evaluation = get_visible(Evaluation, request.actor, Can.CLOSE_PAIR, pk=pk, cancelled_at=None)
    if evaluation.answered_at is not None:
        return redirect(request, "pair_detail", evaluation.pair_id)
    if not evaluation.awaits_phone:
        raise Http404
    form = EvaluationForm(request.POST if request.method == "POST" else None, side=evaluation.side)
    if form.is_valid():
        evaluations.answer(evaluation, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The answers are written down, as told by phone."))
        return redirect(request, "pair_detail", evaluation.pair_id)
    return show_form(request, "accompaniment/evaluation_by_phone.html", form, evaluation=evaluation)
