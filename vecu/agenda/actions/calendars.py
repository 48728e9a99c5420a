"""The secret address of one's calendar: made, renewed, taken away. Whoever has it reads the dates and nothing more."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from vecu.agenda.models import CalendarFeed
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Denied
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can

NOTED_EVERY = timedelta(hours=24)


@transaction.atomic
def make_address(
    person: Person, *, actor: Actor, language: str = "fr", now: datetime | None = None
) -> tuple[CalendarFeed, str]:
    """A new secret for one's own calendar: shown once, only its hash is kept. The one before opens nothing any more."""
    require(actor, Can.JOIN_GATHERINGS)
    if person.pk != actor.person_id:
        raise Denied("make the calendar address of somebody else")
    now, token = now or timezone.now(), secrets.token_urlsafe(32)
    fields = {"token_hash": hash_of(token), "language": language, "renewed_at": now, "read_at": now}
    feed, _is_new = CalendarFeed.objects.update_or_create(person=person, defaults=fields)
    journal.write(actor, "calendar.address", feed, subject=person)
    return feed, token


@transaction.atomic
def remove_address(feed: CalendarFeed, *, actor: Actor) -> None:
    """No calendar reads their dates any more."""
    require(actor, Can.JOIN_GATHERINGS, feed)
    journal.write(actor, "calendar.remove", feed, subject=feed.person_id)
    feed.delete()


def feed_of(token: str) -> CalendarFeed | None:
    """The calendar this secret opens, if its person is still here."""
    found = CalendarFeed.objects.filter(token_hash=hash_of(token), person__erased_at=None, person__stopped_at=None)
    return found.select_related("person").first()


def note_read(feed: CalendarFeed, now: datetime | None = None) -> None:
    """A calendar asked for it: noted once a day, so that an address nobody reads is forgotten."""
    now = now or timezone.now()
    if now - feed.read_at > NOTED_EVERY:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def hash_of(token: str) -> str:
    """What is kept of a secret: it has 256 bits, so that a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
