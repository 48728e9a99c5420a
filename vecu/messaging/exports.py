"""In somebody's own copy: what they wrote, what they received under the other's pseudonym, and their notices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import images as image_files
from vecu.core import vault
from vecu.messaging.models import Message, Notice, Participant
from vecu.people.exports import Section, register, register_files
from vecu.people.models import Person


@register
def messaging_part(person: Person) -> list[Section]:
    """Of the other, the pseudonym and what was sent to this person: nothing else."""
    seats = list(Participant.objects.filter(person=person).select_related("thread").order_by("created_at", "pk"))
    vault.preload(seat.thread.vault_id for seat in seats)
    mine = {seat.thread_id: seat for seat in seats}
    others = Participant.objects.filter(thread__in=mine).exclude(person=person).values_list("thread_id", "handle")
    names = dict(others)
    lines = Message.objects.filter(thread__in=mine).defer("image").select_related("thread", "author")
    written, received = [], []
    for line in lines.order_by("sent_at", "number"):
        if line.author_id == mine[line.thread_id].pk:
            written.append({_("to"): names.get(line.thread_id, ""), **_message(line)})
        else:
            received.append({_("from"): line.author.handle, **_message(line)})
    notices = Notice.objects.filter(person=person).order_by("created_at")
    return [
        Section("exchanges", _("Your exchanges"), [_seat(seat, names.get(seat.thread_id, "")) for seat in seats]),
        Section("messages_written", _("Messages you wrote"), written),
        Section("messages_received", _("Messages you received"), received),
        Section(
            "notices",
            _("Notices sent to you"),
            [{_("when"): row.created_at, _("what"): row.get_kind_display(), _("read"): row.read_at} for row in notices],
        ),
    ]


@register_files
def images(person: Person) -> Iterator[tuple[str, bytes]]:
    """Images sent and received, one after another, under the names the messages give them."""
    threads = Participant.objects.filter(person=person).values("thread")
    lines = Message.objects.filter(thread__in=threads, has_image=True).select_related("thread")
    for key in list(lines.order_by("sent_at", "number").values_list("pk", flat=True)):
        line = lines.get(pk=key)
        content = bytes(line.image)
        if content:
            kind = image_files.content_type(content).rpartition("/")[2]
            yield f"images/{_image_name(line)}.{kind}", content


def _image_name(line: Message) -> str:
    return f"{timezone.localdate(line.sent_at).isoformat()}-{line.pk.hex[:8]}"


def _message(line: Message) -> dict[str, Any]:
    return {
        _("when"): line.sent_at,
        _("message"): str(line.body),
        _("image"): f"images/{_image_name(line)}" if line.has_image else "",
        _("what the image shows"): str(line.image_alt),
    }


def _seat(seat: Participant, other: str) -> dict[str, Any]:
    return {
        _("with"): other,
        _("your pseudonym there"): seat.handle,
        _("since"): seat.created_at,
        _("first name shown"): seat.shows_first_name,
        _("reading shown"): seat.shows_reading,
        _("last read"): seat.last_read_at,
        _("closed by you"): seat.blocked_at,
        _("left"): seat.left_at,
        _("ended"): seat.thread.closed_at,
        _("erased on"): seat.thread.erase_on,
    }
