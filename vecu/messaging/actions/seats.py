"""What each of the two agrees to show of themselves. Nothing appears until both have agreed."""

from __future__ import annotations

from django.db import transaction

from vecu.core import journal, live
from vecu.core.access import require
from vecu.messaging.actions.threads import channel_of, seat_of
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Participant, Thread
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def show_first_name(thread: Thread, *, actor: Actor, on: bool = True) -> Participant:
    """Agree to show one's first name, or take it back. Both first names appear once both have agreed."""
    return _agree(thread, actor, "shows_first_name", on)


@transaction.atomic
def show_reading(thread: Thread, *, actor: Actor, on: bool = True) -> Participant:
    """Agree to let the other know when one has read, or take it back. « Lu » appears once both have agreed."""
    return _agree(thread, actor, "shows_reading", on)


def _agree(thread: Thread, actor: Actor, column: str, on: bool) -> Participant:
    require(actor, Can.SEE_THREAD, thread)
    seat = seat_of(thread, actor)
    if getattr(seat, column) != on:
        setattr(seat, column, on)
        seat.save(update_fields=[column, "updated_at"])
        journal.write(actor, f"thread.{column}.{'yes' if on else 'no'}", thread)
        # A closed exchange says nothing more: nobody learns when it was closed by seeing a page move.
        if thread.state == ThreadState.OPEN:
            live.announce(channel_of(thread.pk))
    return seat
