"""The dates of a gathering: one more, another moment, one less."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.agenda import actions
from vecu.agenda.context import choices
from vecu.agenda.forms import HalfDayForm
from vecu.agenda.models import HalfDay
from vecu.agenda.views.gatherings import gathering_of
from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show_form
from vecu.people.policy import Can


def half_day_of(request: HttpRequest, pk: str) -> HalfDay:
    return get_visible(HalfDay, request.actor, Can.RUN_GATHERINGS, pk=pk)


@gate(Can.RUN_GATHERINGS)
def half_day_add(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = gathering_of(request, pk)
    usual = {"site": str(gathering.site_id or ""), "place": gathering.place}
    form = HalfDayForm(request.POST or None, initial=usual, sites=choices.sites(request.actor))
    if form.is_valid():
        try:
            actions.add_half_day(gathering, actor=request.actor, **form.chosen())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The date is added. Whoever is enrolled is told."))
            return redirect(request, "gathering_detail", pk=gathering.pk)
    return show_form(request, "agenda/half_day_edit.html", form, gathering=gathering, is_new=True)


@gate(Can.RUN_GATHERINGS)
def half_day_move(request: HttpRequest, pk: str) -> HttpResponse:
    half_day = half_day_of(request, pk)
    initial = HalfDayForm.initial_of(half_day)
    form = HalfDayForm(request.POST or None, initial=initial, sites=choices.sites(request.actor))
    if form.is_valid():
        try:
            actions.move_half_day(half_day, actor=request.actor, **form.chosen())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The date is moved. Whoever is enrolled is told."))
            return redirect(request, "gathering_detail", pk=half_day.gathering_id)
    return show_form(request, "agenda/half_day_edit.html", form, gathering=half_day.gathering, is_new=False)


@require_POST
@gate(Can.RUN_GATHERINGS)
def half_day_remove(request: HttpRequest, pk: str) -> HttpResponse:
    half_day = half_day_of(request, pk)
    actions.remove_half_day(half_day, actor=request.actor)
    messages.success(request, _("The date is taken out. Whoever is enrolled is told."))
    return redirect(request, "gathering_detail", pk=half_day.gathering_id)
