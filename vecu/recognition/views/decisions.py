"""Claims of others: those who decide look at them, answer them, and note what is paid."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core import uploads
from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import page_of, redirect, show
from vecu.people.policy import Can
from vecu.recognition import actions, context
from vecu.recognition.forms import AccountsForm, OpeningForm, PaymentForm, RefusalForm, accepted
from vecu.recognition.models import Claim, Receipt
from vecu.recognition.workflows import CLAIM


@gate(Can.KEEP_ACCOUNTS)
def claim_list(request: HttpRequest) -> HttpResponse:
    """Those to decide first, then those to pay, then all that were ever sent; only what was accepted, for whoever keeps
    the accounts."""
    asked, shown = request.GET.get("show", ""), context.filters(request.actor)
    name = asked if asked in shown else shown[0]
    page = page_of(context.listed(request.actor, name), request)
    return show(
        request,
        "recognition/claim_list.html",
        page=page,
        lines=context.claim_lines(page.object_list),
        tabs=context.tabs(shown, context.counts(request.actor), name),
        shown=name,
        export=AccountsForm(),
        may_decide=request.actor.may(Can.DECIDE_CLAIM),
    )


@gate(Can.KEEP_ACCOUNTS)
def claim_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _claim(request, pk))


@gate(Can.KEEP_ACCOUNTS)
def receipt_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One receipt of this claim, as an attachment. A reading is journaled, so it is asked by a form; of somebody erased,
    with the reason."""
    claim = _claim(request, pk)
    if request.method != "POST":
        return redirect(request, "claim_detail", claim.pk)
    receipt = get_visible(Receipt, request.actor, Can.KEEP_ACCOUNTS, pk=request.POST.get("receipt", ""), claim=claim)
    form = OpeningForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if file := accepted(form, lambda: actions.read_receipt(receipt, actor=request.actor, reason=reason)):
            return uploads.attached(file, "justificatif")
    return _show(request, claim, opening=form)


@gate(Can.DECIDE_CLAIM)
def claim_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Accept it, send it back with what to mend, or cancel what was accepted."""
    claim = _claim(request, pk, Can.DECIDE_CLAIM)
    if request.method != "POST":
        return redirect(request, "claim_detail", claim.pk)
    form = RefusalForm(request.POST)
    if form.is_valid() and accepted(form, lambda: _answer(request, claim, form)):
        messages.success(request, _("Decided. The person is told."))
        return redirect(request, "claim_detail", claim.pk)
    return _show(request, claim, form=form)


@gate(Can.KEEP_ACCOUNTS)
def claim_pay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The day the money left."""
    claim = _claim(request, pk)
    if request.method != "POST":
        return redirect(request, "claim_detail", claim.pk)
    form = PaymentForm(request.POST)
    if form.is_valid():
        told = {"paid_on": form.cleaned_data["paid_on"], "seen": form.cleaned_data["sent_at"]}
        if accepted(form, lambda: actions.pay(claim, actor=request.actor, **told)):
            messages.success(request, _("It is noted as paid. The person is told."))
            return redirect(request, "claim_list")
    return _show(request, claim, payment=form)


def _answer(request: HttpRequest, claim: Claim, form: RefusalForm) -> Claim:
    """By the button that was pressed; none means nothing."""
    answer, seen = form.cleaned_data["answer"], form.cleaned_data["sent_at"]
    move = request.POST.get("move", "")
    if move == "approve":
        return actions.approve(claim, actor=request.actor, seen=seen)
    if move == "refuse":
        return actions.refuse(claim, actor=request.actor, answer=answer, seen=seen)
    if move == "cancel":
        return actions.cancel(claim, actor=request.actor, answer=answer, seen=seen)
    raise Refused("unknown_choice", _("Choose one of the answers of the list."))


def _claim(request: HttpRequest, pk: UUID, can: Can = Can.KEEP_ACCOUNTS) -> Claim:
    """Once sent only: a draft is its author's."""
    return get_visible(Claim, request.actor, can, pk=pk, number__isnull=False)


def _show(
    request: HttpRequest,
    claim: Claim,
    form: RefusalForm | None = None,
    payment: PaymentForm | None = None,
    opening: OpeningForm | None = None,
) -> HttpResponse:
    is_again = form is not None or payment is not None or opening is not None
    return show(
        request,
        "recognition/claim_detail.html",
        status=422 if is_again else 200,
        form=form or RefusalForm(),
        payment=payment or PaymentForm(),
        opening=opening or OpeningForm(),
        moves={move.name: move for move in CLAIM.available(claim, request.actor)},
        **context.claim_page(claim, request.actor),
    )
