"""Places, given and taken back by whoever runs the gathering."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.agenda import actions
from vecu.agenda.context import choices, detail
from vecu.agenda.enums import EnrolmentState
from vecu.agenda.forms import EnrolForm
from vecu.agenda.models import Enrolment
from vecu.agenda.views.gatherings import gathering_of
from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show_form
from vecu.people.policy import Can


@gate(Can.RUN_GATHERINGS)
def enrolment_add(request: HttpRequest, pk: str) -> HttpResponse:
    """From the page of the gathering; a choice that cannot be comes back there, with what is wrong."""
    gathering = gathering_of(request, pk)
    form = EnrolForm(request.POST or None, people=choices.enrollable(gathering, request.actor))
    if form.is_valid():
        try:
            reason = form.cleaned_data["load_reason"]
            made = actions.enrol(gathering, form.chosen(), actor=request.actor, load_reason=reason)
        except Refused as refusal:
            form.add_error("load_reason" if refusal.code == "over_load" else None, refusal.sentence)
        else:
            is_waiting = made.state == EnrolmentState.WAITING
            words = _("It is full: they are on the waiting list.") if is_waiting else _("They have a place.")
            messages.success(request, words)
            return redirect(request, "gathering_detail", pk=gathering.pk)
    return show_form(request, "agenda/gathering_detail.html", form, **detail.page(gathering, request.actor))


@require_POST
@gate(Can.RUN_GATHERINGS)
def enrolment_remove(request: HttpRequest, pk: str) -> HttpResponse:
    enrolment = get_visible(Enrolment, request.actor, Can.RUN_GATHERINGS, pk=pk)
    actions.withdraw(enrolment, actor=request.actor)
    messages.success(request, _("Their name is off the list. If someone waited, they now have the place."))
    return redirect(request, "gathering_detail", pk=enrolment.gathering_id)
