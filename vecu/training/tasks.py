"""What the clock does for training."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.training import actions
from vecu.training.actions.erasing import erase_equivalences

PROVABLE = timedelta(days=6 * 365)


@jobs.periodic("training.remind_of_endings", at=time(7, 30))
def remind_of_endings(now: datetime) -> None:
    """Each morning: what ends in sixty, thirty or seven days, and what ended yesterday."""
    actions.remind_of_endings(timezone.localdate(now))


@jobs.job("training.remind")
def remind(payload: dict[str, Any]) -> None:
    """One thing that ends, unless it was renewed meanwhile."""
    ends_on, today = date.fromisoformat(payload["ends_on"]), timezone.localdate()
    if not actions.tell_of_ending(UUID(payload["organisation"]), UUID(payload["key"]), ends_on, today):
        raise jobs.Drop


retention.clock(
    "training.Trainee",
    starts="cohort__gathering__ends_at",
    keep=PROVABLE,
    then=_("deleted with their papers and diary: the time in which hours may have to be proved is over"),
    erase=retention.delete,
)
retention.clock(
    "training.Attestation",
    starts="issued_on",
    keep=timedelta(days=20 * 365),
    then=_("deleted: its holder keeps the paper, its code opens nothing any more"),
    erase=retention.delete,
)
retention.clock(
    "training.Equivalence",
    starts="decided_at",
    keep=PROVABLE,
    then=_("its key is destroyed and it is deleted; the proof it gave stays in the peer’s file"),
    erase=erase_equivalences,
)
retention.clock(
    "training.Equivalence",
    starts="asked_at",
    keep=timedelta(days=365),
    then=_("its key is destroyed and it is deleted: nobody looked at it for a year"),
    erase=erase_equivalences,
    state="asked",
)
retention.clock(
    "training.CourseReview",
    starts="closed_at",
    keep=timedelta(days=90),
    then=_("own words are erased: a way of writing may be known; counts stay"),
    erase=actions.erase_words,
)
retention.clock(
    "training.CourseReview",
    starts="cohort__gathering__ends_at",
    keep=PROVABLE,
    then=_("its key is destroyed and it is deleted"),
    erase=actions.erase_reviews,
)
retention.clock(
    "training.EngagementAttestation",
    starts="issued_on",
    keep=timedelta(days=20 * 365),
    then=_("deleted: its holder keeps the paper, its code opens nothing any more"),
    erase=retention.delete,
)
