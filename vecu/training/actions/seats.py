"""Seats of a cohort kept for people who are still looked for."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringState
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers.models import RecruitedFor
from vecu.people.actor import Actor, system
from vecu.people.policy import Can
from vecu.training.events import SeatsKept
from vecu.training.models import Cohort, KeptSeats

MOST_SEATS = 50


@transaction.atomic
def ask_seats(*, actor: Actor, organisation_id: UUID, about: UUID, number: int, seats: int) -> KeptSeats:
    """People are looked for and will need a training: whoever runs it is shown so, and chooses the cohort."""
    require(actor, Can.MANAGE_TRAINING)
    row, _made = KeptSeats.objects.get_or_create(
        about=about, defaults={"organisation_id": organisation_id, "number": number, "asked": min(seats, MOST_SEATS)}
    )
    journal.write(actor, "seats.ask", row)
    return row


@transaction.atomic
def keep_seats(row: KeptSeats, cohort: Cohort, *, actor: Actor, seats: int) -> KeptSeats:
    """Keep so many seats of this cohort; those kept in another one before are free again."""
    require(actor, Can.MANAGE_TRAINING, row)
    row = KeptSeats.objects.select_for_update(of=("self",)).select_related("cohort__gathering").get(pk=row.pk)
    if row.released_at is not None:
        raise Refused("released", _("This recruitment is closed: no seat is kept for it any more."))
    if not 1 <= seats <= MOST_SEATS:
        raise Refused("strange_seats", _("Keep 1 to %(most)s seats.") % {"most": MOST_SEATS})
    if cohort.organisation_id != row.organisation_id or cohort.gathering.state != GatheringState.PLANNED:
        raise Refused("not_to_come", _("Choose a group still to come."))
    _let_go(row, actor)
    agenda.keep_places(cohort.gathering, seats, actor=actor)
    row.cohort, row.kept = cohort, row.used + seats
    row.save(update_fields=["cohort", "kept", "updated_at"])
    journal.write(actor, "seats.keep", row)
    publish(SeatsKept(row.about, row.organisation_id, seats))
    return row


@transaction.atomic
def release_seats(about: UUID, *, actor: Actor) -> None:
    """Nobody else is looked for: seats nobody took go to those who wait."""
    row = KeptSeats.objects.select_for_update().filter(about=about, released_at=None).first()
    if row is None:
        return
    _let_go(row, actor)
    row.kept, row.released_at = row.used, timezone.now()
    row.save(update_fields=["kept", "released_at", "updated_at"])
    journal.write(actor, "seats.release", row)


def has_seat(gathering_id: UUID, person_id: UUID) -> bool:
    """Whether a seat of this group waits for this person: they came through the recruitment it is kept for."""
    return _seats_for(gathering_id, person_id) is not None


@transaction.atomic
def use_seat(gathering_id: UUID, person_id: UUID) -> None:
    """Whoever it was kept for has it, enrolled by somebody or by themselves."""
    row = _seats_for(gathering_id, person_id)
    if row is not None:
        row.used += 1
        row.save(update_fields=["used", "updated_at"])


def _seats_for(gathering_id: UUID, person_id: UUID) -> KeptSeats | None:
    came_by = RecruitedFor.objects.filter(peer__person=person_id).values("about")
    held = KeptSeats.objects.select_for_update(of=("self",)).filter(cohort__gathering=gathering_id, about__in=came_by)
    return next((row for row in held.order_by("number") if row.left), None)


def _let_go(row: KeptSeats, actor: Actor) -> None:
    if row.cohort is not None and row.left and row.cohort.gathering.state == GatheringState.PLANNED:
        agenda.keep_places(row.cohort.gathering, -row.left, actor=system(row.organisation_id))
