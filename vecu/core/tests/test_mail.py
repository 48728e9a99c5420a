"""Letters: sealed in the outbox, tried again, told once, against a real mail server of every character."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from vecu.core import jobs, mail
from vecu.core.tables import Job, JobState
from vecu.core.tests.mail_server import Server, serving, speaking

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]
ADDRESS = "lea@exemple.example"


def post(**fields: Any) -> Job | None:
    return mail.post(ADDRESS, "Vous avez une information", "Bonjour,\nconnectez-vous.", **fields)


@pytest.fixture
def smtp(settings: Any) -> Iterator[Server]:
    with serving(settings) as server:
        yield server


@pytest.fixture(autouse=True)
def no_followers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail, "BOUNCES", [])


def state(row: Job) -> tuple[str, str]:
    row.refresh_from_db()
    return row.state, row.error


def test_it_works(smtp: Server) -> None:
    row = post(html="<p>Bonjour</p>")
    assert jobs.run_due() == 1
    (content,) = smtp.received
    assert f"Message-ID: <{row.pk}@vecu.invalid>".encode() in content
    assert b"Auto-Submitted: auto-generated" in content
    assert b"List-Id: <information.vecu.invalid>" in content
    assert b"To: lea@exemple.example" in content
    assert state(row) == (JobState.DONE, "")


def test_the_table_shows_no_address_and_no_text() -> None:
    row = post()
    text = str(Job.objects.filter(pk=row.pk).values().get())
    assert "exemple" not in text and "information" not in text and "Bonjour" not in text
    assert jobs.run_due() == 1
    assert outbox.outbox[0].to == [ADDRESS]
    row.refresh_from_db()
    assert row.payload == {}


def test_no_letter_for_a_fact_rolled_back() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        post()
        raise RuntimeError
    assert jobs.run_due() == 0


def test_one_letter_for_one_key() -> None:
    assert post(key="welcome:1") is not None
    assert post(key="welcome:1") is None
    jobs.run_due()
    assert len(outbox.outbox) == 1


def test_nothing_leaves_to_someone_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "GUARDS", [lambda about: False])
    row = post(about=uuid.uuid4())
    jobs.run_due()
    assert state(row)[0] == JobState.CANCELLED
    assert outbox.outbox == []


@pytest.mark.parametrize(
    ("character", "error"),
    [
        ({"rcpt": "450 greylisted"}, "SMTPRecipientsRefused"),
        ({"data": "451 later"}, "SMTPDataError"),
        ({"data": "421 closing"}, "SMTPDataError"),
        ({"cut": True}, "SMTPServerDisconnected"),
        ({"stall": 3}, "TimeoutError"),
        ({"sender": "550 not from here"}, "SMTPSenderRefused"),
    ],
)
def test_it_is_tried_again(smtp: Server, character: dict[str, Any], error: str) -> None:
    smtp.__dict__.update(character)
    row = post()
    start = time.monotonic()
    jobs.run_due()
    assert time.monotonic() - start < 2.5
    found = state(row)
    assert found[0] == JobState.QUEUED
    assert found[1] in (error, "SMTPServerDisconnected")
    smtp.__dict__.update(Server().__dict__)
    jobs.run_due(now=timezone.now() + timedelta(seconds=61))
    assert state(row)[0] == JobState.DONE
    assert len(smtp.received) == 1


def test_a_server_that_is_not_there_is_tried_again(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    row = post()
    jobs.run_due()
    assert state(row) == (JobState.QUEUED, "ConnectionRefusedError")


HELLO = (b"220 post", b"250 post")  # a greeting; EHLO


@pytest.mark.parametrize(
    ("lines", "read", "error"),
    [
        ((b"554 no service",), 0, "SMTPConnectError"),
        ((b"421 too many",), 0, "SMTPConnectError"),
        ((), 0, "SMTPServerDisconnected"),
        ((*HELLO, b"250 from", b"250 to", b"354 go on"), 20, "SMTPServerDisconnected"),
    ],
    ids=["refuses to serve", "has no room", "cuts at once", "cuts in the middle of the text"],
)
def test_a_server_that_cuts_is_tried_again(settings: Any, lines: tuple[bytes, ...], read: int, error: str) -> None:
    row = post()
    with speaking(settings, *lines, stops_reading_after=read):
        jobs.run_due()
    assert state(row)[0] == JobState.QUEUED
    assert state(row)[1] in (error, "ConnectionResetError", "BrokenPipeError")
    with serving(settings) as server:
        jobs.run_due(now=timezone.now() + timedelta(seconds=61))
        assert len(server.received) == 1
    assert state(row)[0] == JobState.DONE


class TestWhatTheOperatorReads:
    """`manage.py jobs`: a sentence for each refusal, with what to mend."""

    @staticmethod
    def said(*arguments: str) -> str:
        out = StringIO()
        call_command("jobs", *arguments, stdout=out)
        return out.getvalue()

    @pytest.mark.parametrize(
        ("character", "sentence"),
        [
            ({"rcpt": "450 greylisted"}, "To be tried again: 2 × letters, next at"),
            ({"sender": "550 no"}, "refuses our sender: check VECU_MAIL_FROM"),
            ({"data": "451 later"}, "refuses the letter: check SPF, DKIM and DMARC"),
            ({"data": "554 spam"}, "Given up: 2 × letters. SMTPDataError"),
            (
                {"rcpt": "550 nobody"},
                "Given up: 2 × letters. SMTPRecipientsRefused: the mail server refuses the address",
            ),
        ],
    )
    def test_it_works(self, smtp: Server, character: dict[str, Any], sentence: str) -> None:
        smtp.__dict__.update(character)
        post()
        post()
        jobs.run_due()
        assert sentence in self.said()

    def test_the_server_away(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
        post()
        jobs.run_due()
        assert "nothing listens at the mail server's address" in self.said()
        assert "No worker runs" in self.said()
        jobs.prolong("w")
        assert "No worker runs" not in self.said()

    def test_what_was_given_up_starts_again(self, smtp: Server) -> None:
        smtp.data = "554 spam"
        row = post()
        jobs.run_due()
        smtp.data = "250 OK"
        assert "start again" in self.said("--retry")
        jobs.run_due()
        assert state(row)[0] == JobState.DONE
        assert "0 due, 0 to be tried again, 0 given up." in self.said()

    def test_no_address_is_shown(self, smtp: Server) -> None:
        smtp.rcpt = "550 lea@exemple.example unknown"
        post()
        jobs.run_due()
        assert "exemple" not in self.said()


def test_an_address_refused_for_good_is_told_once(smtp: Server) -> None:
    smtp.rcpt = "550 no such person"
    told: list[Any] = []
    mail.on_bounce(lambda about, address: told.append((about, address)))
    person = uuid.uuid4()
    row = post(about=person)
    jobs.run_due()
    assert told == [(person, ADDRESS)]
    assert state(row) == (JobState.FAILED, "SMTPRecipientsRefused")
    assert jobs.run_due(now=timezone.now() + timedelta(days=2)) == 0


def test_a_letter_refused_for_good_is_given_up_without_blaming_the_address(smtp: Server) -> None:
    smtp.data = "554 not this"
    told: list[Any] = []
    mail.on_bounce(lambda about, address: told.append(address))
    row = post()
    jobs.run_due()
    assert (state(row), told) == ((JobState.FAILED, "SMTPDataError"), [])


def test_a_forged_header_goes_nowhere() -> None:
    row = mail.post(ADDRESS, "Sujet\r\nBcc: other@exemple.example", "x")
    jobs.run_due()
    assert state(row) == (JobState.FAILED, "BadHeaderError")


def test_letters_given_up_are_unreadable_a_day_later(smtp: Server) -> None:
    smtp.data = "554 not this"
    row = post()
    jobs.run_due()
    jobs.forget_private_jobs(timezone.now() + timedelta(hours=23))
    row.refresh_from_db()
    assert row.payload
    jobs.forget_private_jobs(timezone.now() + timedelta(hours=25))
    row.refresh_from_db()
    assert row.payload == {}
    jobs.retry(row)
    jobs.run_due()
    assert state(row)[0] == JobState.CANCELLED
