"""Death, relapse, distress: one action stops everything about someone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal
from vecu.core.access import require
from vecu.core.errors import SHORTEST_REASON, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.enums import StopReason
from vecu.people.events import PersonStopped
from vecu.people.models import Person
from vecu.people.policy import Can


@transaction.atomic
def stop_person(person: Person, *, actor: Actor, reason: StopReason, now: datetime | None = None) -> Person:
    """Stop every message, reminder, invitation and proposal about someone, at once and until a human resumes.

    What waits in the queue is cancelled here; what would be queued later is dropped by `may_leave`. What each
    area does besides (pairs, proposals, the peer's bereavement) follows the event.
    """
    require(actor, Can.STOP_EVERYTHING, person)
    now = now or timezone.now()
    done = Person.objects.filter(pk=person.pk, stopped_at=None).update(
        stopped_at=now, stop_reason=reason, updated_at=now
    )
    if not done:
        raise Refused("already_stopped", _("Everything is already stopped for this person."))
    person.stopped_at, person.stop_reason = now, reason
    jobs.cancel(about=person.pk)
    journal.write(actor, "person.stop", person, subject=person, reason=reason)
    publish(PersonStopped(person.pk, actor.organisation_id, str(reason), actor.person_id, now))
    return person


@transaction.atomic
def resume_person(person: Person, *, actor: Actor, reason: str, now: datetime | None = None) -> Person:
    """Let things leave again, by a named human who says why. Nothing cancelled comes back by itself."""
    require(actor, Can.STOP_EVERYTHING, person)
    if actor.person_id is None:
        raise Refused("human_needed", _("Only a person can decide that things start again."))
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused("no_reason", _("Say in a few words why things may start again."))
    done = Person.objects.filter(pk=person.pk, stopped_at__isnull=False).update(
        stopped_at=None, stop_reason="", updated_at=now or timezone.now()
    )
    if not done:
        raise Refused("not_stopped", _("Nothing is stopped for this person."))
    person.stopped_at, person.stop_reason = None, ""
    journal.write(actor, "person.resume", person, subject=person, reason=reason.strip())
    return person


def may_leave(person_id: UUID) -> bool:
    """Asked before each job about someone: nothing leaves about a person stopped or erased."""
    ended = Q(stopped_at__isnull=False) | Q(erased_at__isnull=False)
    return not Person.objects.filter(ended, pk=person_id).exists()
