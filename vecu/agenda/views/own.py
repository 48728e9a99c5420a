"""« Mes rendez-vous »: one's own dates, places and signatures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.agenda import actions
from vecu.agenda.context import own
from vecu.agenda.context.words import day_line
from vecu.agenda.enums import EnrolmentState
from vecu.agenda.forms import SignatureForm
from vecu.agenda.models import CalendarFeed, Enrolment, Gathering, HalfDay
from vecu.core.access import gate, get_visible, visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.people.models import Person
from vecu.people.policy import Can


def _me(request: HttpRequest) -> Person:
    return get_visible(Person, request.actor, Can.JOIN_GATHERINGS, pk=request.actor.person_id)


@gate(Can.JOIN_GATHERINGS)
def own_gatherings(request: HttpRequest) -> HttpResponse:
    """What is to come, what one may join, the hours given, and the address of one's calendar."""
    feed = visible(CalendarFeed, request.actor).first()
    return show(request, "agenda/own_gatherings.html", feed=feed, **own.page(request.actor))


@gate(Can.JOIN_GATHERINGS)
def own_gathering(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = get_visible(Gathering, request.actor, Can.JOIN_GATHERINGS, pk=pk)
    return show(request, "agenda/own_gathering.html", **own.detail(gathering, request.actor))


@require_POST
@gate(Can.JOIN_GATHERINGS)
def own_join(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = get_visible(Gathering, request.actor, Can.JOIN_GATHERINGS, pk=pk)
    made = actions.enrol(gathering, _me(request), actor=request.actor)
    is_waiting = made.state == EnrolmentState.WAITING
    words = _("It is full: you are on the waiting list, and told if a place is free.")
    messages.success(request, words if is_waiting else _("You have a place. See you there."))
    return redirect(request, "own_gathering", pk=gathering.pk)


@require_POST
@gate(Can.JOIN_GATHERINGS)
def own_withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """« Je ne peux pas venir », in one gesture."""
    gathering = get_visible(Gathering, request.actor, Can.JOIN_GATHERINGS, pk=pk)
    mine = visible(Enrolment, request.actor, Can.JOIN_GATHERINGS).standing().filter(gathering=gathering).first()
    if mine is not None:
        actions.withdraw(mine, actor=request.actor)
        messages.success(request, _("It is noted, you are not expected. Thank you for saying so."))
    return redirect(request, "own_gathering", pk=gathering.pk)


@gate(Can.JOIN_GATHERINGS)
def own_sign(request: HttpRequest, pk: str) -> HttpResponse:
    """Sign on one's own phone, from one hour before to the day after."""
    half_day = get_visible(HalfDay, request.actor, Can.JOIN_GATHERINGS, pk=pk)
    form = SignatureForm(request.POST or None)
    if form.is_valid():
        try:
            actions.sign_presence(half_day, _me(request), actor=request.actor, signature=form.signature())
        except Refused as refusal:
            form.add_error("typed", refusal.sentence)
        else:
            messages.success(request, _("Thank you, it is signed."))
            return redirect(request, "own_gathering", pk=half_day.gathering_id)
    context = {"gathering": half_day.gathering, "day": day_line(half_day), "name": ""}
    return show_form(request, "agenda/own_sign.html", form, **context)
