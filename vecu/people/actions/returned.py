"""Letters that come back although no account has their address: an invitation that will never be opened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vecu.core import journal
from vecu.people.actor import system
from vecu.people.models import Invitation


@transaction.atomic
def note_refused_invitations(address: str, *, now: datetime | None = None) -> Sequence[Invitation]:
    """The mail server refused this address for good: the invitations waiting there say so. Returned the first time."""
    moment = now or timezone.now()
    found = list(Invitation.objects.open(moment).filter(email=address.lower(), refused_at=None))
    for invitation in found:
        invitation.refused_at = moment
        invitation.save(update_fields=["refused_at", "updated_at"])
        journal.write(system(invitation.organisation_id), "invitation.refused", invitation)
    return found
