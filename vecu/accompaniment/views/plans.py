"""Everyone who waits, looked at together: the best overall set, decided line by line."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment import context
from vecu.accompaniment.actions import plans
from vecu.accompaniment.enums import PlanLineState
from vecu.accompaniment.models import Plan, PlanLine
from vecu.accompaniment.views.requests import tab_items
from vecu.accompaniment.workflows.pairs import PLAN_LINE
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show
from vecu.people.policy import Can
from vecu.safeguarding.gate import pairing_gate

VERBS = {
    "lock": plans.lock_line,
    "refuse": plans.refuse_line,
    "reopen": plans.reopen_line,
    "accept": plans.accept_line,
    "unmet": plans.note_unmet,
}


@gate(Can.PLAN_MATCHES)
def plan(request: HttpRequest) -> HttpResponse:
    """The plan in use: who could meet whom, who waits and why."""
    found = visible(Plan, request.actor).filter(replaced_at=None).select_related("made_by").first()
    lines = visible(PlanLine, request.actor).filter(plan=found).select_related("request__person")
    rows = list(lines.order_by("request__received_at", "pk")) if found else []
    moves = {line.pk: frozenset(move.name for move in PLAN_LINE.available(line, request.actor)) for line in rows}
    said = context.plan_rows(rows, moves, request.actor, timezone.now())
    return show(
        request,
        "accompaniment/plan.html",
        plan=found,
        tabs=tab_items(request.actor, "apparier"),
        suggested=[row for row in said if row.peer and row.line.state != PlanLineState.ACCEPTED],
        waiting=[row for row in said if not row.peer],
        accepted=[row for row in said if row.line.state == PlanLineState.ACCEPTED],
        moved=sum(1 for row in said if row.moved),
        gate=pairing_gate(request.actor.organisation_id),
    )


@require_POST
@gate(Can.PLAN_MATCHES)
def plan_make(request: HttpRequest) -> HttpResponse:
    plans.make_plan(actor=request.actor)
    return redirect(request, "plan")


@require_POST
@gate(Can.PLAN_MATCHES)
def plan_line(request: HttpRequest, pk: str) -> HttpResponse:
    """One decision on one line."""
    line = get_visible(PlanLine, request.actor, pk=pk)
    verb = VERBS.get(request.POST.get("move", ""))
    if verb is not None:
        verb(line, actor=request.actor)
        if verb is plans.accept_line:
            messages.success(request, _("The peer has been asked. The answer will show in Today and under “Proposed”."))
        elif verb is plans.note_unmet:
            messages.success(request, _("The need is kept, and counted with those who found nobody."))
    return redirect(request, "plan")
