"""What messaging shows on pages of other areas: a thread, and how much awaits someone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.db.models import IntegerField, UUIDField
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from vecu.core import crypto, live, moments, vault
from vecu.core.errors import Denied
from vecu.core.prepared import Asked, Prepared, PreparedRows
from vecu.core.templatetags.ui.stencils import filled
from vecu.messaging import help_words
from vecu.messaging.actions.threads import channel_of
from vecu.messaging.enums import ThreadState
from vecu.messaging.erasures import GONE
from vecu.messaging.forms import MessageForm
from vecu.messaging.models import Message, Participant, Thread
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.people.terms import handle_in

SHOWN = 50
NO_KEY = UUID(int=0)
SCREEN = 8
NEVER = 2**31 - 1  # a number no message has
COLUMNS = ("id", "number", "author_id", "sent_at", "body", "image_alt", "has_image", "reported_at")
SEAT = ("thread_id", "person_id", "handle", "shows_first_name", "shows_reading", "last_read_number", "left_at")

# Asked each time an exchange is opened, and by each live page: written once.
HERE = Asked("thread_id", UUIDField())
EARLIER = Prepared(
    lambda: (
        Message.objects.filter(thread_id=HERE, number__lt=Asked("before", IntegerField()))
        .order_by("-number")
        .values_list(*COLUMNS)
    )
)
LATER = Prepared(
    lambda: (
        Message.objects.filter(thread_id=HERE, number__gt=Asked("after", IntegerField()))
        .order_by("number")
        .values_list(*COLUMNS)
    )
)
SEATS = PreparedRows(
    Participant,
    lambda: Participant.objects.filter(thread_id=HERE),
    "person",
    only=(*SEAT, "person__vault_id", "person__given_name", "person__erased_at", "person__user_id"),
)


@dataclass(frozen=True)
class Bubble:
    """One message as its reader sees it. `day` is filled when it is the first of its day."""

    key: UUID
    number: int
    is_mine: bool
    who: SafeString
    iso: str
    time: str
    day: str
    body: str
    image_url: str
    image_alt: str
    report_url: str
    is_reported: bool

    @property
    def css(self) -> str:
        return "bubble bubble-mine" if self.is_mine else "bubble"

    @property
    def day_line(self) -> str:
        return filled("messaging/_bubble_day.html", self) if self.day else ""

    @property
    def text(self) -> str:
        return filled("messaging/_bubble_text.html", self) if self.body else ""

    @property
    def picture(self) -> str:
        return filled("messaging/_bubble_image.html", self) if self.image_url else ""

    @property
    def image_words(self) -> str:
        return self.image_alt or gettext("Image without a description")

    @property
    def foot(self) -> str:
        if self.is_reported:
            return filled("messaging/_bubble_reported.html", self)
        return filled("messaging/_bubble_report.html", self) if self.report_url else ""


@dataclass(frozen=True)
class ThreadPanel:
    """Everything `messaging/_thread.html` shows of one thread to one of its two people."""

    thread: Thread
    me: Participant
    other: Participant
    my_name: str
    other_name: str
    bubbles: list[Bubble]
    older: int | None
    is_latest: bool
    is_last_mine: bool
    since: int
    back: str
    form: MessageForm

    @property
    def dom_id(self) -> str:
        return f"thread-{self.thread.pk}"

    @property
    def target(self) -> str:
        return f"#{self.dom_id}"

    @property
    def is_open(self) -> bool:
        return self.thread.state == ThreadState.OPEN

    @property
    def is_read_by_other(self) -> bool:
        """Without an account, nobody reads what is written here."""
        return self.other.person.user_id is not None

    @property
    def last_shown(self) -> int:
        return self.bubbles[-1].number if self.bubbles else 0

    @property
    def is_long(self) -> bool:
        """More than a screen or so: a way to its end is offered above."""
        return len(self.bubbles) > SCREEN

    @property
    def unread(self) -> int:
        return max(0, self.thread.last_number - self.me.last_read_number)

    @property
    def is_last_read(self) -> bool:
        """« Lu » under one's last message, if both agreed to say it."""
        agreed = self.me.shows_reading and self.other.shows_reading
        return agreed and self.is_last_mine and self.other.last_read_number >= self.thread.last_number

    @property
    def names_agreed(self) -> bool:
        return _agree(self.me, self.other)

    @property
    def erase_day(self) -> str:
        return moments.say_date(self.thread.erase_on) if self.thread.erase_on else ""

    @property
    def help_words(self) -> dict[str, list[str]]:
        """For the check made in the browser, without a request."""
        listed = help_words.phrases()
        return {name: listed[name] for name in ("phrases", "unless")}

    @property
    def older_url(self) -> str:
        return f"{self.back}?before={self.older}" if self.older else ""

    @property
    def live_url(self) -> str:
        return f"{live.PREFIX}{channel_of(self.thread.pk)}?since={self.since}"

    @cached_property
    def urls(self) -> dict[str, str]:
        names = ("message_send", "message_list", "thread_read", "thread_settings", "thread_leave", "thread_block")
        return {name: reverse(name, args=[self.thread.pk]) for name in names}


