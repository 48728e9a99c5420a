"""Help lines for the writer only: no trace, no delay, no alert."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from vecu.core.models import Job, JournalEntry, LiveSignal
from vecu.messaging import help_words
from vecu.messaging.models import Message, Notice
from vecu.messaging.tests.factories import Exchange

DISTRESS = "Je veux mourir, occupez-vous de mes chats."
ORDINARY = "Je veux dormir, occupons-nous des chats."
AREA = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    "text",
    ["J’ai envie d’en finir", "jveux plus etre la", "J’AI ACHETÉ UNE CORDE", "Occupez-vous du chat", "I want to die"],
)
def test_it_works(text: str) -> None:
    assert help_words.are_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "En finir avec la chimio",
        "Ce chef va me tuer",
        "Les soins palliatifs ont aidé ma sœur",
        "",
        "me couper les cheveux",
    ],
)
def test_talk_of_care_is_left_alone(text: str) -> None:
    assert not help_words.are_in(text)


def test_list_says_that_it_is_a_draft_until_a_clinician_signs() -> None:
    listed = json.loads(help_words.FILE.read_text(encoding="utf-8"))
    assert listed["status"]["validated_by"] is None and "à valider" in listed["status"]["fr"]
    for phrase in [*listed["phrases"], *listed["unless"]]:
        assert phrase == help_words.plain_words(phrase), f"« {phrase} » would never be found"


def rows_written() -> dict[str, int]:
    """How many rows each table holds, sessions aside."""
    names = [name for name in connection.introspection.table_names() if name != "django_session"]
    counts = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'SELECT COUNT(*) FROM "{name}"')  # noqa: S608 names of our own tables
            counts[name] = cursor.fetchone()[0]
    return counts


class TestNoTrace:
    def send(self, client: Any, exchange: Exchange, text: str) -> tuple[Any, dict[str, int], int]:
        before = rows_written()
        with self.statements() as statements:
            response = client.post(reverse("message_send", args=[exchange.thread.pk]), {"body": text})
        after = rows_written()
        return response, {name: after[name] - before[name] for name in after}, len(statements)

    def statements(self) -> Any:
        from django.test.utils import CaptureQueriesContext

        return CaptureQueriesContext(connection)

    def test_same_rows_same_queries_same_status_whatever_is_written(
        self, exchange: Exchange, sign_in: Callable[..., Any]
    ) -> None:
        client = sign_in(exchange.person)
        client.get(reverse("exchange_detail", args=[exchange.thread.pk]))
        self.send(client, exchange, "premier message")
        ordinary, ordinary_rows, ordinary_statements = self.send(client, exchange, ORDINARY)
        distress, distress_rows, distress_statements = self.send(client, exchange, DISTRESS)
        assert ordinary.status_code == distress.status_code == 200
        assert ordinary_rows == distress_rows
        assert ordinary_statements == distress_statements
        assert set(ordinary.headers) == set(distress.headers)

    def test_box_is_shown_to_the_writer_only_and_only_in_this_answer(
        self, exchange: Exchange, sign_in: Callable[..., Any]
    ) -> None:
        writer, reader = sign_in(exchange.person), sign_in(exchange.peer)
        answer, _rows, _count = self.send(writer, exchange, DISTRESS)
        assert is_shown(answer)
        page = reverse("exchange_detail", args=[exchange.thread.pk])
        assert not is_shown(writer.get(page)), "nothing was stored that could show it again"
        seen_by_other = reader.get(page)
        assert not is_shown(seen_by_other) and "occupez-vous" in seen_by_other.content.decode()

    def test_message_leaves_as_it_is_and_at_once(self, exchange: Exchange, sign_in: Callable[..., Any]) -> None:
        self.send(sign_in(exchange.person), exchange, DISTRESS)
        [message] = Message.objects.all()
        assert message.body == DISTRESS
        # Nothing waits, nobody is told: one content-free signal, as for any message.
        assert not Job.objects.exists() and not Notice.objects.exists() and not mail.outbox
        assert LiveSignal.objects.filter(channel=f"thread:{exchange.thread.pk}").count() == 1
        assert not JournalEntry.objects.filter(verb__contains="help").exists()

    def test_no_delay(self, exchange: Exchange, sign_in: Callable[..., Any]) -> None:
        """The same time whatever is written, and the words looked for in no time even in the longest message."""
        client = sign_in(exchange.person)
        spent: dict[str, list[float]] = {ORDINARY: [], DISTRESS: []}
        for _round in range(15):
            for text, times in spent.items():
                start = time.perf_counter()
                client.post(reverse("message_send", args=[exchange.thread.pk]), {"body": text})
                times.append(time.perf_counter() - start)
        ordinary, distress = (sorted(times)[len(times) // 2] for times in spent.values())
        assert distress < 1.5 * ordinary, (ordinary, distress)
        start = time.perf_counter()
        assert help_words.are_in("mot " * 990 + DISTRESS)
        assert time.perf_counter() - start < 0.1

    def test_logs_are_clean(
        self, exchange: Exchange, sign_in: Callable[..., Any], caplog: pytest.LogCaptureFixture, capfd: Any
    ) -> None:
        client = sign_in(exchange.person)
        with caplog.at_level(logging.DEBUG):
            self.send(client, exchange, ORDINARY)
            usual = [record.name for record in caplog.records if record.name != "django.db.backends"]
            caplog.clear()
            self.send(client, exchange, DISTRESS)
        unusual = [record.name for record in caplog.records if record.name != "django.db.backends"]
        assert unusual == usual
        out, err = capfd.readouterr()
        for written in (caplog.text, out, err):
            assert "mourir" not in written and "occupez" not in written


def is_shown(response: Any) -> bool:
    [attributes] = re.findall(
        r'<div class="alert alert-sauge composer-help" data-help-box([^>]*)>', response.content.decode()
    )
    return "hidden" not in attributes
