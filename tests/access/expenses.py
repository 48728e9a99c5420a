"""What the world of the walks holds of hours and expenses: scales, a claim in each state that matters, receipts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.utils import timezone

from vecu.core.tests.photos import photo
from vecu.recognition import actions as recognition
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import ActivityKind
from vecu.recognition.models import Activity, Claim

TRAIN = Costs(tickets_cents=1290)


def furnish_expenses(side: Any) -> None:
    """Of what the peer did: one activity without a claim, a draft, a claim sent and one accepted, each with a receipt."""
    rates = {"any": [(0, Decimal("0.5"))]}
    told = {"starts_on": date(2023, 2, 1), "source": "Décision du bureau", "rates": rates, "accepts_gifts": True}
    side.rows["scale"] = recognition.add_scale(side.organisation, actor=side.claire, **told)
    side.rows["activity"] = _activity(side)
    draft, sent, approved = (_draft(side) for _number in range(3))
    for claim in (sent, approved):
        recognition.send_claim(claim, actor=side.helene)
        claim.refresh_from_db()
    recognition.approve(approved, actor=side.claire)
    side.rows |= {"claim_draft": draft, "claim": sent, "claim_approved": approved}
    side.rows |= {"receipt_sent": sent.receipts.get(), "receipt_draft": draft.receipts.get()}


def _activity(side: Any) -> Activity:
    recognition.note_activity(
        organisation_id=side.organisation.pk,
        person_id=side.peer_person.pk,
        kind=ActivityKind.MEETING,
        source_id=(source := uuid4()),
        happened_on=timezone.localdate(),
        minutes=120,
    )
    return Activity.objects.get(source_id=source)


def _draft(side: Any) -> Claim:
    return recognition.start_claim(_activity(side), actor=side.helene, costs=TRAIN, receipts=[photo()])
