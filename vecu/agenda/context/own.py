"""« Mes rendez-vous »: one's own dates, what one may join, and the hours one gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from vecu.agenda.actions.attendance import EARLY, OWN_DELAY
from vecu.agenda.context.words import DayLine, day_line, say_half_days, say_minutes, say_places, state_of
from vecu.agenda.enums import EnrolmentState, GatheringKind, GatheringState, Presence
from vecu.agenda.models import Attendance, Enrolment, Gathering, HalfDay
from vecu.core import vault
from vecu.core.access import Actor, visible
from vecu.people.policy import Can

LAST = 30
SHOWN_DAYS = 3


@dataclass(slots=True)
class OwnGathering:
    """A gathering as somebody sees their own: the next days, and their place in it."""

    pk: UUID
    title: str
    kind: str
    host: str
    place: str
    is_waiting: bool
    is_host: bool
    places: str
    days: list[DayLine] = field(default_factory=list)
    n_more: int = 0


def page(actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """What is to come, what one may join, what was attended: a fixed number of queries."""
    now = now or timezone.now()
    own: Any = visible(Gathering, actor, Can.JOIN_GATHERINGS)
    coming = own.of(actor.person_id).to_come(now).select_related("host")
    open_ones = own.open_to(actor.person_id).to_come(now).select_related("host")
    return {
        "coming": cards(list(coming), actor, now),
        "open_ones": cards(list(open_ones), actor, now),
        **_attended(actor),
    }


def cards(gatherings: list[Gathering], actor: Actor, now: datetime) -> list[OwnGathering]:
    """With the next days of each, in two more queries."""
    if not gatherings:
        return []
    vault.preload(row.host.vault_id for row in gatherings)
    rows: Any = visible(Enrolment, actor, Can.JOIN_GATHERINGS)
    states = dict(rows.standing().filter(gathering__in=gatherings).values_list("gathering_id", "state"))
    made = {row.pk: _card(row, states.get(row.pk, ""), actor) for row in gatherings}
    days: Any = visible(HalfDay, actor, Can.JOIN_GATHERINGS)
    found = days.filter(gathering__in=gatherings, removed_at=None, ends_at__gt=now).select_related("site")
    for half_day in found.order_by("starts_at"):
        card = made[half_day.gathering_id]
        if len(card.days) < SHOWN_DAYS:
            card.days.append(day_line(half_day, now))
        else:
            card.n_more += 1
    return list(made.values())


def _card(row: Gathering, state: str, actor: Actor) -> OwnGathering:
    return OwnGathering(
        pk=row.pk,
        title=row.title,
        kind=str(row.get_kind_display()),
        host=str(row.host.given_name),
        place=str(EnrolmentState(state).label) if state else "",
        is_waiting=state == EnrolmentState.WAITING,
        is_host=row.host_id == actor.person_id,
        places=say_places(row),
    )


def _attended(actor: Actor) -> dict[str, Any]:
    """The last half-days attended, and all of them summed by kind."""
    rows: Any = visible(Attendance, actor, Can.JOIN_GATHERINGS)
    own = rows.filter(person_id=actor.person_id).present()
    minutes: dict[str, int] = {}
    counts: dict[str, int] = {}
    for kind, start, end in own.values_list("half_day__gathering__kind", "half_day__starts_at", "half_day__ends_at"):
        minutes[kind] = minutes.get(kind, 0) + int((end - start).total_seconds()) // 60
        counts[kind] = counts.get(kind, 0) + 1
    last = own.select_related("half_day__gathering", "half_day__site").order_by("-half_day__starts_at")[:LAST]
    return {
        "totals": [
            (str(GatheringKind(kind).label), say_half_days(counts[kind]), say_minutes(minutes[kind]))
            for kind in GatheringKind.values
            if kind in counts
        ],
        "attended": [(row.half_day.gathering.title, day_line(row.half_day), row.signed_at) for row in last],
    }


@dataclass(frozen=True, slots=True)
class OwnDay:
    """One half-day with what is noted of me, and whether I may sign it now."""

    line: DayLine
    label: str
    signed_at: datetime | None
    may_sign: bool
    attended: UUID | None = None  # the attendance, when I was there


def detail(gathering: Gathering, actor: Actor, now: datetime | None = None) -> dict[str, Any]:
    """One's own page of a gathering: every day, one's place in it, what one signed."""
    now = now or timezone.now()
    enrolments: Any = visible(Enrolment, actor, Can.JOIN_GATHERINGS)
    mine = enrolments.filter(gathering=gathering).order_by("-asked_at").first()
    state, tone = state_of(gathering, now)
    is_planned = gathering.state == GatheringState.PLANNED and gathering.ends_at > now
    is_in = mine is not None and mine.state != EnrolmentState.WITHDRAWN
    days = _own_days(gathering, actor, now, is_in and mine.state == EnrolmentState.ENROLLED)
    ahead = [day for day in days if not day.line.is_past or day.may_sign]
    return {
        "gathering": gathering,
        "host_name": str(gathering.host.given_name),
        "state": state,
        "tone": tone,
        "places": say_places(gathering),
        "enrolment": mine,
        "is_host": gathering.host_id == actor.person_id,
        "is_waiting": is_in and mine.state == EnrolmentState.WAITING,
        "may_withdraw": is_planned and is_in,
        "may_join": is_planned and gathering.is_open and not is_in and gathering.host_id != actor.person_id,
        "days": ahead,
        "past_days": [day for day in days if day not in ahead][::-1],
        "is_over": not ahead,
        "may_claim": actor.may(Can.CLAIM_EXPENSES),
    }


def _own_days(gathering: Gathering, actor: Actor, now: datetime, has_place: bool) -> list[OwnDay]:
    days: Any = visible(HalfDay, actor, Can.JOIN_GATHERINGS)
    found = days.filter(gathering=gathering, removed_at=None).select_related("site").order_by("starts_at")
    rows = visible(Attendance, actor, Can.JOIN_GATHERINGS).filter(half_day__gathering=gathering)
    noted = {row.half_day_id: row for row in rows.filter(person_id=actor.person_id)}
    is_on = gathering.state != GatheringState.CANCELLED
    made = []
    for half_day in found:
        row = noted.get(half_day.pk)
        is_time = half_day.starts_at - EARLY <= now <= half_day.ends_at + OWN_DELAY
        is_signable = row is None or (row.signed_at is None and row.presence == Presence.PRESENT)
        made.append(
            OwnDay(
                day_line(half_day, now),
                str(row.get_presence_display()) if row else "",
                row.signed_at if row else None,
                is_on and has_place and is_time and is_signable,
                row.pk if row and row.presence == Presence.PRESENT else None,
            )
        )
    return made
