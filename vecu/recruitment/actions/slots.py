"""Hours offered by those who hold interviews, and their place in the agenda."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.actions import gatherings
from vecu.agenda.enums import GatheringKind
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment.enums import MeetingWay
from vecu.recruitment.models import InterviewSlot

MOST_SLOTS = 20
LONGEST = timedelta(hours=4)
FARTHEST = timedelta(days=365)


@transaction.atomic
def offer_slots(
    *,
    actor: Actor,
    starts_at: datetime,
    minutes: int,
    count: int = 1,
    way: str = MeetingWay.PHONE,
    place: str = "",
    now: datetime | None = None,
) -> list[InterviewSlot]:
    """Offer one hour, or several in a row, as the coordinator or the psychologist one is here."""
    require(actor, Can.HOLD_INTERVIEW)
    now, length = now or timezone.now(), timedelta(minutes=minutes)
    if not 1 <= count <= MOST_SLOTS or not timedelta(minutes=10) <= length <= LONGEST:
        raise Refused("strange_slots", _("Offer 1 to 20 interviews, of ten minutes to four hours each."))
    if not now < starts_at <= now + FARTHEST:
        raise Refused("strange_day", _("Choose a moment to come, within a year."))
    if way == MeetingWay.IN_PERSON and not place.strip():
        raise Refused("no_place", _("Say where to come: the address and the floor."))
    first, last = starts_at, starts_at + count * length
    mine = InterviewSlot.objects.filter(host_id=actor.person_id, starts_at__lt=last, ends_at__gt=first, closed_at=None)
    if mine.exists():
        raise Refused("overlap", _("You already offer an hour at that time."))
    made = [
        InterviewSlot(
            organisation_id=actor.organisation_id,
            host_id=actor.person_id,
            held_as=Role.PSYCHOLOGIST if Role.PSYCHOLOGIST in actor.roles else Role.COORDINATOR,
            starts_at=starts_at + number * length,
            ends_at=starts_at + (number + 1) * length,
            way=way,
            place=" ".join(place.split()),
        )
        for number in range(count)
    ]
    for slot in made:
        slot.save(force_insert=True)
        journal.write(actor, "slot.offer", slot)
    return made


@transaction.atomic
def free_slot(slot: InterviewSlot, now: datetime) -> None:
    """This hour may be chosen again, and leaves the agenda of its host meanwhile."""
    leave_agenda(slot, now)
    slot.application, slot.taken_at, slot.reminded_at = None, None, None
    slot.save(update_fields=["application", "taken_at", "reminded_at", "gathering", "updated_at"])


@transaction.atomic
def enter_in_agenda(slot: InterviewSlot) -> None:
    """The host finds it among what they lead, and in their calendar; its title says nothing of whom."""
    organisation = Organisation.objects.get(pk=slot.organisation_id)
    slot.gathering = gatherings.plan_gathering(
        organisation,
        actor=system(organisation.pk),
        kind=GatheringKind.INTERVIEW,
        title=str(GatheringKind.INTERVIEW.label),
        host=slot.host,
        places=1,
        half_days=[(slot.starts_at, slot.ends_at, None, slot.place)],
    )
    slot.save(update_fields=["gathering", "updated_at"])


@transaction.atomic
def leave_agenda(slot: InterviewSlot, now: datetime) -> None:
    """Given back or taken back: the host is free."""
    if slot.gathering is not None:
        gatherings.cancel_gathering(slot.gathering, actor=system(slot.organisation_id), now=now)
        slot.gathering = None
