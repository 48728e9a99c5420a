"""Attestations for those who issue and withdraw them, their PDF, and what ends soon."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import pdf, vault
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.training import actions, context
from vecu.training.forms import RenewForm, RevokeForm
from vecu.training.hours import say_minutes
from vecu.training.models import Attestation


@gate(Can.ISSUE_ATTESTATION)
def attestation_list(request: HttpRequest) -> HttpResponse:
    """The register of the organisation, the newest first."""
    rows = visible(Attestation, request.actor, Can.ISSUE_ATTESTATION).select_related("person", "organisation")
    page = page_of(rows.order_by("-number"), request)
    vault.preload(row.person.vault_id for row in page.object_list)
    lines = [(row, str(row.name), *context.state_of(row)) for row in page.object_list]
    return show(request, "training/attestation_list.html", page=page, lines=lines)


@gate(Can.ISSUE_ATTESTATION)
def attestation_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show(request, _attestation(request, pk))


@gate(Can.ISSUE_ATTESTATION)
def attestation_renew(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new one with a new date; the old one is kept."""
    attestation = _attestation(request, pk)
    form = RenewForm(request.POST or None)
    if form.is_valid():
        renew = actions.renew
        made = accepted(form, lambda: renew(attestation, actor=request.actor, **form.cleaned_data))
        if made is not None:
            messages.success(request, _("Renewed. The old one keeps its own dates."))
            return redirect(request, "attestation_detail", made.pk)
    return _show(request, attestation, renew_form=form if request.method == "POST" else None)


@gate(Can.REVOKE_ATTESTATION)
def attestation_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    attestation = get_visible(Attestation, request.actor, Can.REVOKE_ATTESTATION, pk=pk)
    form = RevokeForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if accepted(form, lambda: actions.revoke(attestation, actor=request.actor, reason=reason)):
            messages.success(request, _("Withdrawn. Whoever checks its code reads so from now on."))
            return redirect(request, "attestation_detail", attestation.pk)
    return _show(request, attestation, revoke_form=form if request.method == "POST" else None)


@gate(Can.SEE_TRAINING)
def attestation_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One's own, or any of the organisation for those who issue them. Always in French: offices read it."""
    attestation = get_visible(Attestation, request.actor, pk=pk)
    with translation.override("fr"):
        data = pdf.write("training/attestation_paper.html", **context.paper(attestation))
    return pdf.attached(data, f"attestation-{attestation.number}")


@gate(Can.SEE_TRAINING)
@require_POST
def attestation_badge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same as a signed badge, to put where one shows what one has learnt."""
    attestation = get_visible(Attestation, request.actor, pk=pk)
    told = actions.export_badge(attestation, actor=request.actor)
    answer = JsonResponse(told, content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="badge-{attestation.number}.json"'
    return answer


@gate(Can.SEE_EXPIRIES)
def expiry_list(request: HttpRequest) -> HttpResponse:
    """What ends within ninety days or has just ended: each line leads to where it is renewed."""
    page = page_of(context.endings(request.actor), request)
    return show(request, "training/expiry_list.html", page=page)


def _attestation(request: HttpRequest, pk: UUID) -> Attestation:
    return get_visible(Attestation, request.actor, Can.ISSUE_ATTESTATION, pk=pk)


def _show(request: HttpRequest, attestation: Attestation, **forms: Any) -> HttpResponse:
    state, tone = context.state_of(attestation)
    renewals = visible(Attestation, request.actor).filter(replaces=attestation).order_by("number")
    return show(
        request,
        "training/attestation_detail.html",
        status=422 if any(forms.values()) else 200,
        attestation=attestation,
        state=state,
        tone=tone,
        length=say_minutes(attestation.minutes),
        renewals=renewals,
        may_renew=not attestation.is_revoked and not any(not row.is_revoked for row in renewals),
        may_revoke=request.actor.may(Can.REVOKE_ATTESTATION) and not attestation.is_revoked,
        address=context.check_address(str(attestation.code)),
        renew_form=forms.get("renew_form") or RenewForm(),
        revoke_form=forms.get("revoke_form") or RevokeForm(),
    )
