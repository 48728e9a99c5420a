"""A coordinator helps someone who can no longer sign in; its owner may say that they asked for nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show_form
from vecu.people import actions
from vecu.people.forms import RecoveryForm
from vecu.people.models import Person, Recovery
from vecu.people.policy import Can


@gate(Can.MANAGE_MEMBERS)
def recovery_ask(request: Any, pk: Any) -> HttpResponse:
    """« J’ai rencontré cette personne » : what then happens, and when, is said before."""
    person = get_visible(Person, request.actor, Can.EDIT_PEOPLE, pk=pk)
    form = RecoveryForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "people/recovery_ask.html", form, person=person)
    recovery = actions.ask_recovery(person, actor=request.actor, **form.cleaned_data)
    if recovery.done_at is not None:
        messages.success(request, _("The address is corrected: a code is sent there when the person signs in."))
    else:
        messages.success(request, _("Noted. The person is told now, and can start again tomorrow at this hour."))
    return redirect(request, "member_detail", pk=person.pk)


@gate(Can.MANAGE_MEMBERS)
@require_POST
def recovery_cancel(request: Any, pk: Any) -> HttpResponse:
    """The phone was found again, or it was a mistake."""
    recovery = get_visible(Recovery, request.actor, person_id=pk, done_at=None, cancelled_at=None)
    actions.cancel_recovery(recovery, actor=request.actor)
    messages.success(request, _("Stopped: nothing changes in the way this person signs in."))
    return redirect(request, "member_detail", pk=pk)


@gate(Can.SEE_OWN_DATA)
@require_POST
def recovery_refuse(request: Any) -> HttpResponse:
    """« Je n’ai rien demandé »."""
    mine = {"person_id": request.actor.person_id, "done_at": None, "cancelled_at": None}
    recovery = get_visible(Recovery, request.actor, Can.SEE_OWN_DATA, **mine)
    actions.cancel_recovery(recovery, actor=request.actor)
    messages.success(request, _("Stopped: you go on signing in as you do now. Those who coordinate are told."))
    return redirect(request, "own_data")


@gate(Can.MANAGE_MEMBERS)
@require_POST
def refusal_lift(request: Any, pk: Any) -> HttpResponse:
    """Another chance is given: nothing says « déjà refusé » any more."""
    person = get_visible(Person, request.actor, pk=pk)
    actions.lift_refusal(person, actor=request.actor)
    messages.success(request, _("Noted: nothing says any more that this person was refused here."))
    return redirect(request, "member_detail", pk=person.pk)
