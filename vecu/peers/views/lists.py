"""The list of patient partners, and its export."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from vecu.core import spreadsheet
from vecu.core.access import Scope, gate
from vecu.core.http import page_of, redirect, show
from vecu.peers import exports, lines
from vecu.peers.forms import PeerSearchForm
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
    held = lines.counts(request.actor)
    peers = lines.listed_peers(request.actor, name, held, wanted.get("q", ""), wanted.get("where", ""))
    page = page_of(peers, request)
    return show(
        request,
        "peers/peer_list.html",
        page=page,
        lines=lines.of_page(page.object_list, request.actor),
        tabs=lines.tabs(held, name),
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


def attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """A file to keep, never shown in the page."""
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
