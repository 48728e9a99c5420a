"""« J’ai besoin d’aide maintenant », and the alerts staff take in hand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people.context import here
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.safeguarding import context, duty
from vecu.safeguarding.actions import alerts as actions
from vecu.safeguarding.enums import AlertKind, AlertState
from vecu.safeguarding.forms import AlertCloseForm, AlertOpenForm, AlertTakeForm, HelpNowForm, OpeningForm
from vecu.safeguarding.models import Alert
from vecu.safeguarding.workflows import ALERT


@gate(Can.RAISE_ALERT)
def help_now(request: HttpRequest) -> HttpResponse:
    """Numbers first; then, if someone is truly on duty or will be, « prévenir l’équipe »."""
    organisation = here(request.actor)
    form = HelpNowForm(request.POST or None)
    if form.is_valid():
        subject = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
        alert = actions.open_alert(
            organisation, actor=request.actor, kind=AlertKind.HELP_NOW, subject=subject, **form.cleaned_data
        )
        return redirect(request, "help_now_sent", alert.pk)
    return show_form(request, "safeguarding/help_now.html", form, duty=duty.state(organisation.pk))


@gate(Can.RAISE_ALERT)
def help_now_sent(request: HttpRequest, pk: str) -> HttpResponse:
    """Who was told, and the true state: nobody reads outside duty hours."""
    alert = get_visible(Alert, request.actor, Can.RAISE_ALERT, pk=pk)
    state = duty.state(alert.organisation_id)
    is_for_someone = alert.subject_id != request.actor.person_id
    return show(
        request,
        "safeguarding/help_now_sent.html",
        alert=alert,
        duty=state,
        is_for_someone=is_for_someone,
        is_debriefed=is_for_someone and request.actor.may(Can.ASK_TO_TALK),
        phone=state.phone if is_for_someone else "",
    )


@gate(Can.SEE_ALERTS)
def alert_list(request: HttpRequest) -> HttpResponse:
    is_closed = request.GET.get("etat") == "fermees"
    alerts = visible(Alert, request.actor).select_related("owner", "subject")
    alerts = alerts.filter(state=AlertState.CLOSED) if is_closed else alerts.standing()
    return show(
        request,
        "safeguarding/alert_list.html",
        page=page_of(alerts, request),
        is_closed=is_closed,
        duty=duty.state(request.actor.organisation_id),
        now=timezone.now(),
    )


@gate(Can.HANDLE_ALERT)
def alert_opening(request: HttpRequest) -> HttpResponse:
    """The first screen of the day while something raised outside duty hours is in nobody's hands."""
    alerts = visible(Alert, request.actor).from_closed_hours().select_related("subject")
    if not alerts:
        return redirect(request, "today")
    return show(request, "safeguarding/alert_opening.html", alerts=alerts, now=timezone.now())


@gate(Can.SEE_ALERTS)
def alert_detail(request: HttpRequest, pk: str) -> HttpResponse:
    alert = get_visible(Alert, request.actor, pk=pk)
    return show_alert(request, alert)


def show_alert(
    request: HttpRequest,
    alert: Alert,
    form: AlertCloseForm | None = None,
    opening_form: OpeningForm | None = None,
) -> HttpResponse:
    """What is known, whom to ring, who was told, and what may be done; reading it is journaled."""
    actions.read_alert(alert, actor=request.actor)
    return show_form(
        request,
        "safeguarding/alert_detail.html",
        form or opening_form or AlertCloseForm(),
        alert=alert,
        close_form=form or AlertCloseForm(),
        opening_form=opening_form or OpeningForm(),
        moves={move.name for move in ALERT.available(alert, request.actor)},
        **context.around(alert, request.actor, timezone.now()),
    )


@gate(Can.RAISE_ALERT)
def alert_open(request: HttpRequest) -> HttpResponse:
    """Staff enter something told by phone or in person."""
    organisation = here(request.actor)
    key = request.GET.get("personne")
    subject = get_visible(Person, request.actor, Can.SEE_PEOPLE, pk=key) if key else None
    form = AlertOpenForm(request.POST or None)
    if form.is_valid():
        alert = actions.open_alert(organisation, actor=request.actor, subject=subject, **form.cleaned_data)
        target = "alert_detail" if request.actor.may(Can.SEE_ALERTS) else "help_now_sent"
        return redirect(request, target, alert.pk)
    return show_form(request, "safeguarding/alert_open.html", form, subject=subject)


@require_POST
@gate(Can.HANDLE_ALERT)
def alert_danger(request: HttpRequest, pk: str) -> HttpResponse:
    """Immediate danger is ticked by hand on an alert that did not say so."""
    alert = get_visible(Alert, request.actor, Can.HANDLE_ALERT, pk=pk)
    actions.mark_danger(alert, actor=request.actor)
    return redirect(request, "alert_detail", alert.pk)


@require_POST
@gate(Can.HANDLE_ALERT)
def alert_take(request: HttpRequest, pk: str) -> HttpResponse:
    """The button says whom it saw in charge: a stale « I take it » never takes from somebody."""
    alert = get_visible(Alert, request.actor, Can.HANDLE_ALERT, pk=pk)
    form = AlertTakeForm(request.POST)
    if form.is_valid() and form.cleaned_data["seen"]:
        actions.take_over_alert(alert, actor=request.actor, seen=form.cleaned_data["seen"])
    else:
        actions.take_alert(alert, actor=request.actor)
    return redirect(request, "alert_detail", alert.pk)


@require_POST
@gate(Can.HANDLE_ALERT)
def alert_close(request: HttpRequest, pk: str) -> HttpResponse:
    alert = get_visible(Alert, request.actor, Can.HANDLE_ALERT, pk=pk)
    form = AlertCloseForm(request.POST)
    if not form.is_valid():
        return show_alert(request, alert, form)
    actions.close_alert(alert, actor=request.actor, **form.cleaned_data)
    return redirect(request, "alert_list")
