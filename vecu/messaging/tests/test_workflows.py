"""Every state against every move."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from vecu.core.errors import Refused
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Thread
from vecu.messaging.tests.factories import ThreadFactory
from vecu.messaging.workflows import THREAD
from vecu.people.actor import system

ALLOWED = {(ThreadState.OPEN, "close"), (ThreadState.CLOSED, "erase")}


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "move"), list(itertools.product(ThreadState, THREAD.moves)))
def test_states_and_moves(state: ThreadState, move: str) -> None:
    now = timezone.now()
    dates = {"closed_at": now, "erase_on": timezone.localdate() + timedelta(days=90)}
    held = {ThreadState.OPEN: {}, ThreadState.CLOSED: dates, ThreadState.ERASED: {**dates, "erased_at": now}}
    thread = ThreadFactory(state=state, **held[state])
    fields = dates if move == "close" else {"erased_at": now}
    if (state, move) in ALLOWED:
        THREAD.apply(thread, move, actor=system(), **fields)
        assert Thread.objects.get().state == THREAD.moves[move].target
    else:
        with pytest.raises(Refused, match="stale"):
            THREAD.apply(thread, move, actor=system(), **fields)


@pytest.mark.django_db
def test_closing_without_a_date_of_erasing_is_refused() -> None:
    with pytest.raises(Refused, match="incomplete"):
        THREAD.apply(ThreadFactory(), "close", actor=system(), closed_at=timezone.now())
