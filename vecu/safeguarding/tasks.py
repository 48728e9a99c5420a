"""What safeguarding does by the clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.safeguarding.actions import alerts, sealed
from vecu.safeguarding.actions.retention import erase_expired
from vecu.safeguarding.models import SealedContact


@jobs.job("safeguarding.escalate", retries=(5, 15, 30, 60, 120, 300))
def escalate(payload: dict[str, Any]) -> None:
    alerts.escalate(UUID(payload["alert"]), payload["step"])


@jobs.periodic("safeguarding.erase", at=time(3, 40), atomic=False)
def erase(now: datetime) -> None:
    erase_expired(timezone.localdate(now))


@jobs.periodic("safeguarding.tell_openings", at=time(3, 50))
def tell_openings(now: datetime) -> None:
    """Whoever had their sealed contact opened a week ago is told, even while the alert drags on."""
    sealed.tell_late(now)


def forget_sealed(rows: QuerySet[SealedContact]) -> None:
    """The key of each, then the row."""
    for contact in rows:
        sealed.destroy_contact(contact)


for label in ("safeguarding.Alert", "safeguarding.Report"):
    retention.clock(
        label,
        starts="expires_on",
        keep=timedelta(0),
        then=_("a year after it was closed its key is destroyed: the words go, the line counts"),
        vault__destroyed_at=None,
    )
retention.clock(
    "safeguarding.SealedContact",
    starts="written_at",
    keep=timedelta(days=2 * 365),
    then=_("its key is destroyed: a number that old may be someone else’s"),
    erase=forget_sealed,
)
retention.clock(
    "safeguarding.TalkRequest",
    starts="done_at",
    keep=timedelta(days=365),
    then=_("deleted; its words had gone on the day of the call"),
    erase=retention.delete,
)
retention.clock(
    "safeguarding.DutyShift",
    starts="ends_at",
    keep=timedelta(days=365),
    then=_("deleted: who was on duty is no longer needed"),
    erase=retention.delete,
)
