"""A thread is opened for two people, ended, and erased on the date that was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import jobs, journal, live, vault
from vecu.core.access import Scope
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.messaging.enums import ThreadState
from vecu.messaging.events import ThreadLeft
from vecu.messaging.models import Message, Notice, Participant, Thread
from vecu.messaging.workflows import THREAD
from vecu.people.actor import Actor, system
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can

ERASE_AFTER_DAYS = 90


def channel_of(thread_id: UUID) -> str:
    """The live channel on which a thread says that it changed, and nothing more."""
    return f"thread:{thread_id}"


@transaction.atomic
def open_thread(organisation: Organisation, *, people: Sequence[Person], actor: Actor) -> Thread:
    """A fresh thread for two people, under a key of its own and under pseudonyms. Never reused.

    Opened by one of the two, by whoever leads pairs in this organisation, or by Vécu itself.
    """
    first, second = people
    _require_arranging(actor, organisation.pk, [first.pk, second.pk])
    if first.pk == second.pk:
        raise Refused("alone", _("An exchange needs two different people."))
    if first.is_stopped or second.is_stopped:
        raise Refused("stopped", _("Everything was stopped for one of these two people: no exchange can open."))
    if second.pk in Participant.objects.blocked_with(first.pk):
        raise Refused("blocked", _("One of these two people has closed an earlier exchange with the other."))
    thread = Thread.objects.create(organisation=organisation, vault=vault.new_key("messaging.thread"))
    for person, handle in zip(people, _handles(first, second), strict=True):
        Participant.objects.create(organisation=organisation, thread=thread, person=person, handle=handle)
    journal.write(actor, "thread.open", thread)
    return thread


@transaction.atomic
def close_thread(
    thread: Thread, *, actor: Actor, erase_after_days: int = ERASE_AFTER_DAYS, now: datetime | None = None
) -> Thread:
    """No more messages; both still read until the date on which all is erased. Closing twice changes nothing."""
    seats = Participant.objects.filter(thread=thread).values_list("person_id", flat=True)
    _require_arranging(actor, thread.organisation_id, seats)
    lock(thread)
    if thread.state == ThreadState.OPEN:
        _close(thread, actor, now or timezone.now(), erase_after_days)
        live.announce(channel_of(thread.pk))
    return thread


@transaction.atomic
def block(thread: Thread, *, actor: Actor, now: datetime | None = None) -> Thread:
    """Never again with this person: the exchange closes at once; one's own copy stays, to be reported if need be."""
    return _part(thread, actor, "blocked_at", now or timezone.now())


@transaction.atomic
def leave(thread: Thread, *, actor: Actor, now: datetime | None = None) -> Thread:
    """Out at once, without a reason: the exchange closes and is no longer in one's own pages."""
    return _part(thread, actor, "left_at", now or timezone.now())


def erase_due(now: datetime | None = None) -> int:
    """Erase every closed thread whose stated date has come; returns how many. Run each night."""
    now = now or timezone.now()
    due = list(Thread.objects.due_for_erasing(timezone.localdate(now)).order_by("erase_on", "pk"))
    return jobs.each(due, lambda thread: erase_thread(thread, now))


@transaction.atomic
def erase_thread(thread: Thread, now: datetime) -> None:
    """The key goes, so that every copy is unreadable; then the rows. The journal says which key and how many."""
    actor = system(thread.organisation_id)
    reason = f"data key {thread.vault_id} destroyed; messages: {thread.last_number}"
    THREAD.apply(thread, "erase", actor=actor, reason=reason, erased_at=now)
    vault.destroy(thread.vault_id)
    Message.objects.filter(thread=thread).delete()
    Notice.objects.filter(about=thread.pk).delete()


def lock(thread: Thread) -> None:
    """Read the thread again and keep it still until the transaction ends: closing and sending never cross."""
    thread.refresh_from_db(from_queryset=Thread.objects.select_for_update())


def seat_of(thread: Thread, actor: Actor) -> Participant:
    """The actor's seat in the thread; whoever has none, or has left, is denied."""
    seats = Participant.objects.filter(thread=thread, left_at=None)
    seat = seats.filter(person_id=actor.person_id).first() if actor.person_id else None
    if seat is None:
        raise Denied(str(Can.SEE_THREAD))
    return seat


def _part(thread: Thread, actor: Actor, column: str, now: datetime) -> Thread:
    """The other is sent nothing, not even a live signal: they find a closed exchange when they come back."""
    seat = seat_of(thread, actor)
    lock(thread)
    Participant.objects.filter(pk=seat.pk).update(**{column: now})
    journal.write(actor, "thread.block" if column == "blocked_at" else "thread.leave", thread)
    if thread.state == ThreadState.OPEN:
        _close(thread, actor, now, ERASE_AFTER_DAYS)
        publish(ThreadLeft(thread.pk, thread.organisation_id, seat.person_id))
    return thread


def _close(thread: Thread, actor: Actor, now: datetime, erase_after_days: int) -> None:
    erase_on = timezone.localdate(now) + timedelta(days=erase_after_days)
    THREAD.apply(thread, "close", actor=actor, closed_at=now, erase_on=erase_on)


def _require_arranging(actor: Actor, organisation_id: UUID, person_ids: Iterable[UUID]) -> None:
    if actor.person_id is not None and actor.person_id in set(person_ids):
        return
    scope = actor.scope(Can.CLOSE_PAIR)
    if scope == Scope.ALL or (scope == Scope.ORGANISATION and actor.organisation_id == organisation_id):
        return
    raise Denied(str(Can.CLOSE_PAIR))


def _handles(first: Person, second: Person) -> tuple[str, str]:
    """Two pseudonyms that differ, even if the same one was drawn twice."""
    return first.handle, second.handle if second.handle != first.handle else f"{second.handle} 2"
