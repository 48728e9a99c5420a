"""What is erased, and when: the words of closed alerts and answered reports."""

from __future__ import annotations

from datetime import date

from vecu.core import jobs, journal, vault
from vecu.people import actor as actors
from vecu.safeguarding.models import Alert, Report


def erase_expired(on: date) -> int:
    """Destroy the key of what has expired: the words go, the row stays for the counts."""
    expired = [
        row
        for model in (Alert, Report)
        for row in model.objects.filter(expires_on__lte=on).exclude(vault__destroyed_at__isnull=False)
    ]
    return jobs.each(expired, _erase)


def _erase(row: Alert | Report) -> None:
    vault.destroy(row.vault_id)
    journal.write(actors.system(row.organisation_id), f"{row._meta.model_name}.erase", row)
