"""One gathering, for whoever runs it: its days, who comes, who waits, who was there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import guests, signatures
from vecu.agenda.actions.attendance import EARLY
from vecu.agenda.context.words import (
    DayLine,
    day_line,
    full_name,
    say_half_days,
    say_minutes,
    say_places,
    short_name,
    state_of,
)
from vecu.agenda.enums import EnrolmentState, GatheringState, Presence
from vecu.agenda.guests import Limits
from vecu.agenda.models import Attendance, Enrolment, Gathering, HalfDay
from vecu.core import vault
from vecu.core.access import Actor, Scope, visible
from vecu.people.models import Person
from vecu.people.policy import Can


@dataclass(frozen=True, slots=True)
class HalfDayRow:
    """A half-day with how many were there, and what may be done with it."""

    line: DayLine
    presence: str
    may_record: bool
    may_move: bool


@dataclass(frozen=True, slots=True)
class EnrolledRow:
    """Someone with a place or waiting, and what they attended of it."""

    pk: UUID
    name: str
    since: datetime
    attended: str
    limits: Limits | None = None
    load_reason: str = ""


def page(gathering: Gathering, actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """Everything the page of one gathering shows, in the same few queries whatever the number of people and days."""
    now = now or timezone.now()
    state, tone = state_of(gathering, now)
    enrolments = list(_enrolments(gathering, actor))
    vault.preload([gathering.host.vault_id, *(row.person.vault_id for row in enrolments)])
    attended = Attendance.objects.filter(half_day__gathering=gathering)
    minutes, half_days = attended.minutes_by_person(), attended.half_days_by_person()
    limits = guests.limits_of(gathering, (row.person_id for row in enrolments))
    may_see_words = actor.scope(Can.SEE_PEERS) >= Scope.ORGANISATION
    # Somebody's own words: opened for those who see files, and for nobody who only runs the list.
    words = {row.pk: str(row.load_reason) for row in enrolments} if may_see_words else {}
    rows = [_enrolled(row, minutes, half_days, limits.get(row.person_id), words.get(row.pk, "")) for row in enrolments]
    pairs = list(zip(enrolments, rows, strict=True))
    is_open = gathering.state == GatheringState.PLANNED
    days = _days(gathering, actor, now, is_open)
    ahead = [row for row in days if not row.line.is_past or not row.presence]
    return {
        "gathering": gathering,
        "host_name": full_name(gathering.host),
        "state": state,
        "tone": tone,
        "places": say_places(gathering),
        "days": ahead,
        "noted_days": [row for row in days if row not in ahead][::-1],
        "is_over": not ahead,
        "enrolled": [made for row, made in pairs if row.state == EnrolmentState.ENROLLED],
        "waiting": [made for row, made in pairs if row.state == EnrolmentState.WAITING],
        "is_open": is_open,
        "may_enrol": is_open and gathering.ends_at > now,
        "may_see_words": may_see_words,
    }


def _enrolments(gathering: Gathering, actor: Actor) -> Any:
    rows: Any = visible(Enrolment, actor, Can.RUN_GATHERINGS)
    return rows.standing().filter(gathering=gathering).select_related("person").order_by("asked_at", "pk")


def _enrolled(
    row: Enrolment, minutes: dict[UUID, int], half_days: dict[UUID, int], limits: Limits | None, load_reason: str
) -> EnrolledRow:
    attended = ""
    if row.person_id in half_days:
        attended = f"{say_half_days(half_days[row.person_id])}, {say_minutes(minutes[row.person_id])}"
    return EnrolledRow(row.pk, short_name(row.person), row.asked_at, attended, limits, load_reason)


def _days(gathering: Gathering, actor: Actor, now: datetime, is_open: bool) -> list[HalfDayRow]:
    rows: Any = visible(HalfDay, actor, Can.RUN_GATHERINGS)
    present = Count("attendances", filter=Q(attendances__presence=Presence.PRESENT))
    found = rows.filter(gathering=gathering, removed_at=None).select_related("site").order_by("starts_at")
    made = []
    for half_day in found.annotate(n_present=present, n_recorded=Count("attendances")):
        words = _("%(n)s present") % {"n": half_day.n_present} if half_day.n_recorded else ""
        has_begun = half_day.starts_at - EARLY <= now
        may_record = has_begun and gathering.state != GatheringState.CANCELLED
        may_move = is_open and not half_day.n_recorded
        made.append(HalfDayRow(day_line(half_day, now), words, may_record, may_move))
    return made


@dataclass(frozen=True, slots=True)
class SheetRow:
    """Someone on an attendance list: what is noted, and their signature as it is drawn again."""

    person_id: UUID
    name: str
    has_place: bool
    presence: str
    label: str
    signed_at: datetime | None
    path: str
    typed: str


def people_on(half_day: HalfDay, actor: Actor) -> list[Person]:
    """Those with a place now: the ones who may be noted and sign."""
    rows: Any = visible(Enrolment, actor, Can.RUN_GATHERINGS)
    return [row.person for row in rows.enrolled().filter(gathering=half_day.gathering_id).select_related("person")]


def sheet(half_day: HalfDay, actor: Actor) -> list[SheetRow]:
    """The attendance list of one half-day, by name, in three queries."""
    people = people_on(half_day, actor)
    rows = visible(Attendance, actor, Can.RUN_GATHERINGS).filter(half_day=half_day).select_related("person")
    noted = {row.person_id: row for row in rows}
    here = {person.pk for person in people}
    gone = [row.person for row in noted.values() if row.person_id not in here and row.person.erased_at is None]
    vault.preload(person.vault_id for person in (*people, *gone))
    made = [_sheet_row(person, noted.get(person.pk), person.pk in here) for person in (*people, *gone)]
    return sorted(made, key=lambda row: row.name.lower())


def _sheet_row(person: Person, row: Attendance | None, has_place: bool) -> SheetRow:
    name = full_name(person)
    if row is None:
        return SheetRow(person.pk, name, has_place, "", "", None, "", "")
    kept = str(row.signature)
    path = signatures.path_of(kept)
    label, typed = str(row.get_presence_display()), "" if path else kept
    return SheetRow(person.pk, name, has_place, row.presence, label, row.signed_at, path, typed)
