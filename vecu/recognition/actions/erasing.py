"""What becomes of hours and claims when their time is over, or when the person asks to be erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from vecu.core import journal, vault
from vecu.people.actor import system
from vecu.recognition.enums import SETTLED
from vecu.recognition.models import Claim


@transaction.atomic
def erase_recognition(person_id: UUID) -> None:
    """Claims that never reached the accounts go, with their receipts. Those that did stay until the law lets them go,
    with the name, the journey and the receipts sealed under their own key; hours stay, to be counted, without a name."""
    erase_claims(Claim.objects.filter(person=person_id).exclude(state__in=SETTLED))
    for claim in Claim.objects.filter(person=person_id, state__in=SETTLED):
        claim.answer = ""
        claim.save(update_fields=["answer", "updated_at"])
        journal.write(system(claim.organisation_id), "claim.keep", claim, subject=person_id)


@transaction.atomic
def erase_claims(rows: QuerySet[Any]) -> None:
    """The key of each goes first."""
    for claim in rows.order_by("pk").iterator(chunk_size=100):
        vault.destroy(claim.vault_id)
        claim.delete()
