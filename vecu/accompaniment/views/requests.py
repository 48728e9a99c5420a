"""A coordinator's requests: the list, one request, and each decision about it."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment import context, summary
from vecu.accompaniment.actions import needs, programmes, requests, triage
from vecu.accompaniment.enums import CallOutcome, RequestClosing, RequestSource, RequestState
from vecu.accompaniment.forms import requests as forms
from vecu.accompaniment.models import CallAttempt, Programme, SupportRequest
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core import journal, receipts
from vecu.core.access import gate, get_visible, visible
from vecu.core.crowds import SMALLEST_GROUP
from vecu.core.http import page_of, redirect, show, show_form
from vecu.core.prepared import Listing, Tally
from vecu.peers import terms
from vecu.people.actions import seals
from vecu.people.enums import ConsentChannel
from vecu.people.policy import Can

RECEIPT_KEY = "request_receipt"
TABS: dict[str, tuple[RequestState, ...]] = {
    "rappeler": (RequestState.RECEIVED,),
    "apparier": RequestState.to_match(),
    "proposees": (RequestState.PROPOSED,),
    "lien": (RequestState.PAIRED,),
    "terminees": (RequestState.CLOSED,),
}


STATES = Tally(
    Can.SEE_REQUESTS,
    lambda actor, value: visible(SupportRequest, actor).filter(state=value),
    RequestState.values,
)


@lru_cache(maxsize=16)
def _listing(tab: str, day: date) -> Listing:
    """The requests of one step, late first: written once a day."""

    def make(actor: Any) -> Any:
        found = visible(SupportRequest, actor).filter(state__in=TABS[tab])
        if tab in ("lien", "terminees"):
            found = found.newest_first()
        else:
            found = found.late_first(day) if RequestState.WAITING in TABS[tab] else found.oldest_call_first()
        return found.values_list(*summary.COLUMNS)

    return Listing(Can.SEE_REQUESTS, make)


def tab_items(actor: Any, current: str = "", counted: dict[str, int] | None = None) -> list[tuple[str, str, int, bool]]:
    """The five steps of requests with their counts, for the tabs of this page and of the matching page."""
    counted = dict(STATES.rows(actor)) if counted is None else counted
    labels = {
        "rappeler": _("To call back"),
        "apparier": _("To match"),
        "proposees": _("Proposed"),
        "lien": _("In touch"),
        "terminees": _("Requests ended"),
    }
    address = reverse("request_list")
    # Where one acts on a step, rather than where one only reads it.
    pages = {"apparier": reverse("board"), "proposees": reverse("proposed_list"), "lien": reverse("pair_list")}
    return [
        (
            labels[tab],
            pages.get(tab, f"{address}?etape={tab}"),
            sum(counted.get(state, 0) for state in states),
            tab == current,
        )
        for tab, states in TABS.items()
    ]


@gate(Can.SEE_REQUESTS)
def request_list(request: HttpRequest) -> HttpResponse:
    """Requests by step, late first. The same number of queries at any size."""
    now = timezone.now()
    tab = request.GET.get("etape", "")
    tab = tab if tab in TABS else "rappeler"
    counted = dict(STATES.rows(request.actor))
    total = sum(counted.get(state, 0) for state in TABS[tab])
    page = page_of(_listing(tab, timezone.localdate(now)).of(request.actor, total), request)
    return show(
        request,
        "accompaniment/request_list.html",
        tab=tab,
        tabs=tab_items(request.actor, tab, counted),
        page=page,
        rows=summary.of_lines(page.object_list, now),
    )


@gate(Can.SEE_REQUESTS)
def request_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One request, opened: journaled as a reading, which the person sees."""
    asked = _asked(request, pk)
    if asked.person_id is not None:
        journal.read(request.actor, "request.read", asked, subject=asked.person_id)
    calls = visible(CallAttempt, request.actor).filter(request=asked).select_related("by")
    moves = {move.name for move in REQUEST.available(asked, request.actor)}
    return show(
        request,
        "accompaniment/request_detail.html",
        asked=asked,
        facts=summary.of_request(asked),
        age=summary.age_of(asked.birth_year),
        wait=summary.say_wait(asked.received_at, timezone.now()),
        consent=triage.standing_consent(asked),
        calls=list(calls[:20]),
        moves=moves,
        may_stop=request.actor.may(Can.STOP_EVERYTHING),
        is_late=asked.state == RequestState.RECEIVED and asked.call_by < timezone.now(),
        receipt=_receipt(request, asked),
    )


