"""Addresses that refuse mail for good: nothing unasked is sent there until their owner shows that they work."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vecu.core import journal
from vecu.people.actor import system
from vecu.people.models import Person, User


@transaction.atomic
def note_refused_address(address: str, *, now: datetime | None = None) -> Person | None:
    """A mail server refused this address for good. Returns whose it is, the first time only."""
    user = User.objects.filter(email=address.lower(), mail_refused_at=None).select_related("person").first()
    if user is None:
        return None
    user.mail_refused_at = now or timezone.now()
    user.save(update_fields=["mail_refused_at"])
    person = getattr(user, "person", None)
    if person is not None:
        journal.write(system(), "account.mail_refused", person, subject=person)
    return person


@transaction.atomic
def note_working_address(user: User) -> None:
    """Something sent there was read: a code typed back, an invitation opened. Notices may leave again."""
    if user.mail_refused_at is not None:
        user.mail_refused_at = None
        user.save(update_fields=["mail_refused_at"])
