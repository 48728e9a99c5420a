"""What the clock does for applications: it reminds of interviews, closes campaigns and deletes what has had its time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.people.actor import system
from vecu.recruitment.actions import applications, campaigns, drafts, interviews  # noqa: F401  (drafts registers its own night)


@jobs.periodic("recruitment.remind_interviews", every=timedelta(hours=1))
def remind_interviews(now: datetime) -> None:
    """The day before, whoever chose an hour is reminded of it."""
    interviews.remind(now)


@jobs.periodic("recruitment.close_campaigns", at=time(3, 30))
def close_campaigns(now: datetime) -> None:
    """Past their last day, campaigns close, and the seats kept for them are free again."""
    campaigns.close_over(now)


def erase_applications(rows: QuerySet[Any]) -> None:
    """Applications whose time is over go whole, with their interviews, notes and letters."""
    applications.erase_all(rows, system())


retention.clock(
    "recruitment.Application",
    starts="expires_on",
    keep=timedelta(0),
    then=_("deleted whole, with interviews, notes and letters: twelve months at most after the answer"),
    erase=erase_applications,
)
retention.clock(
    "recruitment.ApplicationDraft",
    starts="expires_at",
    keep=timedelta(0),
    then=_("deleted with its key: it was never sent"),
)
retention.clock(
    "recruitment.InterviewSlot",
    starts="ends_at",
    keep=timedelta(days=365),
    then=_("deleted: an hour offered, without what was said in it"),
    erase=retention.delete,
)
