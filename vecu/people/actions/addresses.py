"""Addresses: the mark by which one is found again, those which are corrected, those which refuse mail for good."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vecu.core import journal
from vecu.core.crypto import blind_index
from vecu.people.actor import system
from vecu.people.models import AwaitedAddress, Invitation, Person, User


@transaction.atomic
def note_refused_address(address: str, *, now: datetime | None = None) -> Person | None:
    """A mail server refused this address for good: nothing unasked is sent there until its owner shows that it works.
    Returns whose it is, the first time only."""
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


def follow_address(person: Person) -> None:
    """The address of the file was corrected: the right one is awaited from now on, and older links open nothing."""
    awaited = AwaitedAddress.objects.filter(person=person)
    if person.contact_email:
        awaited.update(mark=mark_of(person.contact_email))
    else:
        awaited.delete()
    Invitation.objects.open().filter(person=person).exclude(email=person.contact_email.lower()).delete()


def mark_of(address: str) -> str:
    """All that is kept of an address to find it again."""
    return blind_index(address.strip().lower(), "people.address")
