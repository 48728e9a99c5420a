"""What safeguarding does by the clock."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from vecu.core import jobs
from vecu.safeguarding.actions import alerts, retention


@jobs.job("safeguarding.escalate", retries=(5, 15, 30, 60, 120, 300))
def escalate(payload: dict[str, Any]) -> None:
    alerts.escalate(UUID(payload["alert"]), payload["step"])


@jobs.periodic("safeguarding.erase", at=time(3, 40))
def erase(now: datetime) -> None:
    retention.erase_expired(timezone.localdate(now))
