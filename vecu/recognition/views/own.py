"""« Mes heures et mes frais »: what one did, what one asked for, the statement of a year."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core import pdf
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can
from vecu.recognition import actions, context
from vecu.recognition.forms import TimeForm, accepted
from vecu.recognition.models import Activity, Claim


@gate(Can.CLAIM_EXPENSES)
def own_hours(request: HttpRequest) -> HttpResponse:
    """A year of one's own: activities with their hours and claims, and what they come to."""
    year = context.year_asked(request.GET.get("year", ""))
    mine = visible(Activity, request.actor, Can.CLAIM_EXPENSES).held().in_year(year)
    page = page_of(mine.filter(organisation_id=request.actor.organisation_id).order_by("-happened_on", "pk"), request)
    claims = visible(Claim, request.actor, Can.CLAIM_EXPENSES).in_year(year).exclude(state="withdrawn")
    claims = claims.select_related("person")
    return show(
        request,
        "recognition/own_hours.html",
        year=year,
        tabs=context.year_tabs(year),
        page=page,
        lines=context.own_activities(page.object_list, request.actor),
        claims=context.claim_lines(claims.order_by("-happened_on", "pk")),
        **context.own_year(request.actor, year),
    )


@gate(Can.CLAIM_EXPENSES)
def own_activity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The preparation and the travel of one activity."""
    activity = get_visible(Activity, request.actor, Can.CLAIM_EXPENSES, pk=pk)
    now = {"preparation": activity.preparation_minutes or None, "travel": activity.travel_minutes or None}
    form = TimeForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] or 0 for name in ("preparation", "travel")}
        if accepted(form, lambda: actions.declare_time(activity, actor=request.actor, **told)):
            messages.success(request, _("Your time is noted."))
            return redirect(request, "own_hours")
    [line] = context.own_activities([activity], request.actor)
    return show_form(request, "recognition/own_activity.html", form, activity=activity, line=line)


@gate(Can.CLAIM_EXPENSES)
def own_statement(request: HttpRequest, year: int) -> HttpResponse:
    """The statement of a year, as a tagged PDF."""
    actor = request.actor
    me = get_visible(Person, actor, Can.SEE_OWN_DATA, pk=actor.person_id)
    here = get_visible(Organisation, actor, pk=actor.organisation_id)
    asked = context.year_asked(str(year))
    paper = pdf.write("recognition/statement_paper.html", **context.statement(me, here, asked))
    return pdf.attached(paper, f"releve-{asked}")
