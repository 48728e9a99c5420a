"""Trouver un pair: one request, three peers side by side, and a named human who chooses."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import UUIDField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import adapter, context, summary
from vecu.accompaniment.actions import proposals, triage
from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.forms.pairs import ChoiceForm
from vecu.accompaniment.models import Proposal, SupportRequest
from vecu.accompaniment.views.requests import tab_items
from vecu.core import journal
from vecu.core.access import gate, get_visible, visible
from vecu.core.errors import Refused
from vecu.core.http import page_of, redirect, show, show_form
from vecu.core.prepared import Asked, SeenRows
from vecu.peers import load
from vecu.peers.models import Peer
from vecu.people.policy import Can
from vecu.safeguarding.gate import pairing_gate

LOOKED_AT = SeenRows(
    Can.PROPOSE_PEER,
    SupportRequest,
    lambda actor: visible(SupportRequest, actor, Can.PROPOSE_PEER).filter(pk=Asked("pk", UUIDField())),
    *("programme", "person", "site", "organisation"),
)


@gate(Can.PROPOSE_PEER)
def board(request: HttpRequest) -> HttpResponse:
    """The oldest request to match; or a kind page when nobody waits."""
    first = visible(SupportRequest, request.actor).to_match().oldest_first().first()
    if first is not None:
        return redirect(request, "board_request", first.pk)
    return show(request, "accompaniment/board.html", tabs=tab_items(request.actor, "apparier"))


@gate(Can.PROPOSE_PEER)
def board_request(request: HttpRequest, pk: str) -> HttpResponse:
    """The request, its three best peers with every reason, the others below."""
    row = _row(request, pk)
    if row.state not in RequestState.to_match():
        return redirect(request, "request_detail", row.pk)
    now = timezone.now()
    if row.person_id is not None:
        journal.read(request.actor, "request.read", row, subject=row.person_id)
    looked = adapter.look_at(row, now)
    return show(
        request,
        "accompaniment/board_request.html",
        row=row,
        who=context.who(row),
        queue=context.queue(request.actor, row.pk, now),
        tabs=tab_items(request.actor, "apparier"),
        board=context.board_page(row, looked, request.actor),
        facts=summary.of_request(row),
        age=summary.age_of(row.birth_year),
        consent=triage.standing_consent(row),
        form=ChoiceForm(),
        gate=pairing_gate(row.organisation_id),
    )


@gate(Can.PROPOSE_PEER)
def board_others(request: HttpRequest, pk: str) -> HttpResponse:
    """Every other peer: those possible, then those a hard rule sets aside, with the rule."""
    row = _row(request, pk)
    looked = adapter.look_at(row, timezone.now())
    page = page_of(looked.listed.rest, request)
    columns = context.columns(page.object_list, looked, request.actor)
    return show(
        request,
        "accompaniment/board_others.html",
        row=row,
        who=context.who(row),
        possible=[column for column in columns if not column.why_not],
        stopped=[column for column in columns if column.why_not],
        page=page,
        form=ChoiceForm(),
        can_propose=row.state in RequestState.to_match(),
    )


@gate(Can.PROPOSE_PEER)
def proposal_make(request: HttpRequest, pk: str, peer: str) -> HttpResponse:
    """Propose this peer; a reason code is asked when another one was first."""
    row = _row(request, pk)
    chosen = get_visible(Peer, request.actor, Can.PROPOSE_PEER, pk=peer)
    looked = adapter.look_at(row, timezone.now())
    is_first = looked.rank_of(str(chosen.pk)) in (1, None)
    form = ChoiceForm(request.POST if request.method == "POST" else None, is_first=is_first)
    if request.method == "POST" and form.is_valid() and _propose(request, row, chosen, form):
        first_name = context.peer_names(chosen)[0]
        messages.success(
            request,
            _("%(name)s has been asked. The answer will show in Today and under “Proposed”.") % {"name": first_name},
        )
        return redirect(request, "board")
    found = context.columns([one for one in [looked.explanation(str(chosen.pk))] if one], looked, request.actor)
    return show_form(
        request,
        "accompaniment/proposal_make.html",
        form,
        row=row,
        who=context.who(row),
        column=found[0] if found else None,
        is_first=is_first,
        gauge=found[0].gauge if found else load.gauge(chosen),
    )


def _propose(request: HttpRequest, row: SupportRequest, chosen: Peer, form: ChoiceForm) -> Proposal | None:
    """Made; or None where they carry as much as they accept, which the page says beside the place for a reason."""
    try:
        return proposals.propose(row, chosen, actor=request.actor, **form.cleaned_data)
    except Refused as refusal:
        if refusal.code != "over_load":
            raise
        form.add_error("load_reason", refusal.sentence)
        return None


def _row(request: HttpRequest, pk: str) -> SupportRequest:
    row = LOOKED_AT.first(request.actor, pk=pk)
    if row is None:
        raise Http404
    return row
