"""What the pages of an alert show: whom to ring, and where the sealed contact stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from vecu.core import mail, vault
from vecu.core.access import visible
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.safeguarding.actions import alerts, sealed
from vecu.safeguarding.enums import AlertState, Danger, OpeningState
from vecu.safeguarding.models import Alert, CrisisPath, DutyShift, SealedContact, SealedOpening


def around(alert: Alert, actor: Actor, now: datetime) -> dict[str, Any]:
    """All that the page of an alert says besides the alert itself."""
    return {
        "sealed": sealed_state(alert, actor, now),
        "clocks": alert.clocks.prefetch_related("told"),
        "reviews": alert.reviews.select_related("person", "done_by"),
        "ring": whom_to_ring(alert, now),
        "is_mail_held_up": mail.is_held_up(now),
        "others": visible(Alert, actor).standing().about(alert.subject_id).exclude(pk=alert.pk),
        "is_mine": alert.owner_id == actor.person_id,
        "now": now,
    }


@dataclass(frozen=True)
class Ring:
    """One line of « qui appeler »: who, as what, and their number. A human dials it."""

    name: str
    why: str
    phone: str


def whom_to_ring(alert: Alert, moment: datetime) -> list[Ring]:
    """The circles of the escalation, in order, each person once; the duty line before a person's own number."""
    lines: dict[object, Ring] = {}
    here = alerts.still_here(alert.organisation_id, moment)
    for person, why, phone in _people(alert, moment):
        if person.pk in here and person.pk != alert.subject_id and person.pk not in lines:
            vault.preload([person.vault_id])
            lines[person.pk] = Ring(person.given_name, why, phone or person.phone)
    return list(lines.values())


def _people(alert: Alert, moment: datetime) -> Iterator[tuple[Person, str, str]]:
    shifts = DutyShift.objects.filter(organisation_id=alert.organisation_id).at(moment).select_related("person")
    path = CrisisPath.objects.filter(organisation_id=alert.organisation_id).approved().first()
    for shift in sorted(shifts, key=lambda shift: shift.rank):
        why = _("on duty, first") if shift.rank == 1 else _("on duty, second")
        yield shift.person, why, shift.phone or (path.phone if path and shift.rank == 1 else "")
    if path is not None:
        yield path.referent, _("psychologist or doctor"), ""
        yield path.head, _("head of the programme"), ""
    for person in alerts.coordinators(alert.organisation_id):
        yield person, _("coordination"), ""


@dataclass(frozen=True)
class SealedState:
    """`can_ask`: immediate danger is ticked and something is sealed. `asked`: one opening waits for a second person."""

    exists: bool
    can_ask: bool
    asked: SealedOpening | None
    is_asked_by_me: bool
    readable: SealedOpening | None
    openings: list[SealedOpening]


def sealed_state(alert: Alert, actor: Actor, now: datetime) -> SealedState:
    """Only that something is sealed, and what became of each opening: nothing of what it says."""
    exists = alert.subject_id is not None and SealedContact.objects.filter(person_id=alert.subject_id).exists()
    found = visible(SealedOpening, actor).filter(alert=alert).select_related("asked_by", "second", "alert")
    openings = list(found)
    vault.preload(person.vault_id for row in openings for person in (row.asked_by, row.second) if person)
    asked = next((row for row in openings if row.state == OpeningState.ASKED), None)
    stands = alert.state != AlertState.CLOSED and alert.danger == Danger.YES
    return SealedState(
        exists=exists,
        can_ask=exists and stands and asked is None,
        asked=asked,
        is_asked_by_me=asked is not None and asked.asked_by_id == actor.person_id,
        readable=next((row for row in openings if sealed.is_readable(row, actor=actor, now=now)), None),
        openings=openings,
    )
