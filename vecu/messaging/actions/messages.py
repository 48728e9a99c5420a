"""Writing and reading in a thread."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import images, live
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.messaging.actions.notices import read_notices_about
from vecu.messaging.actions.threads import channel_of, lock, seat_of
from vecu.messaging.enums import ThreadState
from vecu.messaging.events import MessageSent
from vecu.messaging.models import ALT_LENGTH, BODY_LENGTH, Message, Participant, Thread
from vecu.people.actor import Actor
from vecu.people.policy import Can


@transaction.atomic
def send_message(
    thread: Thread,
    *,
    actor: Actor,
    body: str,
    image: IO[bytes] | None = None,
    image_alt: str = "",
    now: datetime | None = None,
) -> Message:
    """One more line in an open thread, by one of its two people.

    Not journaled on purpose: the journal outlives the thread, and who wrote when must be erased with it.
    """
    require(actor, Can.WRITE_MESSAGE, thread)
    now = now or timezone.now()
    body, picture = _worth_sending(body, image)
    lock(thread)
    if thread.state != ThreadState.OPEN:
        raise Refused("closed", _("This exchange is closed. Your message was not sent; you can still copy it."))
    seat = seat_of(thread, actor)
    message = Message(
        organisation_id=thread.organisation_id,
        thread=thread,
        author=seat,
        number=thread.last_number + 1,
        sent_at=now,
        body=body,
        image=picture,
        image_alt=image_alt.strip()[:ALT_LENGTH] if picture else "",
        has_image=bool(picture),
    )
    message.save(force_insert=True)
    thread.last_number, thread.last_message_at = message.number, now
    thread.save(update_fields=["last_number", "last_message_at", "updated_at"])
    Participant.objects.filter(pk=seat.pk).update(last_read_number=message.number, last_read_at=now)
    publish(MessageSent(message.pk, thread.pk, thread.organisation_id, seat.person_id, now))
    live.announce(channel_of(thread.pk))
    return message


@transaction.atomic
def mark_read(thread: Thread, *, actor: Actor, up_to: int | None = None, now: datetime | None = None) -> None:
    """The actor has read the thread, up to a line they were shown. The other learns it only if both agreed."""
    require(actor, Can.SEE_THREAD, thread)
    seat = seat_of(thread, actor)
    number = thread.last_number if up_to is None else min(up_to, thread.last_number)
    if number > seat.last_read_number:
        later = Participant.objects.filter(pk=seat.pk, last_read_number__lt=number)
        later.update(last_read_number=number, last_read_at=now or timezone.now())
        seats = Participant.objects.filter(thread=thread).values_list("shows_reading", flat=True)
        if all(seats) and thread.state == ThreadState.OPEN:
            live.announce(channel_of(thread.pk))
    if number == thread.last_number and seat.person_id:
        read_notices_about(thread.pk, person_id=seat.person_id, now=now)


def _worth_sending(body: str, image: IO[bytes] | None) -> tuple[str, bytes]:
    """The text and the rewritten image; refused when there is neither, or too much."""
    body = body.replace("\r\n", "\n").strip()
    if not body and image is None:
        raise Refused("empty", _("Write a few words, or add an image."))
    if len(body) > BODY_LENGTH:
        sentence = _(
            "This message is too long: %(length)d characters. Send it in several messages of at most %(most)d."
        )
        raise Refused("too_long", sentence % {"length": len(body), "most": BODY_LENGTH})
    return body, images.rewrite(image) if image is not None else b""
