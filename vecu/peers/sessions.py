"""Presence in supervision and practice groups, as an organisation asks it: so many sessions, or hours, in so many months.

Gatherings are kept elsewhere: whoever keeps them registers how they are read (`read_with`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from uuid import UUID

from vecu.core.dates import add_months
from vecu.peers.enums import Unit
from vecu.peers.models import Peer, Requirement

MINUTES = 60
Period = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Session:
    """The groups somebody was in on one day: a whole day is one session."""

    on: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Asked:
    """How much presence is asked of someone."""

    amount: int
    unit: str
    months: int


Reader = Callable[[UUID, Iterable[UUID]], dict[UUID, list[Session]]]
_READERS: list[Reader] = []


def read_with(reader: Reader) -> None:
    """Where sessions are read: given an organisation and people, those of each. Said once, when the site starts."""
    if reader not in _READERS:
        _READERS.append(reader)


def attended(organisation_id: UUID, person_ids: Iterable[UUID]) -> dict[UUID, list[Session]]:
    """The sessions of each of these people here, the oldest first, one a day."""
    ids, days = list(person_ids), dict[UUID, dict[date, int]]()
    for reader in _READERS:
        for person_id, found in reader(organisation_id, ids).items():
            held = days.setdefault(person_id, {})
            for one in found:
                held[one.on] = held.get(one.on, 0) + one.minutes
    return {person_id: [Session(*day) for day in sorted(held.items())] for person_id, held in days.items()}


def asked_of(peer: Peer, rules: Iterable[Requirement]) -> list[Asked]:
    """All that is asked of what this peer is ready to do: one in a month and ten in a year say different things."""
    given = [row for row in rules if row.organisation_id == peer.organisation_id]
    own = [row for row in given if row.profile in peer.profiles] or given
    return list(dict.fromkeys(Asked(row.amount or 0, row.unit, row.valid_months or 0) for row in own))


def periods_of_all(sessions: list[Session], asked: Iterable[Asked]) -> list[Period]:
    """From which day to which it was enough for every one of them; none where nothing is asked."""
    given = [periods(sessions, one) for one in asked]
    return reduce(_common, given) if given else []


def periods(sessions: list[Session], asked: Asked) -> list[Period]:
    """From which day to which it was enough, days that touch joined: each ends when its oldest session is too old."""
    found: list[Period] = []
    for last, session in enumerate(sessions):
        first = _oldest_needed(sessions[: last + 1], asked)
        if first is None:
            continue
        start, end = session.on, add_months(sessions[first].on, asked.months) - timedelta(days=1)
        if end < start:
            continue
        if found and start <= found[-1][1] + timedelta(days=1):
            start, end = found[-1][0], max(end, found[-1][1])
            found.pop()
        found.append((start, end))
    return found


def count(sessions: list[Session], asked: Asked, today: date) -> int:
    """How many sessions, or whole hours, in the months that count."""
    since = add_months(today, -asked.months)
    recent = [one for one in sessions if since < one.on <= today]
    return len(recent) if asked.unit == Unit.SESSIONS else sum(one.minutes for one in recent) // MINUTES


def _oldest_needed(sessions: list[Session], asked: Asked) -> int | None:
    """The place of the newest session from which on there were enough, None if there never were."""
    needed = asked.amount if asked.unit == Unit.SESSIONS else asked.amount * MINUTES
    for place in range(len(sessions) - 1, -1, -1):
        needed -= 1 if asked.unit == Unit.SESSIONS else sessions[place].minutes
        if needed <= 0:
            return place
    return None


def _common(some: list[Period], others: list[Period]) -> list[Period]:
    """The days that are in both, the oldest first."""
    met = [(max(one[0], other[0]), min(one[1], other[1])) for one in some for other in others]
    return sorted(period for period in met if period[0] <= period[1])
