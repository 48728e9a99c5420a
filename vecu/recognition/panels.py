"""What expenses show on the first screen."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from vecu.core.access import visible
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recognition.enums import ClaimState
from vecu.recognition.models import Claim


@dataclass(frozen=True)
class RecognitionToday:
    """To decide and to pay, by whoever decides; to mend, by whoever asked."""

    to_decide: int
    to_pay: int
    to_mend: int


def recognition_today(actor: Actor) -> RecognitionToday | None:
    """One query; None when nothing waits."""
    if not actor.may(Can.SEE_HOURS):
        return None
    others, mine = ~Q(person_id=actor.person_id), Q(person_id=actor.person_id)
    if not actor.may(Can.DECIDE_CLAIM):
        others = Q(pk=None)
    found = visible(Claim, actor).aggregate(
        to_decide=Count("pk", filter=others & Q(state=ClaimState.SENT)),
        to_pay=Count("pk", filter=others & Q(state=ClaimState.APPROVED)),
        to_mend=Count("pk", filter=mine & Q(state=ClaimState.REFUSED)),
    )
    return RecognitionToday(**found) if any(found.values()) else None
