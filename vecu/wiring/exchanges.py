"""What follows what is written, reported and left."""

from __future__ import annotations

from vecu.accompaniment.actions import closing
from vecu.accompaniment.actions import pairs as pair_actions
from vecu.accompaniment.models import Pair
from vecu.core.events import wire
from vecu.messaging import events as messages
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Message, Participant, Thread
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.safeguarding.actions import reports
from vecu.safeguarding.enums import ReportReason
from vecu.wiring.telling import holders, tell


def note_and_announce(event: messages.MessageSent) -> None:
    pair_actions.note_message(event.thread_id, event.author_person_id, event.sent_at)
    pair = Pair.objects.filter(thread_id=event.thread_id).select_related("beneficiary").first()
    others = Participant.objects.filter(thread_id=event.thread_id, left_at=None, blocked_at=None)
    ids = others.exclude(person_id=event.author_person_id).values_list("person_id", flat=True)
    if pair is not None:
        tell(ids, NoticeKind.MESSAGE, event.organisation_id, "exchange", pair.pk, about=event.thread_id)
        if not pair.awaits_call:  # an account was opened since: they begin without it
            notices.put_away(pair.pk, NoticeKind.CALL_ASKED)


def queue_report(event: messages.MessageReported) -> None:
    message = Message.objects.select_related("author__person").get(pk=event.message_id)
    reports.receive_report(
        organisation_id=event.organisation_id,
        thread_key=event.thread_id,
        message_key=event.message_id,
        reporter=Person.objects.get(pk=event.reporter_person_id),
        reported=message.author.person,
        reason=ReportReason(event.reason),
        words=event.words,
    )


def end_pair_left(event: messages.ThreadLeft) -> None:
    closed_at = Thread.objects.values_list("closed_at", flat=True).get(pk=event.thread_id)
    closing.close_left(event.thread_id, event.person_id, closed_at)
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.PAIR_CLOSED, event.organisation_id)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(messages.MessageSent, now=[note_and_announce])
    wire(messages.MessageReported, now=[queue_report])
    wire(messages.ThreadLeft, now=[end_pair_left])
