"""Three questions at the end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

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
    evaluation = get_visible(Evaluation, request.actor, Can.EVALUATE, pk=pk, person_id=mine)
    if evaluation.answered_at is not None:
        return show(request, "accompaniment/evaluation_thanks.html", evaluation=evaluation)
    form = EvaluationForm(request.POST if request.method == "POST" else None, side=evaluation.side)
    if form.is_valid():
        evaluations.answer(evaluation, actor=request.actor, **form.cleaned_data)
        return redirect(request, "evaluation_answer", evaluation.pk)
    return show_form(request, "accompaniment/evaluation_answer.html", form, evaluation=evaluation)