@gate(Can.ENTER_REQUEST)
def request_add(request: HttpRequest) -> HttpResponse:
    """Someone phones: one page, and their agreement recorded with a witness if they give it."""
    programme = _programme(request)
    if programme is None or (request.method != "POST" and not programme.is_open):
        return show(request, "accompaniment/request_add.html", programme=None)
    sites = programmes.sites_of(programme)
    form = forms.AddForm(request.POST or None, sites=sites)
    if not form.is_valid():
        texts = requests.consent_texts(programme.organisation)
        others = _open_programmes(request).exclude(pk=programme.pk).order_by("name")
        told = {"programme": programme, "texts": texts, "others": list(others[:10])}
        return show_form(request, "accompaniment/request_add.html", form, **told)
    asked, code = requests.receive_request(
        programme, actor=request.actor, source=RequestSource.PHONE, asker=form.asker(), told=form.told()
    )
    if form.cleaned_data["has_agreed"]:
        triage.log_call(asked, actor=request.actor, outcome=CallOutcome.REACHED)
        triage.open_request(asked, actor=request.actor, channel=ConsentChannel.ORAL)
    request.session[RECEIPT_KEY] = [str(asked.pk), seals.seal_text(code, requests.RECEIPT_PURPOSE)]
    messages.success(request, _("Request %(number)s is recorded.") % {"number": asked.number})
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
def request_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Complete a request with what the person says during the call."""
    asked = _asked(request, pk)
    sites = programmes.sites_of(asked.programme)
    form = forms.RequestForm(request.POST or None, initial=forms.kept(asked), sites=sites, kept_date=asked.fixed_on)
    if not form.is_valid():
        return show_form(request, "accompaniment/request_edit.html", form, asked=asked)
    requests.change_request(asked, actor=request.actor, asker=form.asker(), told=form.told())
    messages.success(request, _("The request is completed."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
@require_POST
def request_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A call was made: one press says how it ended."""
    asked = _asked(request, pk)
    outcome = request.POST.get("outcome", "")
    if outcome not in CallOutcome.values:
        messages.error(request, _("Say how the call ended: you talked, no answer, or later."))
        return redirect(request, "request_detail", asked.pk)
    triage.log_call(asked, actor=request.actor, outcome=CallOutcome(outcome))
    messages.success(request, _("The call is noted."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
def request_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record the person's agreement; then a peer is looked for."""
    asked = _asked(request, pk)
    consent = triage.standing_consent(asked)
    form = forms.OpenForm(
        request.POST or None,
        is_given_online=consent is not None,
        initial={"channel": ConsentChannel.ONLINE} if consent is not None else {},
    )
    if not form.is_valid():
        texts = requests.consent_texts(asked.programme.organisation)
        end_text = requests.questions_text(asked.programme.organisation)
        told = {"asked": asked, "consent": consent, "texts": texts, "end_text": end_text}
        return show_form(request, "accompaniment/request_open.html", form, **told)
    triage.open_request(
        asked,
        actor=request.actor,
        channel=ConsentChannel(form.cleaned_data["channel"]),
        may_ask_at_end=form.cleaned_data["may_ask_at_end"],
    )
    messages.success(request, _("The agreement is recorded. A peer can now be looked for."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
def request_wait(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No peer for now: who owns the wait, when to ring back, what is offered meanwhile."""
    asked = _asked(request, pk)
    form = forms.WaitForm(request.POST or None, ring_back_days=asked.programme.ring_back_days)
    if not form.is_valid():
        return show_form(request, "accompaniment/request_wait.html", form, asked=asked)
    triage.wait_request(asked, actor=request.actor, **form.cleaned_data)
    messages.success(request, _("The request waits with you. Its need is counted among those to recruit for."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
@require_POST
def request_resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Look for a peer again."""
    asked = _asked(request, pk)
    triage.resume_request(asked, actor=request.actor)
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
def request_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a request with its reason; a person who stops is one of them, at whatever stage."""
    asked = _asked(request, pk)
    form = forms.CloseForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "accompaniment/request_close.html", form, asked=asked)
    reason = RequestClosing(form.cleaned_data["reason"])
    if reason == RequestClosing.WITHDRAWN:
        triage.withdraw_request(asked, actor=request.actor)
    else:
        triage.close_request(asked, actor=request.actor, reason=reason)
    messages.success(request, _("The request has ended."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
@require_POST
def request_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Someone comes back: they are to be called again."""
    asked = _asked(request, pk)
    triage.reopen_request(asked, actor=request.actor)
    messages.success(request, _("The request is taken up again: call the person."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.TRIAGE_REQUEST)
@require_POST
def request_unmet(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that nobody was found: counted once, without the person."""
    asked = _asked(request, pk)
    needs.note_need(asked, actor=request.actor)
    messages.success(request, _("The need is counted among those to recruit for."))
    return redirect(request, "request_detail", asked.pk)


@gate(Can.SEE_NEEDS)
def unmet_list(request: HttpRequest) -> HttpResponse:
    """What is missing, and from each line a recruitment for it."""
    found = context.unmet_needs(request.actor)
    page = page_of(found.groups, request)
    return show(
        request,
        "accompaniment/unmet_list.html",
        page=page,
        lines=[(context.say_group(group), group, terms.is_known(group.code)) for group in page.object_list],
        needs=found,
        least=SMALLEST_GROUP,
        may_recruit=request.actor.may(Can.MANAGE_RECRUITMENT),
        sees_requests=request.actor.may(Can.TRIAGE_REQUEST),
    )


def _asked(request: HttpRequest, pk: UUID) -> SupportRequest:
    """The request with all its page needs, if this actor may see it."""
    found = visible(SupportRequest, request.actor).select_related(
        "programme__organisation", "site", "door", "person", "owner", "consent__text"
    )
    row: SupportRequest = get_object_or_404(found, pk=pk)
    return row


def _receipt(request: HttpRequest, asked: SupportRequest) -> str:
    """The code of the request just entered, to be read out to the person; shown once."""
    pk, sealed = request.session.get(RECEIPT_KEY) or ("", "")
    if pk != str(asked.pk):
        return ""
    del request.session[RECEIPT_KEY]
    return receipts.spaced(seals.open_text(sealed, requests.RECEIPT_PURPOSE))


def _programme(request: HttpRequest) -> Programme | None:
    """The programme asked by the address, else the first open one of the organisation."""
    chosen = request.GET.get("programme")
    if chosen:
        return get_visible(Programme, request.actor, Can.ENTER_REQUEST, pk=chosen)
    return _open_programmes(request).select_related("organisation").order_by("name").first()


def _open_programmes(request: HttpRequest) -> Any:
    return visible(Programme, request.actor, Can.ENTER_REQUEST).filter(is_open=True)
