"""What I am asked: a day, a place, what for; yes or no in one tap."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show
from vecu.missions import actions, words
from vecu.missions.enums import AnswerState
from vecu.missions.models import MissionAnswer
from vecu.peers import load
from vecu.people.policy import Can

ANSWERABLE = (AnswerState.ASKED, AnswerState.YES, AnswerState.NO)


@gate(Can.ANSWER_MISSION)
def own_missions(request: HttpRequest) -> HttpResponse:
    """Everything I was asked, the latest first, with my answer and the reply I got."""
    rows = visible(MissionAnswer, request.actor, Can.ANSWER_MISSION).select_related("mission")
    page = page_of(rows.order_by("-asked_at"), request)
    lines = [(row, words.title(row.mission)) for row in page.object_list]
    return show(request, "missions/own_missions.html", page=page, lines=lines)


@gate(Can.ANSWER_MISSION)
def own_mission(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The sheet: what is asked, the version of my limits that was looked at, what I carry."""
    answer = get_visible(MissionAnswer, request.actor, Can.ANSWER_MISSION, pk=pk)
    now = timezone.now()
    return show(
        request,
        "missions/own_mission.html",
        answer=answer,
        title=words.title(answer.mission),
        asked=words.sheet(answer.mission, with_asker=False),
        limits=words.limits(answer),
        reply=words.reply(answer, now),
        appointment=answer.mission.gathering_id if answer.state == AnswerState.CHOSEN else None,
        gauge=load.gauge(answer.peer),
        may_answer=answer.state in ANSWERABLE and answer.mission.starts_at > now,
    )


@gate(Can.ANSWER_MISSION)
@require_POST
def own_mission_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Yes, or not this time. No reason is asked."""
    answer = get_visible(MissionAnswer, request.actor, Can.ANSWER_MISSION, pk=pk)
    can_come = request.POST.get("answer") == "yes"
    actions.answer_mission(answer, actor=request.actor, can_come=can_come)
    thanks = _("Thank you: you will be told whether you are needed.") if can_come else _("Thank you for answering.")
    messages.success(request, thanks)
    return redirect(request, "own_mission", pk)
