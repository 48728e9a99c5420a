"""What somebody gave: the portfolio they make, the thanks they get when they leave, and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import pdf
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import Peer
from vecu.people import records
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import PortfolioForm, ThanksForm
from vecu.training.models import EngagementAttestation


@gate(Can.SEE_OWN_DATA)
def own_portfolio(request: HttpRequest) -> HttpResponse:
    """What I gave and learnt, line by line; I choose, and take it with me as a PDF. Nothing of it is kept."""
    person = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
    found = records.of(person)
    form = PortfolioForm(found, request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {"name": context.name_of(person), "chapters": form.chapters, "today": timezone.localdate()}
        data = pdf.write("training/portfolio_paper.html", with_proofs=form.cleaned_data["with_proofs"], **told)
        return pdf.attached(data, "portfolio")
    return show_form(request, "training/own_portfolio.html", form, found=found)


@gate(Can.RECORD_CLEARANCE)
def engagement_thank(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter to somebody who left, beside what their attestation will say."""
    peer = get_visible(Peer, request.actor, Can.RECORD_CLEARANCE, pk=pk)
    form = ThanksForm(request.POST or None, initial={"letter": context.usual_thanks(peer)})
    thank = actions.thank
    if form.is_valid() and accepted(form, lambda: thank(peer, actor=request.actor, **form.cleaned_data)):
        messages.success(
            request, _("Written. They are told that something awaits them; print it if they have no account.")
        )
        return redirect(request, "engagement_thank", peer.pk)
    done = visible(EngagementAttestation, request.actor, Can.RECORD_CLEARANCE).filter(
        person=peer.person_id, started_on=peer.started_on
    )
    told = {"given": actions.what_was_given(peer), "done": done.first(), "name": context.name_of(peer.person)}
    return show_form(request, "training/engagement_thank.html", form, peer=peer, **told)


@gate(Can.SEE_OWN_DATA)
def own_engagement(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter I got, what I gave, and the way back."""
    attestation = get_visible(EngagementAttestation, request.actor, pk=pk)
    told: dict[str, Any] = {"address": context.check_address(str(attestation.code)), "letter": str(attestation.letter)}
    return show(request, "training/own_engagement.html", attestation=attestation, **told)


@gate(Can.SEE_OWN_DATA)
def engagement_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The letter and the attestation, for its holder or whoever wrote it. Always in French: offices read it."""
    can = Can.SEE_OWN_DATA
    if not visible(EngagementAttestation, request.actor, can).filter(pk=pk).exists():
        can = Can.RECORD_CLEARANCE
    attestation = get_visible(EngagementAttestation, request.actor, can, pk=pk)
    with translation.override("fr"):
        data = pdf.write("training/engagement_paper.html", **context.engagement_paper(attestation))
    return pdf.attached(data, "attestation-engagement")


@gate(Can.SEE_OWN_DATA)
@require_POST
def engagement_return(request: HttpRequest, pk: UUID) -> HttpResponse:
    """I would like to come back: those who coordinate are told."""
    attestation = get_visible(EngagementAttestation, request.actor, pk=pk)
    actions.ask_to_return(attestation, actor=request.actor)
    messages.success(request, _("Your coordination is told. They call you."))
    return redirect(request, "own_engagement", attestation.pk)
