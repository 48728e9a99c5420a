"""What becomes of training when its time is over, or when the person asks to be erased."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from vecu.core import journal, vault
from vecu.people.actor import system
from vecu.training.actions import engagements
from vecu.training.models import Attestation, Equivalence, Trainee


@transaction.atomic
def erase_training(person_id: UUID) -> None:
    """Diplomas sent and papers go. Of an attestation a number stays, with neither name nor code: numbers of an
    organisation follow each other, and whoever checks the code reads that it is not known."""
    erase_equivalences(Equivalence.objects.filter(person=person_id))
    Trainee.objects.filter(person=person_id).delete()
    engagements.erase_engagements(person_id)
    for attestation in Attestation.objects.filter(person=person_id):
        Attestation.objects.filter(pk=attestation.pk).update(code_mark="", clearance=None)
        journal.write(system(attestation.organisation_id), "attestation.erase", attestation, subject=person_id)


def erase_equivalences(rows: QuerySet[Any]) -> None:
    """The key of each goes first."""
    for equivalence in rows:
        vault.destroy(equivalence.vault_id)
        equivalence.delete()
