"""The agenda of those who run gatherings: the list, one gathering, its plan."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.agenda import actions
from vecu.agenda.context import choices, detail, lists
from vecu.agenda.enums import GatheringKind
from vecu.agenda.forms import EnrolForm, GatheringForm, PlanForm
from vecu.agenda.models import Gathering
from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people.models import Organisation
from vecu.people.policy import Can


def gathering_of(request: HttpRequest, pk: str) -> Gathering:
    return get_visible(Gathering, request.actor, Can.RUN_GATHERINGS, pk=pk)


@gate(Can.RUN_GATHERINGS)
def gathering_list(request: HttpRequest) -> HttpResponse:
    """What is to come, the next one first; what is over or cancelled on its own tab."""
    shown = request.GET.get("show", "")
    shown = shown if shown in lists.FILTERS else lists.FILTERS[0]
    page = page_of(lists.listed(request.actor, shown, request.GET.get("kind", "")), request)
    return show(
        request,
        "agenda/gathering_list.html",
        tabs=lists.tabs(lists.counts(request.actor), shown),
        shown=shown,
        page=page,
        lines=lists.lines(page),
    )


@gate(Can.RUN_GATHERINGS)
def gathering_plan(request: HttpRequest) -> HttpResponse:
    """A gathering and its dates, in one form."""
    people, places = choices.hosts(request.actor), choices.sites(request.actor)
    first = {"kind": GatheringKind.SUPERVISION, "host": str(request.actor.person_id)}
    form = PlanForm(request.POST or None, initial=first, hosts=people, sites=places)
    if form.is_valid():
        organisation = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
        try:
            gathering = actions.plan_gathering(organisation, actor=request.actor, **form.planned())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("It is planned. Now enrol those who come."))
            return redirect(request, "gathering_detail", pk=gathering.pk)
    return show_form(request, "agenda/gathering_plan.html", form)


@gate(Can.RUN_GATHERINGS)
def gathering_detail(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = gathering_of(request, pk)
    form = EnrolForm(people=choices.enrollable(gathering, request.actor))
    return show(request, "agenda/gathering_detail.html", form=form, **detail.page(gathering, request.actor))


@gate(Can.RUN_GATHERINGS)
def gathering_edit(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = gathering_of(request, pk)
    people = choices.hosts(request.actor)
    form = GatheringForm(request.POST or None, initial=GatheringForm.initial_of(gathering), hosts=people)
    if form.is_valid():
        try:
            actions.edit_gathering(gathering, actor=request.actor, **form.told())
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return redirect(request, "gathering_detail", pk=gathering.pk)
    return show_form(request, "agenda/gathering_edit.html", form, gathering=gathering)


@require_POST
@gate(Can.RUN_GATHERINGS)
def gathering_cancel(request: HttpRequest, pk: str) -> HttpResponse:
    gathering = actions.cancel_gathering(gathering_of(request, pk), actor=request.actor)
    messages.success(request, _("It is cancelled. Whoever was enrolled or waited is told."))
    return redirect(request, "gathering_detail", pk=gathering.pk)