def thread_panel(
    thread: Thread,
    actor: Actor,
    before: int | None = None,
    *,
    back: str = "",
    form: MessageForm | None = None,
) -> ThreadPanel:
    """The last 50 messages, or the 50 before one of them, opened together: four queries at any length.

    `back` is the path of the page that shows the thread; forms and links of the fragments return there.
    """
    since = _heard(thread)
    rows = EARLIER.rows(slice(0, SHOWN + 1), thread_id=thread.pk, before=NEVER if before is None else before)
    older = rows[SHOWN - 1][1] if len(rows) > SHOWN else None
    panel = _panel(thread, actor, rows[:SHOWN][::-1], back, since)
    return replace(panel, older=older, is_latest=before is None, form=form or panel.form)


def news_panel(thread: Thread, actor: Actor, after: int, *, back: str = "") -> ThreadPanel:
    """The messages after one that is already shown, at most 50 at once."""
    since = _heard(thread)
    return _panel(thread, actor, LATER.rows(slice(0, SHOWN), thread_id=thread.pk, after=after), back, since)


def unread_by_thread(actor: Actor, thread_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many messages the actor has not read in each of these threads, for a list of exchanges: one query."""
    seats = Participant.objects.with_unread().filter(person_id=actor.person_id, thread_id__in=list(thread_ids))
    rows = seats.values_list("thread_id", "thread__last_number", "last_read_number")
    return {thread_id: last - read for thread_id, last, read in rows}


def other_names(actor: Actor, thread_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Under which name the actor knows the other of each of these threads: two queries for a whole list."""
    seats: dict[UUID, list[Participant]] = {}
    found = Participant.objects.filter(thread_id__in=list(thread_ids)).select_related("person")
    for seat in found:
        seats.setdefault(seat.thread_id, []).append(seat)
    vault.preload(
        person.vault_id for pair in seats.values() if _agree(*pair) for person in (pair[0].person, pair[1].person)
    )
    return {
        thread_id: _name(seat, is_agreed=_agree(*pair))
        for thread_id, pair in seats.items()
        for seat in pair
        if seat.person_id != actor.person_id
    }


@live.channel("thread")
def may_listen(user_id: Any, channel: str) -> bool:
    """The two people of a thread hear that it changed, until one has left or it is erased."""
    seats = Participant.objects.filter(thread_id=channel.partition(":")[2], person__user_id=user_id, left_at=None)
    return seats.exclude(thread__state=ThreadState.ERASED).exists()


def _heard(thread: Thread) -> int:
    """The newest signal, read before the rows: a message that lands in between is announced, never missed."""
    return live.latest(channel_of(thread.pk))


def _panel(thread: Thread, actor: Actor, rows: list[Any], back: str, since: int) -> ThreadPanel:
    me, other = _seats(thread, actor)
    my_name, other_name = _names(thread, me, other)
    return ThreadPanel(
        thread=thread,
        me=me,
        other=other,
        my_name=my_name,
        other_name=other_name,
        bubbles=_bubbles(thread, me, other_name, rows, back),
        older=None,
        is_latest=True,
        is_last_mine=_is_last_mine(thread, me, rows),
        since=since,
        back=back,
        form=MessageForm(),
    )


def _seats(thread: Thread, actor: Actor) -> tuple[Participant, Participant]:
    """The actor's seat and the other one; whoever has none, or has left, is denied."""
    seats = SEATS.all(thread_id=thread.pk)
    me = next((seat for seat in seats if seat.person_id == actor.person_id and seat.left_at is None), None)
    if me is None:
        raise Denied(str(Can.SEE_THREAD))
    (other,) = (seat for seat in seats if seat is not me)
    return me, other


def _names(thread: Thread, me: Participant, other: Participant) -> tuple[str, str]:
    """First names if both agreed, else pseudonyms: the keys of the thread and of both are opened together."""
    is_agreed = _agree(me, other)
    people = (me.person, other.person) if is_agreed else ()
    vault.preload([thread.vault_id, *(person.vault_id for person in people)])
    return _name(me, is_agreed=is_agreed), _name(other, is_agreed=is_agreed)


def _agree(first: Participant, second: Participant) -> bool:
    return first.shows_first_name and second.shows_first_name


def _name(seat: Participant, *, is_agreed: bool) -> str:
    """A first name if both agreed, else a pseudonym in the reader's language."""
    if is_agreed and seat.person.erased_at is None and seat.person.given_name:
        return str(seat.person.given_name)
    if seat.handle == GONE:
        return gettext("deleted person")
    return handle_in(seat.handle, (get_language() or "fr")[:2])


def _bubbles(thread: Thread, me: Participant, other_name: str, rows: list[Any], back: str) -> list[Bubble]:
    bubbles: list[Bubble] = []
    zone, today, last_day = timezone.get_current_timezone(), timezone.localdate(), None
    whose = {
        True: format_html('<span class="sr">{}</span>', gettext("You")),
        False: format_html("<bdi>{}</bdi>", other_name),
    }
    before, after = reverse("message_report", args=[NO_KEY]).split(str(NO_KEY))
    after += f"?next={quote(back, safe='')}"
    for pk, number, author_id, sent_at, body, image_alt, has_image, reported_at in rows:
        local, is_mine = sent_at.astimezone(zone), author_id == me.pk
        day = local.date()
        bubbles.append(
            Bubble(
                key=pk,
                number=number,
                is_mine=is_mine,
                who=whose[is_mine],
                iso=local.isoformat(),
                time=moments.say_time(local.time()),
                day=_say_day(day, today) if day != last_day else "",
                body=_open(thread, pk, "body", body),
                image_url=reverse("message_image", args=[pk]) if has_image else "",
                image_alt=_open(thread, pk, "image_alt", image_alt),
                report_url="" if is_mine else f"{before}{pk}{after}",
                is_reported=reported_at is not None and not is_mine,
            )
        )
        last_day = day
    return bubbles


def _open(thread: Thread, pk: UUID, column: str, sealed: crypto.Ciphertext) -> str:
    return str(crypto.open_value(Message, column, pk, thread.organisation_id, thread.vault_id, sealed))


def _is_last_mine(thread: Thread, me: Participant, rows: list[Any]) -> bool:
    if rows and rows[-1][1] == thread.last_number:
        return bool(rows[-1][2] == me.pk)
    return Message.objects.filter(thread=thread, number=thread.last_number, author=me).exists()


def _say_day(day: date, today: date) -> str:
    if day == today:
        return gettext("Today")
    if (today - day).days == 1:
        return gettext("Yesterday")
    return moments.say_date(day, weekday=True, year=day.year != today.year)
