"""Which threads, messages and notices."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db.models import F, Q

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.messaging.enums import ThreadState
from vecu.people.policy import Can


class ThreadQuerySet(ScopedQuerySet):
    """Only the two people see a thread. No role has a standing right to read one: see safeguarding.Report."""

    reading = Can.SEE_THREAD

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those one has a seat in and has not left, until they are erased; whatever the scope."""
        return self.filter(participants__person_id=actor.person_id, participants__left_at=None).exclude(
            state=ThreadState.ERASED
        )

    def open(self) -> Self:
        return self.filter(state=ThreadState.OPEN)

    def due_for_erasing(self, today: date) -> Self:
        """Closed, and the stated date has come."""
        return self.filter(state=ThreadState.CLOSED, erase_on__lte=today)


class ParticipantQuerySet(ScopedQuerySet):
    reading = Can.SEE_THREAD

    def within(self, actor: Actor, scope: Scope) -> Self:
        """One's own seats."""
        return self.filter(person_id=actor.person_id)

    def blocked_with(self, person_id: UUID) -> set[UUID]:
        """The people this person has blocked or was blocked by: never put in touch again."""
        theirs = self.filter(person_id=person_id)
        blocked = self.filter(thread__in=theirs.values("thread")).exclude(person_id=person_id)
        return set(
            blocked.filter(
                Q(blocked_at__isnull=False) | Q(thread__in=theirs.exclude(blocked_at=None).values("thread"))
            ).values_list("person_id", flat=True)
        )

    def with_unread(self) -> Self:
        """Seats of people who have messages to read, in threads they have not left."""
        return self.filter(left_at=None, thread__last_number__gt=F("last_read_number")).exclude(
            thread__state=ThreadState.ERASED
        )


class MessageQuerySet(ScopedQuerySet):
    reading = Can.SEE_THREAD

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the threads one sees, whatever the scope."""
        return self.filter(thread__participants__person_id=actor.person_id, thread__participants__left_at=None).exclude(
            thread__state=ThreadState.ERASED
        )

    def around(self, thread_id: UUID, number: int, span: int) -> Self:
        """A line and `span` others on each side, in order."""
        near = self.filter(thread_id=thread_id, number__gte=number - span, number__lte=number + span)
        return near.order_by("number")


class NoticeQuerySet(ScopedQuerySet):
    reading = Can.SEE_NOTICES

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(person_id=actor.person_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)
