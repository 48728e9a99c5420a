"""The row of a mission, held until the end of the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from vecu.agenda.models import Gathering
from vecu.missions.models import Mission

MOVING = ("state", "starts_at", "wanted", "gathering")
KEPT_MONTHS = 12  # after its last day


def hold_days(keys: Iterable[UUID]) -> None:
    """Their days in the agenda come before them, as when somebody acts there: nobody waits for the other."""
    days = Mission.objects.filter(pk__in=list(keys)).exclude(gathering=None).values("gathering")
    list(Gathering.objects.filter(pk__in=days).order_by("pk").select_for_update().values_list("pk"))


def hold(mission: Mission) -> Mission:
    """Read again under the write lock: it may have been settled, or somebody asked, while the page was open."""
    hold_days([mission.pk])
    mission.refresh_from_db(fields=MOVING, from_queryset=Mission.objects.select_for_update())
    return mission
