"""A line is reported by one of the two; only then may somebody else read it and two lines on each side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.messaging.enums import ThreadState
from vecu.messaging.events import MessageReported
from vecu.messaging.models import Message, Participant
from vecu.people.actor import Actor
from vecu.people.policy import Can

WIDEST = 2
WORDS_LENGTH = 1000


@dataclass(frozen=True)
class Line:
    """One line as it is shown to whoever handles a report: under pseudonyms."""

    key: UUID
    number: int
    handle: str
    sent_at: datetime
    body: str
    image_alt: str
    has_image: bool
    is_reported: bool


@transaction.atomic
def report_message(
    message: Message, *, actor: Actor, reason: str, words: str = "", now: datetime | None = None
) -> Message:
    """Report a line written by the other. Opens that line and its neighbours to whoever answers; hides nothing.

    `words` travel in the event: it must be followed at once (`now`), never through a stored job.
    """
    require(actor, Can.REPORT_MESSAGE, message)
    if message.author.person_id == actor.person_id or actor.person_id is None:
        raise Refused("own_message", _("You wrote this message yourself: only the other’s messages can be reported."))
    if len(words) > WORDS_LENGTH:
        raise Refused("too_long", _("Say it in at most %(most)d characters.") % {"most": WORDS_LENGTH})
    stamp = now or timezone.now()
    if not Message.objects.filter(pk=message.pk, reported_at=None).update(reported_at=stamp):
        raise Refused("already_reported", _("You have already reported this message: the report is being looked at."))
    message.reported_at = stamp
    journal.write(actor, "message.report", message)
    publish(
        MessageReported(message.pk, message.thread_id, message.organisation_id, actor.person_id, reason, words.strip())
    )
    return message


@transaction.atomic
def lines_around(message_key: UUID, n: int = WIDEST, *, actor: Actor, reason: str) -> list[Line]:
    """The reported line and at most two on each side. Each opening is journaled for both people, with its reason."""
    message = _reported(message_key, actor, reason, n)
    _journal_reading(message, actor, reason)
    near = Message.objects.around(message.thread_id, message.number, n).select_related("author", "thread")
    return [
        Line(
            key=line.pk,
            number=line.number,
            handle=line.author.handle,
            sent_at=line.sent_at,
            body=line.body,
            image_alt=line.image_alt,
            has_image=line.has_image,
            is_reported=line.pk == message.pk,
        )
        for line in near.defer("image")
    ]


@transaction.atomic
def reported_image(message_key: UUID, *, actor: Actor, reason: str) -> bytes:
    """The image of the reported line itself, never of its neighbours; journaled for both people."""
    message = _reported(message_key, actor, reason, 0)
    if not message.has_image:
        raise Refused("no_image", _("There is no image in this message."))
    _journal_reading(message, actor, reason)
    return bytes(message.image)


def _reported(message_key: UUID, actor: Actor, reason: str, n: int) -> Message:
    """The reported message, if this actor may open it now for this reason and this far; else Refused."""
    message = Message.objects.select_related("thread").filter(pk=message_key).first()
    may = actor.scope(Can.HANDLE_REPORT) >= Scope.ORGANISATION
    if message is None or message.thread.state == ThreadState.ERASED:
        raise Refused("erased", _("These messages were erased at the stated date: they can no longer be read."))
    is_here = actor.scope(Can.HANDLE_REPORT) == Scope.ALL or actor.organisation_id == message.organisation_id
    if not may or not is_here or message.reported_at is None:
        raise Refused("not_reported", _("Only messages that were reported to your team can be opened."))
    if not 0 <= n <= WIDEST:
        raise Refused("too_wide", _("Only the reported message and two on each side can be opened."))
    if not reason.strip():
        raise Refused("no_reason", _("Say why you open these messages: both people will see it."))
    if actor.person_id in _people_of(message):
        raise Refused("own_exchange", _("You are part of this exchange: someone else must handle this report."))
    return message


def _people_of(message: Message) -> list[UUID]:
    return list(Participant.objects.filter(thread_id=message.thread_id).values_list("person_id", flat=True))


def _journal_reading(message: Message, actor: Actor, reason: str) -> None:
    for person_id in _people_of(message):
        journal.read(actor, "message.lines_read", message, subject=person_id, reason=reason.strip())
