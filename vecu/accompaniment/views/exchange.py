"""The exchange of two people: messages, a call that is arranged, help always in view, and every way out."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import UUIDField
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment.actions import closing, pairs
from vecu.accompaniment.enums import PairState
from vecu.accompaniment.forms.pairs import WorryForm
from vecu.accompaniment.models import Contact, Pair
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show, show_form
from vecu.core.prepared import Asked, SeenRows
from vecu.messaging.models import Thread
from vecu.messaging.panels import other_names, thread_panel, unread_by_thread
from vecu.people.policy import Can
from vecu.safeguarding.actions import alerts
from vecu.safeguarding.enums import AlertKind, Danger
from vecu.safeguarding.panels import duty_state

MINE = SeenRows(
    Can.SEE_PAIRS,
    Pair,
    lambda actor: visible(Pair, actor).of_person(actor.person_id).filter(pk=Asked("pk", UUIDField())),
    *("peer__person", "beneficiary", "request__programme", "thread", "organisation"),
)
# The page itself asks who is the peer, and nothing of the others.
READ = SeenRows(
    Can.SEE_PAIRS,
    Pair,
    lambda actor: visible(Pair, actor).of_person(actor.person_id).filter(pk=Asked("pk", UUIDField())),
    "peer",
    only=(*(field.attname for field in Pair._meta.concrete_fields), "peer__person_id"),
)


@gate(Can.SEE_THREAD)
def exchange_list(request: HttpRequest) -> HttpResponse:
    """My exchanges: those open first, those that can still be read below."""
    mine = visible(Pair, request.actor).of_person(request.actor.person_id).with_people().order_by("-opened_at")
    rows = list(mine.exclude(thread__state="erased"))
    names = other_names(request.actor, [pair.thread_id for pair in rows])
    unread = unread_by_thread(request.actor, [pair.thread_id for pair in rows])
    said = [
        {
            "pair": pair,
            "name": names[pair.thread_id],
            "unread": unread.get(pair.thread_id, 0),
            "is_open": pair.state != PairState.CLOSED,
        }
        for pair in rows
    ]
    return show(
        request,
        "accompaniment/exchange_list.html",
        open_rows=[row for row in said if row["is_open"]],
        closed_rows=[row for row in said if not row["is_open"]],
    )


@gate(Can.SEE_THREAD)
def exchange(request: HttpRequest, pk: str) -> HttpResponse:
    """The messages, who helps now, and everything one may do."""
    pair = READ.first(request.actor, pk=pk)
    if pair is None:
        raise Http404
    thread = get_visible(Thread, request.actor, pk=pair.thread_id)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 9 else None
    is_peer = pair.peer.person_id == request.actor.person_id
    panel = thread_panel(thread, request.actor, number, back=reverse("exchange", args=[pair.pk]))
    return show(
        request,
        "accompaniment/exchange.html",
        pair=pair,
        is_peer=is_peer,
        is_open=pair.state != PairState.CLOSED,
        is_starting=pair.state == PairState.STARTING,
        name=panel.other_name,
        panel=panel,
        duty=duty_state(pair.organisation_id),
        contacts=visible(Contact, request.actor).filter(pair=pair)[:5] if is_peer else (),
        now=timezone.now(),
    )


@require_POST
@gate(Can.SEE_THREAD)
def call_ask(request: HttpRequest, pk: str) -> HttpResponse:
    """« Je voudrais qu’on se parle »: the coordinator arranges it."""
    pair = _mine(request, pk)
    pairs.ask_for_call(pair, actor=request.actor)
    messages.success(request, _("The coordinator is told and will arrange the call. Neither of you gives a number."))
    return redirect(request, "exchange", pair.pk)


@gate(Can.ASK_CHANGE)
def change_ask(request: HttpRequest, pk: str) -> HttpResponse:
    """« Demander quelqu’un d’autre », without saying why."""
    pair = _mine(request, pk)
    if request.method == "POST":
        closing.ask_change(pair, actor=request.actor)
        messages.success(request, _("It is asked. A coordinator will call you; your peer is told nothing for now."))
        return redirect(request, "exchange", pair.pk)
    return show(request, "accompaniment/change_ask.html", pair=pair)


@gate(Can.RAISE_ALERT)
def worry(request: HttpRequest, pk: str) -> HttpResponse:
    """« Je m’inquiète pour cette personne »: two questions, and the people on duty are told at once."""
    pair = _mine(request, pk)
    if pair.has_stopped:
        raise Http404
    form = WorryForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        is_peer = pair.peer.person_id == request.actor.person_id
        alert = alerts.open_alert(
            pair.organisation,
            actor=request.actor,
            kind=AlertKind.WORRY,
            subject=pair.beneficiary if is_peer else pair.peer.person,
            danger=Danger(form.cleaned_data["danger"]),
            where=form.cleaned_data["where"],
        )
        return redirect(request, "help_now_sent", alert.pk)
    name = other_names(request.actor, [pair.thread_id])[pair.thread_id]
    return show_form(
        request, "accompaniment/worry.html", form, pair=pair, name=name, duty=duty_state(pair.organisation_id)
    )


def _mine(request: HttpRequest, pk: str) -> Pair:
    """A pair of which one is one of the two; whoever only follows it does not read it."""
    pair = MINE.first(request.actor, pk=pk)
    if pair is None:
        raise Http404
    return pair
