"""What messaging does by itself, each night."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from vecu.core import jobs, retention
from vecu.messaging import actions
from vecu.messaging.actions import notices
from vecu.messaging.enums import ThreadState


@jobs.periodic("messaging.erase_due", at=time(3, 20), atomic=False)
def erase_due(now: datetime) -> None:
    """Threads whose stated date has come are erased."""
    actions.erase_due(now)


@jobs.periodic("messaging.forget_old_notices", at=time(3, 40))
def forget_old_notices(now: datetime) -> None:
    """Old notices go."""
    actions.forget_old_notices(now)


retention.clock(
    "messaging.Thread",
    starts="erase_on",
    keep=timedelta(0),
    then=_("its key is destroyed and every message deleted"),
    state=ThreadState.CLOSED,
)
retention.clock(
    "messaging.Notice",
    starts="read_at",
    keep=notices.READ_KEPT,
    then=_("deleted once read"),
)
retention.clock(
    "messaging.Notice",
    starts="created_at",
    keep=notices.UNREAD_KEPT,
    then=_("deleted, although nobody read it"),
    read_at=None,
)
