"""Someone's dates as iCalendar (RFC 5545). A calendar may be seen by a family, an employer, a phone shop: it says when,
in which town, and « Rendez-vous Vécu »; never with whom, never what for, never the name of a ward.

What changes keeps its UID and its SEQUENCE grows; what is cancelled is said to be, so that it leaves the calendars
which had it. Hours are those of Paris, by the rules of its summer time; the hour lived twice in October has no name
there, and is written in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from vecu.agenda.enums import EnrolmentState, GatheringState
from vecu.agenda.models import Enrolment, HalfDay

PARIS = ZoneInfo("Europe/Paris")
KEPT = timedelta(days=90)
REFRESHED = timedelta(hours=6)
# The rule in force since 1996, in words that never end; a table of dates would.
RULES = """BEGIN:VTIMEZONE
TZID:Europe/Paris
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


@dataclass(frozen=True)
class Turn:
    """How someone stands in a gathering: with a place, waiting or gone; `times_left` is how often they withdrew."""

    state: str
    times_left: int


def feed(person_id: UUID, now: datetime | None = None) -> bytes:
    """Everything dated that concerns someone, from three months ago on, in three queries."""
    now = now or timezone.now()
    turns = _turns(person_id)
    found = HalfDay.objects.filter(Q(gathering__in=list(turns)) | Q(gathering__host=person_id), ends_at__gt=now - KEPT)
    half_days = found.select_related("gathering", "site").order_by("starts_at", "pk")
    return _calendar(_event(row, turns.get(row.gathering_id)) for row in half_days)


def _turns(person_id: UUID) -> dict[UUID, Turn]:
    turns: dict[UUID, Turn] = {}
    for key, state in Enrolment.objects.filter(person=person_id).values_list("gathering_id", "state"):
        before = turns.get(key, Turn(EnrolmentState.WITHDRAWN, 0))
        is_gone = state == EnrolmentState.WITHDRAWN
        turns[key] = Turn(before.state if is_gone else state, before.times_left + is_gone)
    return turns


def _calendar(events: Iterable[Event]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Vecu//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Vécu")
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESHED)
    calendar.add_component(Timezone.from_ical(RULES))
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(half_day: HalfDay, turn: Turn | None) -> Event:
    """One half-day; `turn` is None for whoever leads it."""
    status, words = _status(half_day, turn)
    event = Event()
    event.add("uid", f"{half_day.pk}@vecu")
    event.add("sequence", _sequence(half_day, turn))
    event.add("dtstamp", half_day.updated_at.astimezone(UTC))
    event.add("last-modified", half_day.updated_at.astimezone(UTC))
    event.add("dtstart", _local(half_day.starts_at))
    event.add("dtend", _local(half_day.ends_at))
    event.add("summary", words)
    event.add("status", status)
    event.add("transp", "OPAQUE" if status == "CONFIRMED" else "TRANSPARENT")
    event.add("class", "PRIVATE")
    if half_day.site is not None and half_day.site.town:
        event.add("location", half_day.site.town)
    address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('own_gatherings')}"
    event.add("url", address)
    event.add("description", _("The exact place and the details are in Vécu: %(address)s") % {"address": address})
    return event


def _status(half_day: HalfDay, turn: Turn | None) -> tuple[str, str]:
    is_off = half_day.removed_at is not None or half_day.gathering.state == GatheringState.CANCELLED
    if is_off or (turn is not None and turn.state == EnrolmentState.WITHDRAWN):
        return "CANCELLED", _("Vécu appointment, cancelled")
    if turn is not None and turn.state == EnrolmentState.WAITING:
        return "TENTATIVE", _("Vécu appointment, waiting list")
    return "CONFIRMED", _("Vécu appointment")


def _sequence(half_day: HalfDay, turn: Turn | None) -> int:
    """Grows with each change of the half-day, with its cancelling, and with each coming and going of the person."""
    changes = half_day.sequence + (half_day.gathering.state == GatheringState.CANCELLED)
    if turn is None:
        return changes
    return changes + 2 * turn.times_left - (turn.state == EnrolmentState.WITHDRAWN)


def _local(moment: datetime) -> datetime:
    """The hour on the wall in Paris, or UTC when that hour is lived twice."""
    local = moment.astimezone(PARIS)
    is_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if is_twice else local
