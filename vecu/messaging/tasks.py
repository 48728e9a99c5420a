"""What messaging does by itself, each night."""

from __future__ import annotations

from datetime import datetime, time

from vecu.core import jobs
from vecu.messaging import actions


@jobs.periodic("messaging.erase_due", at=time(3, 20))
def erase_due(now: datetime) -> None:
    """Threads whose stated date has come are erased."""
    actions.erase_due(now)


@jobs.periodic("messaging.forget_old_notices", at=time(3, 40))
def forget_old_notices(now: datetime) -> None:
    """Old notices go."""
    actions.forget_old_notices(now)
