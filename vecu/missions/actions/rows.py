"""The row of a mission, held until the end of the transaction."""

from __future__ import annotations

from vecu.missions.models import Mission

MOVING = ("state", "starts_at", "wanted", "gathering")
KEPT_MONTHS = 12  # after its last day


def hold(mission: Mission) -> Mission:
    """Read again under the write lock: it may have been settled, or somebody asked, while the page was open."""
    mission.refresh_from_db(fields=MOVING, from_queryset=Mission.objects.select_for_update())
    return mission
