"""Hours, as activities tell them; as what somebody was there; what they add themselves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recognition.actions import rows
from vecu.recognition.enums import SETTLED, ClaimState, Status
from vecu.recognition.events import ClaimInDoubt
from vecu.recognition.models import Activity, Claim

LONGEST_ADDED = 12 * 60
LONGEST = 24 * 60
DEAREST_HOUR = 500_00


@transaction.atomic
def note_activity(
    *,
    organisation_id: UUID,
    person_id: UUID,
    kind: str,
    source_id: UUID,
    happened_on: date,
    minutes: int,
    is_held: bool = True,
) -> Activity | None:
    """What an activity says of somebody's time. Said again, it corrects the one line there is; somebody who was not
    there after all keeps the line, which counts for nothing, and whoever decides about its expenses is told."""
    activity = Activity.objects.select_for_update().filter(source_id=source_id, person=person_id).first()
    if activity is None:
        if not is_held:
            return None
        activity = Activity(organisation_id=organisation_id, person_id=person_id, source_id=source_id)
    was_held = activity.is_held
    activity.kind, activity.happened_on, activity.is_held = kind, happened_on, is_held
    activity.minutes = max(0, min(minutes, LONGEST))
    activity.save()
    if was_held and not is_held:
        _doubt(activity)
    return activity


def _doubt(activity: Activity) -> None:
    """Drafts and what was sent back say it by themselves; what waits, or is in the accounts, needs a human."""
    watched = Claim.objects.filter(activity=activity, state__in=(ClaimState.SENT, ClaimState.APPROVED, *SETTLED))
    for claim in watched.exclude(state=ClaimState.CANCELLED):
        publish(ClaimInDoubt(claim.pk, claim.person_id, claim.organisation_id))


@transaction.atomic
def declare_time(activity: Activity, *, actor: Actor, preparation: int, travel: int) -> Activity:
    """Minutes of preparation and of travel, by the person themselves: only they know."""
    require(actor, Can.CLAIM_EXPENSES, activity)
    rows.require_own(actor, activity.person_id)
    for minutes in (preparation, travel):
        if not 0 <= minutes <= LONGEST_ADDED:
            raise Refused("strange_length", _("Write a length between nothing and twelve hours."))
    activity.preparation_minutes, activity.travel_minutes = preparation, travel
    activity.save(update_fields=["preparation_minutes", "travel_minutes", "updated_at"])
    journal.write(actor, "activity.declare", activity, subject=activity.person_id)
    return activity


@transaction.atomic
def set_status(
    activity: Activity, *, actor: Actor, status: str, payer: str = "", hourly_cents: int | None = None
) -> Activity:
    """Volunteer, paid for the session, or employee: said of this activity only. A paid session says who pays it and how
    much an hour. What was already left as a gift was a volunteer's."""
    require(actor, Can.DECIDE_CLAIM, activity)
    rows.refuse_own(actor, activity.person_id)
    if status not in Status.values:
        raise Refused("unknown_choice", _("Choose one of the answers of the list."))
    is_paid = status == Status.PAID_SESSION
    if is_paid and (not payer.strip() or not hourly_cents):
        raise Refused("no_price", _("Say who pays this session, and how much an hour."))
    if is_paid and not 0 < (hourly_cents or 0) <= DEAREST_HOUR:
        raise Refused("strange_price", _("Check the price: it is between nothing and 500 euros an hour."))
    if status != Status.VOLUNTEER and _is_gift(activity):
        raise Refused(
            "gift", _("Its expenses were left as a gift, which only a volunteer can do. Cancel the gift first.")
        )
    activity.status, activity.payer = status, payer.strip() if is_paid else ""
    activity.hourly_cents = hourly_cents if is_paid else None
    rows.checked(activity)
    activity.save(update_fields=["status", "payer", "hourly_cents", "updated_at"])
    journal.write(actor, "activity.set_status", activity, subject=activity.person_id)
    return activity


def _is_gift(activity: Activity) -> bool:
    kept = Claim.objects.filter(activity=activity, is_gift=True)
    return kept.filter(state__in=(ClaimState.SENT, ClaimState.GIVEN)).exists()


@transaction.atomic
def move_activities(from_person_id: UUID, to_person_id: UUID, replaced: Mapping[UUID, UUID] | None = None) -> None:
    """Two files are one person: hours and claims follow into the other file; what both have is kept once. `replaced`
    says which source gave way to which: the same half-day, noted under both names."""
    given_way = replaced or {}
    Claim.objects.filter(person=from_person_id).update(person=to_person_id)
    known = {row.source_id: row for row in Activity.objects.filter(person=to_person_id)}
    for activity in Activity.objects.filter(person=from_person_id):
        same = known.get(given_way.get(activity.source_id, activity.source_id))
        if same is not None or activity.source_id in given_way:
            _give_way(activity, same)
            continue
        activity.person_id = to_person_id
        activity.save(update_fields=["person", "updated_at"])


def _give_way(activity: Activity, same: Activity | None) -> None:
    """A line that another one counts already: its claim goes to that one. Where both were claimed, or the one that is
    kept says absent, the money is in doubt: the line stays, counted for nothing, and whoever decides is told."""
    standing = Claim.objects.standing()
    if same is not None and not standing.filter(activity=same).exists():
        Claim.objects.filter(activity=activity).update(activity=same)
        if not same.is_held:
            _doubt(same)
    elif (claim := standing.filter(activity=activity).first()) is not None:
        # Of a source that is no more: nothing will speak of this line again, and its key is nobody else's.
        activity.person_id, activity.source_id, activity.is_held = claim.person_id, activity.pk, False
        activity.save(update_fields=["person", "source_id", "is_held", "updated_at"])
        _doubt(activity)
        return
    activity.delete()
