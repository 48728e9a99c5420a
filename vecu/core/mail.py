"""Letters leave through the job table, never from a page.

`post` seals the letter into a job of the current transaction: a letter exists if and only if the fact it tells
does, and no address lies readable in the table. The job speaks to the mail server, tries again after 1, 5, 30
minutes, 4 and 24 hours, and always with the same Message-ID, so that a letter sent twice shows once. A refusal
of the address for good is a bounce: followers registered with `on_bounce` stop writing there and tell someone.
"""

from __future__ import annotations

import base64
import json
import smtplib
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.db import transaction
from django.db.models import Q

from vecu.core import crypto, jobs, rotation, vault
from vecu.core.tables import DataKey, Job, JobState

KIND = "mail"
PURPOSE = "mail"
PERMANENT = 500
LIST = "information"
HELD_UP = timedelta(hours=1)
# Automatic letters must not start a conversation between robots.
HEADERS = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

Bounce = Callable[[UUID | None, str], None]
BOUNCES: list[Bounce] = []
log = structlog.get_logger("vecu.mail")


def on_bounce(follower: Bounce) -> Bounce:
    """Register `follower(about, address)`, called when an address is refused for good."""
    BOUNCES.append(follower)
    return follower


def post(
    to: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    about: UUID | None = None,
    key: str | None = None,
    run_at: datetime | None = None,
) -> Job | None:
    """Queue a letter. With a `key` already used: nothing. `about` is the person it is written to."""
    letter = json.dumps({"to": to, "subject": subject, "text": text, "html": html}).encode()
    key_id = _outbox_key()
    sealed = base64.b64encode(crypto.seal(_place(key_id), key_id, letter)).decode()
    return jobs.enqueue(KIND, payload={"vault": str(key_id), "letter": sealed}, about=about, key=key, run_at=run_at)


@jobs.job(KIND, atomic=False, is_private=True)
def deliver(payload: dict[str, Any]) -> None:
    """Give one letter to the mail server.

    Given up: an address or a letter refused for good. Whatever speaks of us (the server away, our account, our
    sender) is tried again: somebody may mend it meanwhile.
    """
    letter = _open(payload)
    try:
        _message(letter, payload["job"]).send()
    except smtplib.SMTPRecipientsRefused as error:
        if any(code < PERMANENT for code, _answer in error.recipients.values()):
            raise
        _bounced(payload["job"], letter["to"])
        raise jobs.GiveUp from error
    except smtplib.SMTPDataError as error:
        if error.smtp_code < PERMANENT:
            raise
        raise jobs.GiveUp from error
    except (BadHeaderError, UnicodeError, ValueError) as error:
        raise jobs.GiveUp from error
    Job.objects.filter(pk=payload["job"]).update(payload={})  # sent: a second sending has nothing to send


def _message(letter: dict[str, str], job_id: str) -> EmailMultiAlternatives:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    # One list for every letter of an instance: rules can be made for it, and nothing can be learnt from it.
    headers = {**HEADERS, "Message-ID": f"<{job_id}@{domain}>", "List-Id": f"<{LIST}.{domain}>"}
    message = EmailMultiAlternatives(letter["subject"], letter["text"], to=[letter["to"]], headers=headers)
    if letter["html"]:
        message.attach_alternative(letter["html"], "text/html")
    return message


def is_held_up(now: datetime) -> bool:
    """A letter failed and is tried again, was given up within the hour, or waits although its time has come."""
    letters = Job.objects.filter(kind=KIND)
    waiting = Q(state=JobState.QUEUED) & (Q(attempts__gt=0) | Q(run_at__lt=now - jobs.ALIVE))
    given_up = Q(state=JobState.FAILED, finished_at__gt=now - HELD_UP)
    return letters.filter(waiting | given_up).exists()


def _bounced(job_id: str, address: str) -> None:
    about = Job.objects.values_list("about", flat=True).get(pk=job_id)
    log.warning("mail.bounced", job=job_id)
    with transaction.atomic():
        for follower in BOUNCES:
            follower(about, address)


def _outbox_key() -> UUID:
    found = DataKey.objects.filter(purpose=PURPOSE, destroyed_at__isnull=True).order_by("-created_at").first()
    return (found or vault.new_key(PURPOSE)).pk


def _place(key_id: UUID) -> bytes:
    return f"mail|{key_id}".encode()


def _open(payload: dict[str, Any]) -> dict[str, str]:
    key_id = UUID(payload["vault"])
    plain = crypto.unseal(_place(key_id), key_id, base64.b64decode(payload["letter"]))
    if plain is None:
        raise jobs.Drop
    found: dict[str, str] = json.loads(plain)
    return found


# Letters that wait keep the key they were sealed with.
rotation.replaced(PURPOSE)
