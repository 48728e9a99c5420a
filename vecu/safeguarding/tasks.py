"""What safeguarding does by the clock."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.safeguarding.actions import alerts
from vecu.safeguarding.actions.retention import erase_expired


@jobs.job("safeguarding.escalate", retries=(5, 15, 30, 60, 120, 300))
def escalate(payload: dict[str, Any]) -> None:
    alerts.escalate(UUID(payload["alert"]), payload["step"])


@jobs.periodic("safeguarding.erase", at=time(3, 40))
def erase(now: datetime) -> None:
    erase_expired(timezone.localdate(now))


for label in ("safeguarding.Alert", "safeguarding.Report"):
    retention.clock(
        label,
        starts="expires_on",
        keep=timedelta(0),
        then=_("a year after it was closed its key is destroyed: the words go, the line counts"),
        vault__destroyed_at=None,
    )
retention.clock(
    "safeguarding.TalkRequest",
    starts="done_at",
    keep=timedelta(days=365),
    then=_("deleted; its words had gone on the day of the call"),
    erase=lambda rows: rows.delete(),
)
retention.clock(
    "safeguarding.DutyShift",
    starts="ends_at",
    keep=timedelta(days=365),
    then=_("deleted: who was on duty is no longer needed"),
    erase=lambda rows: rows.delete(),
)
