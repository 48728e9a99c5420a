"""The sealed contact: written by the person, opened by two in an immediate danger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.safeguarding.actions import sealed as actions
from vecu.safeguarding.forms import OpeningForm, SealedContactForm
from vecu.safeguarding.models import Alert, SealedContact, SealedOpening
from vecu.safeguarding.views.alerts import show_alert


@gate(Can.SEE_OWN_DATA)
def sealed_contact(request: HttpRequest) -> HttpResponse:
    """« En cas de danger »: what one wishes to be known then, and each time it was opened."""
    contact = visible(SealedContact, request.actor).first()
    form = SealedContactForm(request.POST or None, initial=SealedContactForm.initial_of(contact))
    if form.is_valid():
        person = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
        actions.write_contact(person, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("It is sealed. You can change it or erase it whenever you wish."))
        return redirect(request, "own_data")
    openings = visible(SealedOpening, request.actor, Can.SEE_OWN_DATA).select_related("alert")
    return show_form(request, "safeguarding/sealed_contact.html", form, contact=contact, openings=openings)


@require_POST
@gate(Can.SEE_OWN_DATA)
def sealed_contact_erase(request: HttpRequest) -> HttpResponse:
    person = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
    actions.erase_contact(person, actor=request.actor)
    messages.success(request, _("It is erased: nothing of it is kept."))
    return redirect(request, "own_data")


@require_POST
@gate(Can.HANDLE_ALERT)
def opening_ask(request: HttpRequest, pk: str) -> HttpResponse:
    """Ask for a second person, or open at once in an imminent peril."""
    alert = get_visible(Alert, request.actor, Can.HANDLE_ALERT, pk=pk)
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return show_alert(request, alert, opening_form=form)
    opening = actions.ask_opening(alert, actor=request.actor, **form.cleaned_data)
    if opening.is_alone:
        return redirect(request, "opening_read", opening.pk)
    messages.success(request, _("Your colleagues are asked. Ring one of them: Vécu rings nobody."))
    return redirect(request, "alert_detail", alert.pk)


@require_POST
@gate(Can.HANDLE_ALERT)
def opening_answer(request: HttpRequest, pk: str) -> HttpResponse:
    """The second person agrees or not."""
    opening = get_visible(SealedOpening, request.actor, pk=pk)
    if request.POST.get("answer") == "yes":
        actions.agree_opening(opening, actor=request.actor)
        return redirect(request, "opening_read", opening.pk)
    actions.refuse_opening(opening, actor=request.actor)
    return redirect(request, "alert_detail", opening.alert_id)


@gate(Can.HANDLE_ALERT)
def opening_read(request: HttpRequest, pk: str) -> HttpResponse:
    """What the person had sealed, to the one or two who opened it; each reading is journaled."""
    opening = get_visible(SealedOpening, request.actor, pk=pk)
    contact = actions.read_contact(opening, actor=request.actor)
    until = (opening.opened_at or opening.asked_at) + actions.READABLE
    return show(request, "safeguarding/opening_read.html", opening=opening, contact=contact, until=until)
