"""What the clock does for patient partners."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils import timezone

from vecu.core import jobs
from vecu.peers import actions
from vecu.people.actor import system


@jobs.periodic("peers.end_pauses", at=time(6, 0))
def end_pauses(now: datetime) -> None:
    """Whoever gave a day of return is back on that day."""
    actions.end_pauses_over(timezone.localdate(now), actor=system())


@jobs.periodic("peers.purge_imports", every=timedelta(hours=1))
def purge_imports(now: datetime) -> None:
    """Spreadsheets sent and never confirmed are erased after a day."""
    actions.purge_imports(now)
