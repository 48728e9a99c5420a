"""What recruiting shows on the first screen: answers that are late, new applications, interviews to record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import DateField, DateTimeField
from django.utils import timezone

from vecu.core import vault
from vecu.core.access import visible
from vecu.core.prepared import Asked, InParts, SeenRows
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recruitment import summary
from vecu.recruitment.enums import ApplicationState
from vecu.recruitment.models import Application, InterviewSlot

SHOWN = 10
LATE = (
    *(state for state in ApplicationState.standing() if state != ApplicationState.RECEIVED),
    ApplicationState.DEFERRED,
)

# What the first screen asks, written once.
NOW, TODAY = Asked("now", DateTimeField()), Asked("today", DateField())


def _due_in(state: ApplicationState) -> Callable[[Actor], Any]:
    return lambda actor: (
        visible(Application, actor, Can.DECIDE_APPLICATION).due_in(state, NOW, TODAY).values_list(*summary.COLUMNS)
    )


def _before(line: tuple[Any, ...]) -> tuple[Any, ...]:
    """The answer due the longest ago first; a day to talk again has no other date."""
    answer_by, received_at, key = (line[summary.COLUMNS.index(name)] for name in ("answer_by", "received_at", "pk"))
    return answer_by or received_at, received_at, key


# Of the new ones, some are late and others not: as many as both lists show. The others are all late.
DUE = InParts(
    Can.DECIDE_APPLICATION,
    [
        (2 * SHOWN, _due_in(ApplicationState.RECEIVED)),
        *((SHOWN, _due_in(state)) for state in LATE),
    ],
    before=_before,
)
TO_RECORD = SeenRows(
    Can.HOLD_INTERVIEW,
    InterviewSlot,
    lambda actor: (
        visible(InterviewSlot, actor, Can.HOLD_INTERVIEW)
        .to_record(NOW)
        .filter(host_id=actor.person_id)
        .order_by("starts_at", "pk")
    ),
    "application",
    only=("starts_at", "application__vault_id", "application__given_name", "application__organisation_id"),
)


@dataclass(frozen=True)
class ApplicationsToday:
    """Nobody stays unanswered: the late ones first, then the new ones, then what I have to record."""

    late: list[summary.Row]
    new: list[summary.Row]
    to_record: list[InterviewSlot]


def applications_today(actor: Actor, now: datetime) -> ApplicationsToday | None:
    """Four queries at any size; None for whoever has no part in it, or when nothing waits."""
    if not actor.may(Can.HOLD_INTERVIEW):
        return None
    today = timezone.localdate(now)
    rows = summary.of_lines(DUE.rows(actor, now=now, today=today)[: 2 * SHOWN], now)
    to_record = TO_RECORD.all(actor, slice(0, SHOWN), now=now)
    vault.preload(row.application.vault_id for row in to_record if row.application is not None)
    if not rows and not to_record:
        return None
    return ApplicationsToday(
        late=[row for row in rows if row.is_late][:SHOWN],
        new=[row for row in rows if not row.is_late][:SHOWN],
        to_record=to_record,
    )
