"""What the clock does for missions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from vecu.core import retention
from vecu.missions import actions


def erase(rows: QuerySet[Any]) -> None:
    actions.erase_missions(rows)


retention.clock(
    "missions.Mission",
    starts="expires_on",
    keep=timedelta(0),
    then=_("deleted whole, with who asked, in which words, and what each peer answered"),
    erase=erase,
)
