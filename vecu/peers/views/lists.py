"""The list of patient partners, its export, the conventions with sites."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vecu.core import spreadsheet
from vecu.core.access import Scope, gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers import actions, context, exports
from vecu.peers.forms import AgreementForm, PeerSearchForm
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import SiteAgreement
from vecu.people.context import here
from vecu.people.policy import Can


@gate(Can.SEE_PEERS)
def peer_list(request: Any) -> HttpResponse:
    """Who may be called, who rests, who waits too long; a peer is led to their own page."""
    if request.actor.scope(Can.SEE_PEERS) < Scope.ORGANISATION:
        return redirect(request, "my_peer")
    search = PeerSearchForm(request.GET or None)
    wanted = search.cleaned_data if search.is_valid() else {}
    name = request.GET.get("show", "")
    held = context.counts(request.actor)
    peers = context.listed_peers(request.actor, name, held, wanted.get("q", ""), wanted.get("where", ""))
    page = page_of(peers, request)
    return show(
        request,
        "peers/peer_list.html",
        page=page,
        lines=context.lines(page.object_list),
        tabs=context.tabs(held, name),
        search=search,
        is_searching=any(wanted.values()),
        shown=name,
        may_edit=request.actor.may(Can.IMPORT_PEERS),
    )


@gate(Can.IMPORT_PEERS)
def peer_export(request: Any) -> HttpResponse:
    """The list as a spreadsheet, without last names nor ways to reach anyone. Journaled, so asked by POST."""
    if request.method != "POST":
        return redirect(request, "peer_list")
    sheet = exports.export_peers(here(request.actor), actor=request.actor)
    if request.POST.get("format") == "csv":
        content, kind, end = spreadsheet.write_csv(sheet.header, sheet.rows), spreadsheet.CSV_TYPE, "csv"
    else:
        content, kind, end = spreadsheet.write_xlsx(sheet), spreadsheet.XLSX_TYPE, "xlsx"
    return attachment(content, kind, f"pairs.{end}")


@gate(Can.RECORD_CLEARANCE)
def agreement_list(request: Any) -> HttpResponse:
    """The conventions that let patient partners act at each site."""
    form = AgreementForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        period = {name: data[name] for name in ("starts_on", "ends_on")}
        if accepted(form, lambda: actions.record_agreement(data["site"], actor=request.actor, **period)):
            messages.success(request, _("The convention is written down."))
            return redirect(request, "agreement_list")
    agreements = visible(SiteAgreement, request.actor).select_related("site").order_by("site__name", "-starts_on")
    return show_form(request, "peers/agreement_list.html", form, page=page_of(agreements, request))


@gate(Can.RECORD_CLEARANCE)
def agreement_remove(request: Any, pk: Any) -> HttpResponse:
    agreement = get_visible(SiteAgreement, request.actor, Can.RECORD_CLEARANCE, pk=pk)
    if request.method == "POST":
        actions.remove_agreement(agreement, actor=request.actor)
        messages.success(request, _("The convention is taken off the list."))
    return redirect(request, "agreement_list")


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, never shown in the page."""
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
