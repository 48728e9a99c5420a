"""Those who recruit: the list, one application, and each decision about it."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core import journal
from vecu.core.access import Scope, gate, get_visible, visible
from vecu.core.errors import Refused
from vecu.core.http import page_of, redirect, show, show_form
from vecu.core.moments import say_datetime
from vecu.core.prepared import Listing, Tally
from vecu.peers.forms.inputs import accepted
from vecu.people.policy import Can
from vecu.recruitment import letters, summary
from vecu.recruitment.actions import applications, decisions, interviews, notices, recruitments
from vecu.recruitment.enums import ApplicationState as State
from vecu.recruitment.forms.recruiting import DecisionForm, HourForm, LetterForm
from vecu.recruitment.models import Application, ApplicationLetter, Decision, Interview, InterviewSlot
from vecu.recruitment.workflows import APPLICATION

TABS: dict[str, tuple[State, ...]] = {
    "recues": (State.RECEIVED,),
    "rencontrer": (State.TO_MEET,),
    "decider": (State.INTERVIEWED, State.DECIDED),
    "plus-tard": (State.DEFERRED,),
    "retenues": (State.ACCEPTED,),
    "terminees": (State.REDIRECTED, State.DECLINED, State.WITHDRAWN),
}
STATES = Tally(Can.SEE_APPLICATIONS, lambda actor, value: visible(Application, actor).filter(state=value), State.values)


@lru_cache(maxsize=8)
def _listing(tab: str) -> Listing:
    """The applications of one step, late first: written once."""

    def make(actor: Any) -> Any:
        found = visible(Application, actor).filter(state__in=TABS[tab])
        found = found.newest_first() if tab in ("retenues", "terminees") else found.late_first()
        return found.values_list(*summary.COLUMNS)

    return Listing(Can.SEE_APPLICATIONS, make)


@gate(Can.SEE_APPLICATIONS)
def application_list(request: HttpRequest) -> HttpResponse:
    """Applications by step, late first. The same number of queries at any size."""
    now = timezone.now()
    tab = request.GET.get("etape", "")
    tab = tab if tab in TABS else "recues"
    counted = dict(STATES.rows(request.actor))
    total = sum(counted.get(state, 0) for state in TABS[tab])
    page = page_of(_listing(tab).of(request.actor, total), request)
    return show(
        request,
        "recruitment/application_list.html",
        tab=tab,
        tabs=_tabs(counted, tab),
        page=page,
        rows=summary.of_lines(page.object_list, now),
        may_manage=request.actor.may(Can.MANAGE_RECRUITMENT),
    )


def _tabs(counted: dict[str, int], current: str) -> list[tuple[str, str, int, bool]]:
    labels = {
        "recues": _("To answer"),
        "rencontrer": _("To meet"),
        "decider": _("To decide"),
        "plus-tard": _("Later"),
        "retenues": _("Accepted, to train"),
        "terminees": _("Applications ended"),
    }
    address = reverse("application_list")
    return [
        (labels[key], f"{address}?etape={key}", sum(counted.get(state, 0) for state in states), key == current)
        for key, states in TABS.items()
    ]


@gate(Can.SEE_APPLICATIONS)
def application_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One application, opened: journaled as a reading."""
    found = _found(request, pk)
    journal.read(request.actor, "application.read", found, subject=found.person_id)
    own, now = request.actor, timezone.now()
    decision = decisions.standing_decision(found)
    return show(
        request,
        "recruitment/application_detail.html",
        application=found,
        lines=summary.lines_of(found.answers or {}, found.profile),
        own=summary.own_lines(found.own_words if isinstance(found.own_words, dict) else {}),
        reach=summary.reach_lines(found.told("contact")),
        unmet=recruitments.looked_at(found),
        met=list(visible(Interview, own).filter(application=found).select_related("host", "guide")),
        held=visible(InterviewSlot, own).booked(found.pk).select_related("host").first(),
        free=_free(own, now) if found.state == State.TO_MEET else [],
        decision=decision,
        is_settled=decision is not None and decisions.is_settled(decision, _needs_two(found)),
        **_part_in(decision, own),
        letters=list(visible(ApplicationLetter, own).filter(application=found)[:5]),
        moves={move.name for move in APPLICATION.available(found, own)},
        late=summary.say_late(found.state, found.answer_by, found.talk_again_on, now, timezone.localdate(now)),
        is_all=own.scope(Can.SEE_APPLICATIONS) >= Scope.ORGANISATION,
    )


