"""One patient partner's file: who they are, what they lived through, when and where they can be called."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.peers import actions, context, terms
from vecu.peers.forms import ClearanceForm, NewPeerForm, PeerForm, RaiseLimitForm
from vecu.peers.forms.inputs import accepted
from vecu.peers.models import Clearance, LimitsPassport, LivedExperience, Peer
from vecu.people.context import here
from vecu.people.policy import Can


def file_of(request: Any, pk: Any, can: Can = Can.SEE_PEERS) -> Peer:
    peers = visible(Peer, request.actor, can).select_related("person", "care_site")
    return peers.filter(pk=pk).first() or get_visible(Peer, request.actor, can, pk=pk)


def home_of(request: Any, peer: Peer, **kwargs: Any) -> HttpResponse:
    """Back to one's own page, or to the file one works on."""
    if peer.person_id == request.actor.person_id:
        return redirect(request, "my_peer")
    return redirect(request, "peer_detail", pk=peer.pk)


@gate(Can.SEE_PEERS)
def peer_detail(request: Any, pk: Any) -> HttpResponse:
    """Everything coded; what they wrote in their own words is behind its own door."""
    peer = file_of(request, pk)
    if peer.person_id == request.actor.person_id and request.actor.scope(Can.SEE_PEERS) < Scope.ORGANISATION:
        return redirect(request, "my_peer")
    return show(request, "peers/peer_detail.html", **detail(request, peer))


def detail(request: Any, peer: Peer, **more: Any) -> dict[str, Any]:
    """What the page of a file shows, with its small forms."""
    return {
        **context.file_page(peer, request.actor),
        "clearance_form": ClearanceForm(),
        "limit_form": RaiseLimitForm(initial={"max_pairs": peer.max_pairs + 1}),
        **more,
    }


@gate(Can.SEE_PEERS)
def peer_words(request: Any, pk: Any) -> HttpResponse:
    """What they wrote: presentation, words of their experience and of their limits. The reading is journaled."""
    peer = file_of(request, pk)
    if peer.person_id != request.actor.person_id:
        journal.read(request.actor, "peer.words", peer, subject=peer.person_id)
    lived = visible(LivedExperience, request.actor).filter(peer=peer).select_related("peer").order_by("-year_from")
    rows = [(terms.label(row.code), row.own_words) for row in lived if row.own_words]
    passports = visible(LimitsPassport, request.actor).filter(peer=peer).in_force().select_related("peer")
    name = context.short_name(peer.person)
    return show(request, "peers/peer_words.html", peer=peer, name=name, lived=rows, passports=list(passports))


@gate(Can.EDIT_PEER)
def peer_add(request: Any) -> HttpResponse:
    """Someone new, with the first thing they lived through."""
    if request.actor.scope(Can.EDIT_PEER) < Scope.ORGANISATION:
        return redirect(request, "my_peer")
    form = NewPeerForm(request.actor, request.POST or None)
    if request.method == "POST" and form.is_valid():
        peer = accepted(
            form,
            lambda: actions.add_with_experience(
                actor=request.actor,
                organisation=here(request.actor),
                person=form.person,
                lived=form.lived,
                **form.offer,
            ),
        )
        if peer:
            messages.success(request, _("The file is open. Add what else they lived through, and their proofs."))
            return redirect(request, "peer_detail", pk=peer.pk)
    return show_form(request, "peers/peer_add.html", form)


@gate(Can.EDIT_PEER)
def peer_edit(request: Any, pk: Any) -> HttpResponse:
    """Who they are as a patient partner. Opening the form opens their words, so it is journaled."""
    peer = file_of(request, pk, Can.EDIT_PEER)
    form = PeerForm(request.actor, peer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        if accepted(form, lambda: actions.edit_peer(peer, actor=request.actor, **form.cleaned_data)):
            messages.success(request, _("The file is up to date."))
            return home_of(request, peer)
    elif request.method != "POST" and peer.person_id != request.actor.person_id:
        journal.read(request.actor, "peer.words", peer, subject=peer.person_id)
    return show_form(request, "peers/peer_edit.html", form, peer=peer, name=context.short_name(peer.person))


@gate(Can.EDIT_PEER)
def peer_end(request: Any, pk: Any) -> HttpResponse:
    """Leave, without a reason."""
    peer = file_of(request, pk, Can.EDIT_PEER)
    if request.method == "POST":
        actions.end_engagement(peer, actor=request.actor)
        messages.success(request, _("The engagement ended today."))
    return home_of(request, peer)


@gate(Can.RECORD_CLEARANCE)
def peer_reopen(request: Any, pk: Any) -> HttpResponse:
    """Someone who had left comes back."""
    peer = file_of(request, pk, Can.RECORD_CLEARANCE)
    if request.method == "POST":
        actions.reopen_engagement(peer, actor=request.actor)
        messages.success(request, _("Welcome back. Check with them what they give, and their papers."))
    return redirect(request, "peer_detail", pk=peer.pk)


@gate(Can.EDIT_PEER)
def peer_raise_limit(request: Any, pk: Any) -> HttpResponse:
    """Ask somebody to accept one person more, with a reason; one's own number stands with one's availability."""
    peer = file_of(request, pk, Can.EDIT_PEER)
    if peer.person_id == request.actor.person_id:
        return redirect(request, "availability_edit", pk=peer.pk)
    form = RaiseLimitForm(request.POST or None)
    raise_limit = actions.raise_limit
    if form.is_valid() and accepted(form, lambda: raise_limit(peer, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The limit is raised; the referring psychologist is told."))
        return home_of(request, peer)
    return show_form(request, "peers/peer_detail.html", form, **detail(request, peer, limit_form=form))


@gate(Can.RECORD_CLEARANCE)
def clearance_record(request: Any, pk: Any) -> HttpResponse:
    peer = file_of(request, pk, Can.RECORD_CLEARANCE)
    form = ClearanceForm(request.POST or None)
    record = actions.record_clearance
    if form.is_valid() and accepted(form, lambda: record(peer, actor=request.actor, **form.cleaned_data)):
        messages.success(request, _("The proof is written down."))
        return redirect(request, "peer_detail", pk=peer.pk)
    return show_form(request, "peers/peer_detail.html", form, **detail(request, peer, clearance_form=form))


@gate(Can.RECORD_CLEARANCE)
def clearance_remove(request: Any, pk: Any) -> HttpResponse:
    clearance = get_visible(Clearance, request.actor, Can.RECORD_CLEARANCE, pk=pk)
    if request.method == "POST":
        actions.remove_clearance(clearance, actor=request.actor)
        messages.success(request, _("The line is taken off the list."))
    return redirect(request, "peer_detail", pk=clearance.peer_id)
