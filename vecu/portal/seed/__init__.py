"""The demo world: invented people, dated relative to the day it is made, the same for the same day.

Everything is done by the real actions, as the real roles, at the moment it would have happened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from vecu.core.tables import Job, JobState
from vecu.messaging.models import Notice
from vecu.portal.seed import applications, expenses, gatherings, life, peers, people, stories, training
from vecu.portal.seed.people import World

STEPS = (
    ("Les personnes et les lieux", peers.make),
    ("Deux ans de rencontres", stories.past),
    ("Les demandes d’aujourd’hui", stories.present),
    ("Les échanges", life.exchanges),
    ("L’astreinte et les alertes", life.safety),
    ("Les candidatures", applications.past),
    ("Les groupes et leurs présences", gatherings.make),
    ("Les formations et leurs attestations", training.make),
    ("Les heures et les frais", expenses.make),
)


@transaction.atomic
def load(now: datetime, step: Callable[[str], None] = lambda words: None) -> World:
    """Make the whole world in one transaction, all of it or none; `step` is told what is being made."""
    world = people.make(now)
    for words, make in STEPS:
        step(words)
        make(world)
    _quiet()
    return world


def _quiet() -> None:
    """What was told long ago was read and forgotten, and no letter of the past leaves now."""
    Notice.objects.exclude(kind__in=["proposal", "message", "alert", "talk", "report", "evaluation", "claim"]).delete()
    Job.objects.filter(state=JobState.QUEUED, kind__startswith="mail").delete()
