"""What every verb of training shares."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import Scope
from vecu.core.errors import Denied, Refused
from vecu.peers.actions.rows import checked, reasonable_day
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can

__all__ = [
    "checked",
    "full_name",
    "past_day",
    "reasonable_day",
    "refuse_stopped",
    "refuse_strange_length",
    "require_in",
]

LONGEST_MINUTES = 2000 * 60


def require_in(actor: Actor, can: Can, organisation: Organisation) -> None:
    """The right is held in this very organisation."""
    scope = actor.scope(can)
    if scope < Scope.ORGANISATION or (scope == Scope.ORGANISATION and actor.organisation_id != organisation.pk):
        raise Denied(f"{can} in this organisation")


def refuse_stopped(person: Person) -> None:
    """Nothing is written for someone about whom everything is stopped."""
    if person.is_stopped or person.erased_at is not None:
        raise Refused("stopped", _("Everything is stopped about this person. Resume first, if it is right to."))


def past_day(day: date, what: str) -> date:
    """A day that can be true, and has come."""
    if day > timezone.localdate():
        raise Refused("future", _("“%(what)s” cannot be after today.") % {"what": what})
    return reasonable_day(day, what)


def refuse_strange_length(minutes: int | None) -> None:
    """A length that can be true, or none at all."""
    if minutes is not None and not 0 < minutes <= LONGEST_MINUTES:
        raise Refused("strange_length", _("Say how many hours it lasts, between one minute and 2,000 hours."))


def full_name(person: Person) -> str:
    """As an attestation says it."""
    return f"{person.given_name} {person.family_name}".strip()
