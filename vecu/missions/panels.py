"""What missions show on the first screen."""

from __future__ import annotations

from vecu.core.access import visible
from vecu.core.prepared import SeenRows
from vecu.missions import words
from vecu.missions.models import Mission
from vecu.people.actor import Actor
from vecu.people.policy import Can

SHOWN = 10
STANDING = SeenRows(Can.MANAGE_MISSIONS, Mission, lambda actor: visible(Mission, actor).standing().soonest_first())


def missions_today(actor: Actor) -> list[words.Row]:
    """Those to settle, the soonest first; one query."""
    return words.rows(STANDING.all(actor, slice(0, SHOWN))) if actor.may(Can.MANAGE_MISSIONS) else []
