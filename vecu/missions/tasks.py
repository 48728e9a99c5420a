"""What the clock does for missions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.missions import actions


@jobs.periodic("missions.end_past", every=timedelta(hours=1))
def end_past(now: datetime) -> None:
    """A day that has come ends what nobody settled: the asker has an outcome in any case."""
    actions.end_past(now)


def erase(rows: QuerySet[Any]) -> None:
    actions.erase_missions(rows)


retention.clock(
    "missions.Mission",
    starts="expires_on",
    keep=timedelta(0),
    then=_("deleted whole, with who asked, in which words, and what each peer answered"),
    erase=erase,
)
