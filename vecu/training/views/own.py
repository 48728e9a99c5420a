"""« Ma formation »: hours, attestations, diplomas sent, and what ends soon."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can
from vecu.training import actions, context, followings, hours
from vecu.training.forms import EquivalenceForm
from vecu.training.models import Attestation, EngagementAttestation, Equivalence
from vecu.training.views.equivalences import TONES


@gate(Can.SEE_TRAINING)
def own_training(request: HttpRequest) -> HttpResponse:
    """Everything that is mine, on a phone."""
    actor = request.actor
    mine = visible(Attestation, actor).filter(person_id=actor.person_id).select_related("person", "organisation")
    sent = visible(Equivalence, actor).filter(person_id=actor.person_id).defer("proof")
    return show(
        request,
        "training/own_training.html",
        courses=[(row, done, followings.of_trainee(row)) for row, done in context.own_courses(actor)],
        diaries=context.own_diaries(actor),
        now=timezone.now(),
        attestations=[(row, *context.state_of(row)) for row in mine.order_by("-completed_on", "-number")],
        equivalences=[(row, TONES[row.state]) for row in sent.order_by("-asked_at")],
        endings=context.own_endings(actor),
        engagements=visible(EngagementAttestation, actor).select_related("organisation"),
        may_ask=actor.may(Can.ASK_EQUIVALENCE),
    )


@gate(Can.SEE_TRAINING)
def own_attestation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One of mine: its PDF, its code, and what whoever checks it sees."""
    found = {"pk": pk, "person_id": request.actor.person_id}
    attestation = get_visible(Attestation, request.actor, **found)
    state, tone = context.state_of(attestation)
    told = {"state": state, "tone": tone, "length": hours.say_minutes(attestation.minutes)}
    address = context.check_address(str(attestation.code))
    return show(request, "training/own_attestation.html", attestation=attestation, address=address, **told)


@gate(Can.ASK_EQUIVALENCE)
def equivalence_ask(request: HttpRequest) -> HttpResponse:
    """Send a diploma and its proof: a photo taken with the phone is enough."""
    form = EquivalenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        person = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
        here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
        typed: dict[str, Any] = form.cleaned_data
        ask = actions.ask_equivalence
        if accepted(form, lambda: ask(person, actor=request.actor, organisation=here, **typed)):
            messages.success(request, _("Your diploma was sent. You are told as soon as it has an answer."))
            return redirect(request, "own_training")
    return show_form(request, "training/equivalence_ask.html", form)
