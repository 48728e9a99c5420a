"""What one-to-one support shows on pages of other areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min
from django.utils import timezone

from vecu.accompaniment import summary
from vecu.accompaniment.models import Programme, SupportRequest
from vecu.core.access import Scope, visible
from vecu.people.actor import Actor
from vecu.people.policy import Can

SHOWN = 20
PATIENCE_HOURS = 72


@dataclass(frozen=True)
class RequestsToday:
    """Requests that wait for this actor this morning: the late ones first, then the new ones."""

    late: list[summary.Row]
    new: list[summary.Row]
    count: int


def requests_today(actor: Actor, now: datetime) -> RequestsToday:
    """Late calls, openings without a proposal, days to ring back, and new requests: four queries at any size."""
    if actor.scope(Can.TRIAGE_REQUEST) == Scope.NONE:
        return RequestsToday([], [], 0)
    today = timezone.localdate(now)
    programmes = visible(Programme, actor, Can.TRIAGE_REQUEST)
    hours = programmes.aggregate(least=Min("unanswered_hours"))["least"] or PATIENCE_HOURS
    due = visible(SupportRequest, actor).due(now, today, timedelta(hours=hours))
    rows = summary.rows(due.late_first(today)[: 2 * SHOWN], now)
    late = [row for row in rows if row.is_late]
    return RequestsToday(
        late=late[:SHOWN], new=[row for row in rows if not row.is_late and row.state == "received"][:SHOWN], count=due.count()
    )