@gate(Can.DECIDE_APPLICATION)
@require_POST
def application_invite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Invite to an interview; said if nobody may be written to, so that someone calls."""
    found = _found(request, pk, Can.DECIDE_APPLICATION)
    interviews.invite(found, actor=request.actor)
    if notices.may_write(found):
        messages.success(request, _("Invited: they choose an hour by themselves with the link that leaves now."))
    else:
        messages.warning(request, _("Invited. They have no e-mail we may write to: call them, and give them an hour."))
    return redirect(request, "application_detail", pk)


@gate(Can.DECIDE_APPLICATION)
@require_POST
def interview_give(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose an hour for someone, agreed on the phone."""
    found = _found(request, pk, Can.DECIDE_APPLICATION)
    form = HourForm(request.POST)
    if form.is_valid():
        slot = get_visible(InterviewSlot, request.actor, pk=form.cleaned_data["slot"])
        interviews.give_hour(found, slot, actor=request.actor)
        messages.success(request, _("Their hour is noted."))
    return redirect(request, "application_detail", pk)


@gate(Can.DECIDE_APPLICATION)
def application_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what is answered: the letter comes next."""
    found = _found(request, pk, Can.DECIDE_APPLICATION)
    form = DecisionForm(request.POST or None)
    if form.is_valid() and accepted(form, lambda: decisions.decide(found, actor=request.actor, **form.cleaned_data)):
        return redirect(request, "application_detail" if _needs_two(found) else "application_letter", pk)
    return show_form(
        request, "recruitment/application_decide.html", form, application=found, needs_two=_needs_two(found)
    )


@gate(Can.CONFIRM_DECISION)
@require_POST
def application_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The second person agrees; whoever writes the letters goes on to this one."""
    found = _found(request, pk, Can.CONFIRM_DECISION)
    decision = decisions.standing_decision(found)
    if decision is None:
        raise Refused("stale", _("This decision was already confirmed, or taken back."))
    decisions.confirm(decision, actor=request.actor)
    if request.actor.may(Can.DECIDE_APPLICATION):
        return redirect(request, "application_letter", pk)
    messages.success(request, _("Confirmed: the coordinator sends the letter."))
    return redirect(request, "application_detail", pk)


@gate(Can.DECIDE_APPLICATION)
@require_POST
def application_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide again, before the letter."""
    decisions.take_back(_found(request, pk, Can.DECIDE_APPLICATION), actor=request.actor)
    messages.info(request, _("The decision is taken back: nothing was sent."))
    return redirect(request, "application_detail", pk)


@gate(Can.DECIDE_APPLICATION)
def application_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read the letter again, change it, send it."""
    found = _found(request, pk, Can.DECIDE_APPLICATION)
    if found.state != State.DECIDED:
        return redirect(request, "application_detail", pk)
    may_mail = notices.may_write(found)
    draft = letters.draft(found, applications.recruitment_of(found), signed_by=request.me.given_name)
    start = {"body": draft, "way": "mail" if may_mail else "by_hand"}
    form = LetterForm(request.POST or None, initial=start, may_mail=may_mail)
    if form.is_valid() and accepted(
        form, lambda: decisions.send_letter(found, actor=request.actor, **form.cleaned_data)
    ):
        messages.success(request, _("The answer is given. Thank you for not leaving anyone without one."))
        return redirect(request, "application_detail", pk)
    contact = found.told("contact")
    return show_form(
        request, "recruitment/application_letter.html", form, application=found, contact=contact, may_mail=may_mail
    )


def _found(request: HttpRequest, pk: UUID, can: Can | None = None) -> Application:
    return get_visible(Application, request.actor, can, pk=pk)  # type: ignore[attr-defined]


def _free(actor: Any, now: datetime) -> list[tuple[str, str]]:
    """Hours that may be given to someone on the phone."""
    if not actor.may(Can.DECIDE_APPLICATION):
        return []
    rows = visible(InterviewSlot, actor).free(now).select_related("host").order_by("starts_at")[:40]
    return [(str(row.pk), f"{say_datetime(row.starts_at, weekday=True)}, {row.host.given_name}") for row in rows]


def _part_in(decision: Decision | None, actor: Any) -> dict[str, bool]:
    return {
        "is_mine": decision is not None and decision.by_id == actor.person_id,
        "may_confirm": decision is not None
        and actor.may(Can.CONFIRM_DECISION)
        and visible(Decision, actor, Can.CONFIRM_DECISION).filter(pk=decision.pk).exists(),
    }


def _needs_two(found: Application) -> bool:
    return applications.recruitment_of(found).needs_two
