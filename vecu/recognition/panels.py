"""What expenses show on the first screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from vecu.core.access import visible
from vecu.core.prepared import Seen, counted
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recognition.enums import ClaimState
from vecu.recognition.models import Claim


def _waiting(decides: bool) -> Seen:
    def make(actor: Any) -> QuerySet[Any, Any]:
        mine = Q(person_id=actor.person_id)
        others = ~mine if decides else Q(pk=None)
        return counted(
            visible(Claim, actor),
            to_decide=Count("pk", filter=others & Q(state=ClaimState.SENT)),
            to_pay=Count("pk", filter=others & Q(state=ClaimState.APPROVED)),
            to_mend=Count("pk", filter=mine & Q(state=ClaimState.REFUSED)),
        )

    return Seen(Can.SEE_HOURS, make)


# Asked on everyone's first screen: written once, for those who decide and for the others.
WAITING = {decides: _waiting(decides) for decides in (False, True)}


@dataclass(frozen=True)
class RecognitionToday:
    """To decide and to pay, by whoever decides; to mend, by whoever asked."""

    to_decide: int
    to_pay: int
    to_mend: int


def recognition_today(actor: Actor) -> RecognitionToday | None:
    """One query; None when nothing waits."""
    found = WAITING[actor.may(Can.DECIDE_CLAIM)].rows(actor)
    return RecognitionToday(*found[0]) if found and any(found[0]) else None
