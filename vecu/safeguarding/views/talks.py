"""« J’ai besoin de parler », and the psychologist’s answer."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show_form
from vecu.people.policy import Can
from vecu.safeguarding.actions import talks as actions
from vecu.safeguarding.forms import MomentForm, TalkForm
from vecu.safeguarding.models import TalkRequest


@gate(Can.ASK_TO_TALK)
def talk_ask(request: HttpRequest) -> HttpResponse:
    """One press, an optional word; or what was already asked, with who calls and when."""
    here = visible(TalkRequest, request.actor, Can.ASK_TO_TALK).filter(organisation_id=request.actor.organisation_id)
    standing = here.waiting().select_related("answered_by").first()
    form = TalkForm(request.POST or None)
    if standing is None and form.is_valid():
        actions.ask_to_talk(
            actor=request.actor,
            person_id=request.actor.person_id,
            organisation_id=request.actor.organisation_id,
            **form.cleaned_data,
        )
        return redirect(request, "talk_ask")
    return show_form(request, "safeguarding/talk_ask.html", form, talk=standing)


@require_POST
@gate(Can.ASK_TO_TALK)
def talk_withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    talk = get_visible(TalkRequest, request.actor, Can.ASK_TO_TALK, pk=pk)
    actions.withdraw_talk(talk, actor=request.actor)
    return redirect(request, "today")


@gate(Can.ANSWER_TALK)
def talk_detail(request: HttpRequest, pk: str) -> HttpResponse:
    talk = get_visible(TalkRequest, request.actor, pk=pk)
    form = MomentForm(request.POST or None)
    if form.is_valid():
        actions.promise_call(talk, actor=request.actor, call_at=form.moment())
        return redirect(request, "today")
    return show_form(request, "safeguarding/talk_detail.html", form, talk=talk)


@require_POST
@gate(Can.ANSWER_TALK)
def talk_finish(request: HttpRequest, pk: str) -> HttpResponse:
    actions.finish_talk(get_visible(TalkRequest, request.actor, pk=pk), actor=request.actor)
    return redirect(request, "today")
