"""Several at the same instant: numbers without gaps, nothing after the end. On PostgreSQL; SQLite has one writer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.races import results_at_once
from vecu.core.errors import Refused
from vecu.messaging import actions
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Message, Thread
from vecu.messaging.tests.factories import Exchange, make_exchange

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def exchange(transactional_db: None) -> Iterator[Exchange]:
    yield make_exchange()


def sending(exchange: Exchange, body: str, by: str) -> Callable[[], Message]:
    actor = exchange.peer_actor if by == "peer" else exchange.person_actor
    return lambda: actions.send_message(Thread.objects.get(pk=exchange.thread.pk), actor=actor, body=body)


def test_numbers_have_no_gap(exchange: Exchange) -> None:
    results_at_once(*(sending(exchange, f"message {n}", "peer" if n % 2 else "person") for n in range(16)))
    assert list(Message.objects.values_list("number", flat=True).order_by("number")) == list(range(1, 17))
    assert Thread.objects.get().last_number == 16


@pytest.mark.parametrize("verb", [actions.close_thread, actions.block, actions.leave])
def test_nothing_is_sent_once_the_end_is_said(exchange: Exchange, verb: Any) -> None:
    """Closing and sending cross many times: each message is before the end, or refused with its text."""
    for round_number in range(6):
        each = make_exchange(exchange.organisation)
        end = lambda each=each: verb(Thread.objects.get(pk=each.thread.pk), actor=each.person_actor)  # noqa: E731
        results = results_at_once(*(sending(each, f"{round_number}", "peer") for _n in range(5)), end)
        thread = Thread.objects.get(pk=each.thread.pk)
        sent = [result for result in results if isinstance(result, Message)]
        refused = [result for result in results if isinstance(result, Refused)]
        assert thread.state == ThreadState.CLOSED
        assert len(sent) + len(refused) == 5
        assert {refusal.code for refusal in refused} <= {"closed"}
        assert thread.last_number == thread.messages.count() == len(sent)
        with pytest.raises(Refused, match="closed"):
            sending(each, "après", "peer")()


def test_both_block_at_once(exchange: Exchange, heard: list[Any]) -> None:
    results_at_once(
        lambda: actions.block(Thread.objects.get(pk=exchange.thread.pk), actor=exchange.peer_actor),
        lambda: actions.block(Thread.objects.get(pk=exchange.thread.pk), actor=exchange.person_actor),
    )
    assert Thread.objects.get().state == ThreadState.CLOSED
    assert [type(event).__name__ for event in heard].count("ThreadLeft") == 1


def test_one_line_reported_once(exchange: Exchange, heard: list[Any]) -> None:
    [line] = exchange.write("insistance")
    again = [lambda: actions.report_message(line, actor=exchange.person_actor, reason="other")] * 4
    results = results_at_once(*again)
    assert sum(isinstance(result, Refused) for result in results) == 3
    assert [type(event).__name__ for event in heard].count("MessageReported") == 1
