"""Reminders before something ends, and once it has: each stage told once, whatever the worker lived through."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from vecu.core import jobs
from vecu.core.events import publish
from vecu.people.models import Organisation
from vecu.training import expiries
from vecu.training.events import ProofEnds

BEFORE = (timedelta(days=60), timedelta(days=30), timedelta(days=7))
AFTER = timedelta(days=1)
# A worker that was stopped for some days still says it, not for something that ended long ago.
LATE = timedelta(days=14)


@transaction.atomic
def remind_of_endings(today: date) -> int:
    """Sixty, thirty and seven days before, and the day after: a job for each thing and stage, which is never made
    twice. A stage missed is not said after the next one. Returns how many were made."""
    made = 0
    for ending in expiries.endings(Organisation.objects.values_list("pk", flat=True), today):
        stage = stage_of(ending.ends_on, today)
        if stage is None:
            continue
        payload = {
            "organisation": str(ending.organisation_id),
            "key": str(ending.pk),
            "ends_on": ending.ends_on.isoformat(),
        }
        key = f"training.ends:{ending.pk}:{ending.ends_on:%Y%m%d}:{stage}"
        made += jobs.enqueue("training.remind", payload=payload, key=key, about=ending.person_id) is not None
    return made


def stage_of(ends_on: date, today: date) -> int | None:
    """The nearest stage that has come: days before the end, or -1 once it is over."""
    if ends_on + AFTER <= today:
        return -1 if today <= ends_on + LATE else None
    come = [before.days for before in BEFORE if ends_on - before <= today]
    return min(come, default=None)


@transaction.atomic
def tell_of_ending(organisation_id: UUID, key: UUID, ends_on: date, today: date) -> bool:
    """If it still ends that day: renewed meanwhile, nothing is said. Returns whether it was."""
    for ending in expiries.endings([organisation_id], today):
        if (ending.pk, ending.ends_on) == (key, ends_on):
            publish(ProofEnds(key, ending.person_id, organisation_id, ends_on, ending.is_over(today)))
            return True
    return False
