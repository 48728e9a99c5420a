"""Asking for one's expenses: from the activity, in one short form, then the page on which it is sent."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import uploads
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.recognition import actions, context, terms
from vecu.recognition.accounts import name_of
from vecu.recognition.forms import ClaimForm, ReceiptForm, SendForm, accepted
from vecu.recognition.models import Activity, Claim, Receipt


@gate(Can.CLAIM_EXPENSES)
def claim_from(request: HttpRequest, source: UUID) -> HttpResponse:
    """From the attendance or the contact itself, to the claim there is or to a new one."""
    found = {"source_id": source, "person_id": request.actor.person_id}
    activity = get_visible(Activity, request.actor, Can.CLAIM_EXPENSES, **found)
    return redirect(request, "claim_start", activity.pk)


@gate(Can.CLAIM_EXPENSES)
def claim_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was spent for one activity; asked twice, it leads to the claim there is."""
    activity = get_visible(Activity, request.actor, Can.CLAIM_EXPENSES, pk=pk, person_id=request.actor.person_id)
    standing = visible(Claim, request.actor, Can.CLAIM_EXPENSES).standing().filter(activity=activity).first()
    if standing is not None:
        return redirect(request, "own_claim", standing.pk)
    known = context.vehicles(activity.organisation_id, activity.happened_on)
    form = ClaimForm(request.POST or None, request.FILES or None, vehicles=known)
    if request.method == "POST" and form.is_valid():
        told = {"costs": form.costs(), "receipts": form.cleaned_data["receipts"]}
        if claim := accepted(form, lambda: actions.start_claim(activity, actor=request.actor, **told)):
            return redirect(request, "own_claim", claim.pk)
    [line] = context.own_activities([activity], request.actor)
    return show_form(request, "recognition/claim_start.html", form, line=line, activity=activity)


@gate(Can.CLAIM_EXPENSES)
def claim_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim = _own(request, pk)
    known = context.vehicles(claim.organisation_id, claim.happened_on)
    form = ClaimForm(request.POST or None, request.FILES or None, vehicles=known, initial=ClaimForm.initial_of(claim))
    if request.method == "POST" and form.is_valid():
        told = {"costs": form.costs(), "receipts": form.cleaned_data["receipts"]}
        if accepted(form, lambda: actions.edit_claim(claim, actor=request.actor, **told)):
            return redirect(request, "own_claim", claim.pk)
    return show_form(request, "recognition/claim_edit.html", form, claim=claim)


@gate(Can.CLAIM_EXPENSES)
def own_claim(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What it comes to, its receipts, how it stands; and, as long as it is not sent, the way to send it."""
    return _show(request, _own(request, pk), SendForm())


@gate(Can.CLAIM_EXPENSES)
def claim_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    claim = _own(request, pk)
    if request.method != "POST":
        return redirect(request, "own_claim", claim.pk)
    form = SendForm(request.POST)
    if form.is_valid():
        told = {"is_gift": form.cleaned_data["way"] == "gift", "has_waived": form.cleaned_data["has_waived"]}
        if accepted(form, lambda: actions.send_claim(claim, actor=request.actor, **told)):
            messages.success(request, _("It is sent. You are told as soon as it has an answer."))
            return redirect(request, "own_claim", claim.pk)
    return _show(request, claim, form)


@require_POST
@gate(Can.CLAIM_EXPENSES)
def claim_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    actions.withdraw_claim(_own(request, pk), actor=request.actor)
    messages.success(request, _("It is taken back. You can begin it again from the activity."))
    return redirect(request, "own_hours")


@gate(Can.CLAIM_EXPENSES)
def receipt_add(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One more photo."""
    claim = _own(request, pk)
    form = ReceiptForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if accepted(form, lambda: actions.add_receipt(claim, actor=request.actor, file=file)):
            return redirect(request, "own_claim", claim.pk)
    return show_form(request, "recognition/receipt_add.html", form, claim=claim)


@require_POST
@gate(Can.CLAIM_EXPENSES)
def receipt_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    receipt = get_visible(Receipt, request.actor, Can.CLAIM_EXPENSES, pk=pk)
    claim_id = receipt.claim_id
    actions.remove_receipt(receipt, actor=request.actor)
    return redirect(request, "own_claim", claim_id)


@gate(Can.CLAIM_EXPENSES)
def receipt_read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own file, as an attachment: written anew when it was added, never opened within the site."""
    receipt = get_visible(Receipt, request.actor, Can.CLAIM_EXPENSES, pk=pk)
    if request.method != "POST":
        return redirect(request, "own_claim", receipt.claim_id)
    return uploads.attached(actions.read_receipt(receipt, actor=request.actor), "justificatif")


def _own(request: HttpRequest, pk: UUID) -> Claim:
    return get_visible(Claim, request.actor, Can.CLAIM_EXPENSES, pk=pk, person_id=request.actor.person_id)


def _show(request: HttpRequest, claim: Claim, form: SendForm) -> HttpResponse:
    me = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
    return show(
        request,
        "recognition/own_claim.html",
        status=422 if form.is_bound else 200,
        form=form,
        waiver=str(claim.waiver) or terms.waiver_of(name_of(me)),
        **context.own_claim(claim, request.actor),
    )
