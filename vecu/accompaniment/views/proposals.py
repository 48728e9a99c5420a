"""What a peer is asked, on a phone: yes or no in one gesture; and what the coordinator waits for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment import context
from vecu.accompaniment.actions import proposals
from vecu.accompaniment.enums import ProposalState
from vecu.accompaniment.models import Proposal
from vecu.accompaniment.views.requests import tab_items
from vecu.core import vault
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show
from vecu.people.policy import Can


@gate(Can.ANSWER_PROPOSAL)
def proposal_list(request: HttpRequest) -> HttpResponse:
    """What waits for my answer, the most urgent first."""
    now = timezone.now()
    mine = visible(Proposal, request.actor, Can.ANSWER_PROPOSAL).filter(peer__person_id=request.actor.person_id)
    asked = list(mine.asked().select_related("request__programme", "request__person", "peer").order_by("answer_by"))
    vault.preload(proposal.request.vault_id for proposal in asked)
    return show(
        request,
        "accompaniment/proposal_list.html",
        cards=[context.proposal_card(proposal, now) for proposal in asked],
    )


@gate(Can.ANSWER_PROPOSAL)
def proposal_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """One proposal: what it is about, never who. Once accepted, the exchange."""
    proposal = get_visible(Proposal, request.actor, Can.ANSWER_PROPOSAL, pk=pk)
    if proposal.state == ProposalState.ACCEPTED and hasattr(proposal, "pair"):
        return redirect(request, "exchange", proposal.pair.pk)
    card = context.proposal_card(proposal, timezone.now()) if proposal.state == ProposalState.ASKED else None
    return show(request, "accompaniment/proposal_detail.html", proposal=proposal, card=card)


@require_POST
@gate(Can.ANSWER_PROPOSAL)
def proposal_answer(request: HttpRequest, pk: str) -> HttpResponse:
    """Yes opens the exchange; no asks for nothing."""
    proposal = get_visible(Proposal, request.actor, Can.ANSWER_PROPOSAL, pk=pk)
    if request.POST.get("answer") == "yes":
        pair = proposals.accept(proposal, actor=request.actor)
        return redirect(request, "exchange", pair.pk)
    if request.POST.get("answer") == "no":
        proposals.decline(proposal, actor=request.actor)
        messages.success(
            request, _("That is noted. Thank you for having answered: the coordinator looks for someone else.")
        )
        return redirect(request, "proposal_list")
    return redirect(request, "proposal_detail", proposal.pk)


@gate(Can.PROPOSE_PEER)
def proposed_list(request: HttpRequest) -> HttpResponse:
    """What peers were asked and have not answered, the most urgent first."""
    asked = visible(Proposal, request.actor).asked()
    page = page_of(asked.select_related("request__person", "peer__person").order_by("answer_by"), request)
    vault.preload(
        key
        for row in page.object_list
        for key in (row.peer.person.vault_id, row.request.vault_id, getattr(row.request.person, "vault_id", None))
        if key
    )
    now = timezone.now()
    rows = [
        {
            "proposal": row,
            "who": context.who(row.request),
            "what": context.what_is_lived(row.request),
            "peer": context.peer_names(row.peer)[1],
            "is_late": row.answer_by < now,
        }
        for row in page.object_list
    ]
    return show(
        request, "accompaniment/proposed_list.html", rows=rows, page=page, tabs=tab_items(request.actor, "proposees")
    )


@require_POST
@gate(Can.PROPOSE_PEER)
def proposal_withdraw(request: HttpRequest, pk: str) -> HttpResponse:
    """Take a proposal back: the request is to match again."""
    proposal = get_visible(Proposal, request.actor, pk=pk)
    proposals.withdraw(proposal, actor=request.actor)
    return redirect(request, "board_request", proposal.request_id)
