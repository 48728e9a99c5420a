"""Conventions with other structures, and the dates written before they had a paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from vecu.core import uploads
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers import actions, agreements
from vecu.peers.forms import ConventionForm, PaperForm
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import Convention, SiteAgreement
from vecu.people.context import here
from vecu.people.policy import Can


@gate(Can.RECORD_CLEARANCE)
def agreement_list(request: Any) -> HttpResponse:
    """Conventions, those that ended or end soon first; and sites of which only dates are known."""
    conventions = visible(Convention, request.actor).defer("file").prefetch_related("agreements__site")
    page = page_of(conventions.order_by(F("ends_on").asc(nulls_last=True), "partner", "pk"), request)
    bare, add = (
        visible(SiteAgreement, request.actor, Can.RECORD_CLEARANCE).filter(convention=None),
        reverse("convention_add"),
    )
    return show(
        request,
        "peers/agreement_list.html",
        page=page,
        lines=[(row, *agreements.state_of(row)) for row in page.object_list],
        bare=[(row, f"{add}?agreement={row.pk}") for row in bare.select_related("site").order_by("site__name", "pk")],
    )


@gate(Can.RECORD_CLEARANCE)
def agreement_remove(request: Any, pk: UUID) -> HttpResponse:
    agreement = get_visible(SiteAgreement, request.actor, Can.RECORD_CLEARANCE, pk=pk)
    if request.method == "POST":
        actions.remove_agreement(agreement, actor=request.actor)
        messages.success(request, _("The convention is taken off the list."))
    return redirect(request, "agreement_list")


@gate(Can.RECORD_CLEARANCE)
def convention_add(request: Any) -> HttpResponse:
    """A new one, or the paper of dates written before (`?agreement=`)."""
    known = request.GET.get("agreement", "")
    bare = visible(SiteAgreement, request.actor, Can.RECORD_CLEARANCE).filter(convention=None)
    found = next((row for row in bare if str(row.pk) == known), None)
    return _write(request, ConventionForm.initial_of_dates(found) if found else {})


@gate(Can.RECORD_CLEARANCE)
def convention_renew(request: Any, pk: UUID) -> HttpResponse:
    """The next one, filled in: the same structure and sites, from the day after."""
    convention = _convention(request, pk)
    return _write(request, ConventionForm.initial_of(convention), convention)


@gate(Can.RECORD_CLEARANCE)
def convention_detail(request: Any, pk: UUID) -> HttpResponse:
    """Everything about one; its paper is behind a button, whose use is written down."""
    convention = _convention(request, pk)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    attach = actions.attach_file
    if form.is_valid() and accepted(form, lambda: attach(convention, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The paper is sealed with it."))
        return redirect(request, "convention_detail", pk=convention.pk)
    return show_form(request, "peers/convention_detail.html", form, **agreements.page(convention))


@gate(Can.RECORD_CLEARANCE)
def convention_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The signed paper, as a file to keep; asked by a form, since its reading is journaled."""
    convention = _convention(request, pk)
    if request.method != "POST":
        return redirect(request, "convention_detail", pk=convention.pk)
    return uploads.attached(actions.read_file(convention, actor=request.actor), "convention")


@gate(Can.RECORD_CLEARANCE)
def convention_remove(request: Any, pk: UUID) -> HttpResponse:
    convention = _convention(request, pk)
    if request.method != "POST":
        return redirect(request, "convention_detail", pk=convention.pk)
    actions.remove_convention(convention, actor=request.actor)
    messages.success(request, _("The convention is taken off the list."))
    return redirect(request, "agreement_list")


def _convention(request: Any, pk: UUID) -> Convention:
    return get_visible(Convention, request.actor, Can.RECORD_CLEARANCE, pk=pk)


def _write(request: Any, initial: dict[str, Any], replaces: Convention | None = None) -> HttpResponse:
    form = ConventionForm(request.actor, request.POST or None, request.FILES or None, initial=initial)
    record = actions.record_convention
    if request.method == "POST" and form.is_valid():
        organisation = here(request.actor)
        made = accepted(form, lambda: record(organisation, actor=request.actor, replaces=replaces, **form.convention))
        if made:
            messages.success(
                request, _("Written down. Whoever is in order can be proposed at these sites on its days.")
            )
            return redirect(request, "convention_detail", pk=made.pk)
    return show_form(request, "peers/convention_edit.html", form, replaces=replaces)
