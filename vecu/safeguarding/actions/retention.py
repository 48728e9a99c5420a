"""What is erased, and when: the words of closed alerts and answered reports."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from vecu.core import journal, vault
from vecu.people import actor as actors
from vecu.safeguarding.models import Alert, Report


@transaction.atomic
def erase_expired(on: date) -> int:
    """Destroy the key of what has expired: the words go, the row stays for the counts."""
    erased = 0
    for model in (Alert, Report):
        for row in model.objects.filter(expires_on__lte=on).exclude(vault__destroyed_at__isnull=False):
            vault.destroy(row.vault_id)
            journal.write(actors.system(row.organisation_id), f"{model._meta.model_name}.erase", row)
            erased += 1
    return erased
