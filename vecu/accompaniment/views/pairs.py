"""How pairs go: a list for those who follow them, and one pair from its first day to its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import context
from vecu.accompaniment.actions import closing, pairs
from vecu.accompaniment.enums import FollowUpKind
from vecu.accompaniment.forms.pairs import CallForm, CloseForm, ToldForm
from vecu.accompaniment.models import Contact, Evaluation, FollowUp, Pair
from vecu.accompaniment.views.requests import tab_items
from vecu.accompaniment.workflows.pairs import PAIR
from vecu.core import journal, vault
from vecu.core.access import gate, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people.policy import Can

VIEWS = ("active", "late", "silent", "closed")


@gate(Can.FOLLOW_PAIR)
def pair_list(request: HttpRequest) -> HttpResponse:
    """Pairs of the organisation, 50 a page, the same number of queries at any size."""
    now = timezone.now()
    wanted = request.GET.get("vue", "active")
    wanted = wanted if wanted in VIEWS else "active"
    rows = visible(Pair, request.actor, Can.FOLLOW_PAIR).seen_as(wanted, now)
    page = page_of(rows.order_by("-opened_at", "pk").values_list(*context.LIST_COLUMNS), request)
    return show(
        request,
        "accompaniment/pair_list.html",
        rows=context.pair_rows(page.object_list, now),
        page=page,
        tabs=tab_items(request.actor, "lien"),
        views=_views(wanted),
        wanted=wanted,
    )


@gate(Can.SEE_PAIRS)
def pair_detail(request: HttpRequest, pk: str) -> HttpResponse:
    """States, points to make, contacts without their content, the end."""
    pair = _staff_pair(request, pk)
    follow_ups = list(visible(FollowUp, request.actor).filter(pair=pair).select_related("done_by", "pair"))
    due = [row for row in follow_ups if row.done_at is None and row.cancelled_at is None]
    vault.preload([*pair.vault_ids(), *(row.done_by.vault_id for row in follow_ups if row.done_by)])
    return show(
        request,
        "accompaniment/pair_detail.html",
        pair=pair,
        names=context.pair_names(pair),
        what=context.what_is_lived(pair.request),
        due=due,
        done=[row for row in follow_ups if row.done_at is not None],
        is_bereaved=any(row.kind == FollowUpKind.BEREAVEMENT for row in due),
        contacts=visible(Contact, request.actor).filter(pair=pair),
        evaluations=context.evaluation_rows(
            visible(Evaluation, request.actor).filter(pair=pair).select_related("person"), request.actor
        ),
        moves={move.name for move in PAIR.available(pair, request.actor)},
        may_follow=request.actor.may(Can.FOLLOW_PAIR),
        today=timezone.localdate(),
        now=timezone.now(),
    )


@gate(Can.CLOSE_PAIR)
def pair_close(request: HttpRequest, pk: str) -> HttpResponse:
    """End an exchange: why, and who was told."""
    pair = _staff_pair(request, pk)
    form = CloseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        closing.close_pair(pair, actor=request.actor, **form.cleaned_data)
        messages.success(request, _("The exchange has ended. Both can still read it for 90 days, then it is erased."))
        return redirect(request, "pair_detail", pair.pk)
    return show_form(request, "accompaniment/pair_close.html", form, pair=pair, names=context.pair_names(pair))


@gate(Can.CLOSE_PAIR)
def pair_change(request: HttpRequest, pk: str) -> HttpResponse:
    """Another peer, without blame: straight back to the three best."""
    pair = _staff_pair(request, pk)
    form = ToldForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row = closing.change_peer(pair, actor=request.actor, told=form.cleaned_data["told"])
        return redirect(request, "board_request", row.pk)
    return show_form(request, "accompaniment/pair_change.html", form, pair=pair, names=context.pair_names(pair))


@gate(Can.FOLLOW_PAIR)
def call_plan(request: HttpRequest, pk: str) -> HttpResponse:
    """When the coordinator rings both and joins them."""
    pair = _staff_pair(request, pk)
    form = CallForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        pairs.plan_call(pair, actor=request.actor, call_at=form.cleaned_data["call_at"])
        messages.success(request, _("The call is planned: both see when."))
        return redirect(request, "pair_detail", pair.pk)
    return show_form(request, "accompaniment/call_plan.html", form, pair=pair, names=context.pair_names(pair))


def _views(wanted: str) -> list[tuple[str, str, None, bool]]:
    labels = {
        "active": _("Under way"),
        "late": _("First contact late"),
        "silent": _("Silent"),
        "closed": _("Ended"),
    }
    listed = reverse("pair_list")
    return [(label, f"{listed}?vue={name}", None, name == wanted) for name, label in labels.items()]


def _staff_pair(request: HttpRequest, pk: str) -> Pair:
    """A pair of the organisation, whose opening is written down; the two people themselves have the exchange, not
    this page."""
    pair = visible(Pair, request.actor).followed_by(request.actor).with_people().filter(pk=pk).first()
    if pair is None:
        raise Http404
    if request.method == "GET" and pair.beneficiary_id is not None:
        journal.read(request.actor, "pair.read", pair, subject=pair.beneficiary_id)
    return pair
