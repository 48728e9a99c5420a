"""The points a coordinator makes with both people, and the clocks of a pair."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.enums import FollowUpKind, FollowUpOutcome, PairState
from vecu.accompaniment.events import ChangeAsked
from vecu.accompaniment.models import FollowUp, Pair, SupportRequest
from vecu.accompaniment.workflows.pairs import PAIR
from vecu.core import journal
from vecu.core.access import require
from vecu.core.dates import add_months
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor, system
from vecu.people.policy import Can

NOON = time(12)


def schedule(pair: Pair) -> None:
    """Points after the first contact, at one month and later on, counted from the opening until someone
    meets."""
    programme = pair.request.programme
    opened = timezone.localdate(pair.opened_at)
    met = opened + timedelta(days=programme.first_contact_days)
    points = [
        (FollowUpKind.AFTER_FIRST, met + timedelta(days=programme.check_days)),
        (FollowUpKind.ONE_MONTH, add_months(opened, 1)),
        *((FollowUpKind.LATER, opened + timedelta(weeks=int(weeks))) for weeks in programme.follow_up_weeks),
    ]
    FollowUp.objects.bulk_create(
        FollowUp(organisation_id=pair.organisation_id, pair=pair, kind=kind, due_on=due_on) for kind, due_on in points
    )


def in_touch(pair: Pair, *, at: datetime, now: datetime) -> None:
    """The two were in touch: the first time starts the pair, the others move its clock."""
    if pair.state == PairState.STARTING:
        first_contact(pair, at=at, now=now)
    else:
        heard_of(pair, at=at)


def first_contact(pair: Pair, *, at: datetime, now: datetime) -> None:
    """The two have met: the pair is under way, the promised delay is measured, the points move with the real
    day."""
    programme = pair.request.programme
    moment = min(max(at, pair.opened_at), now)
    PAIR.apply(
        pair,
        "meet",
        actor=system(pair.organisation_id),
        first_contact_at=moment,
        last_contact_at=moment,
        silent_from=moment + timedelta(days=programme.silence_days),
    )
    SupportRequest.objects.filter(pk=pair.request_id, first_contact_at=None).update(
        first_contact_at=moment, updated_at=now
    )
    met = timezone.localdate(moment)
    for kind, due_on in (
        (FollowUpKind.AFTER_FIRST, met + timedelta(days=programme.check_days)),
        (FollowUpKind.ONE_MONTH, add_months(met, 1)),
    ):
        pair.follow_ups.filter(kind=kind, done_at=None, cancelled_at=None).update(due_on=due_on, updated_at=now)


def heard_of(pair: Pair, *, at: datetime) -> None:
    """Something happened between the two: silence is counted from there. Never moves backwards."""
    if pair.last_contact_at is not None and pair.last_contact_at >= at:
        return
    pair.last_contact_at = at
    pair.silent_from = at + timedelta(days=pair.request.programme.silence_days)
    pair.save(update_fields=["last_contact_at", "silent_from", "updated_at"])


@transaction.atomic
def record(follow_up: FollowUp, *, actor: Actor, outcome: str, now: datetime | None = None) -> FollowUp:
    """Say how it goes, once. Not reached: another try in a week, so that nobody is forgotten. A change is needed: it
    waits on the first screen as if the person had asked for it, until another peer is looked for."""
    require(actor, Can.FOLLOW_PAIR, follow_up)
    if outcome not in FollowUpOutcome.values:
        raise Refused("no_outcome", _("Say how it goes."))
    moment = now or timezone.now()
    waiting = FollowUp.objects.filter(pk=follow_up.pk, done_at=None, cancelled_at=None)
    if not waiting.update(done_at=moment, done_by_id=actor.person_id, outcome=outcome, updated_at=moment):
        raise Refused("already_done", _("This point was already made, or is no longer needed."))
    follow_up.done_at, follow_up.outcome = moment, outcome
    journal.write(actor, "follow_up.record", follow_up, subject=follow_up.pair.beneficiary_id)
    if outcome == FollowUpOutcome.NOT_REACHED:
        _again(follow_up, timezone.localdate(moment))
    if outcome == FollowUpOutcome.CHANGE:
        note_change(follow_up.pair, actor=actor, now=moment)
    if follow_up.kind == FollowUpKind.SILENCE and outcome != FollowUpOutcome.NOT_REACHED:
        _listen_again(follow_up.pair, moment)
    return follow_up


@transaction.atomic
def note_change(pair: Pair, *, actor: Actor, now: datetime) -> bool:
    """Another peer is to be looked for, once for each exchange under way; whether it was not known already."""
    unknown = Pair.objects.active().filter(pk=pair.pk, change_asked_at=None)
    if not unknown.update(change_asked_at=now, updated_at=now):
        return False
    pair.change_asked_at = now
    journal.write(actor, "pair.ask_change", pair)
    publish(ChangeAsked(pair.pk, pair.organisation_id, actor.person_id))
    return True


@transaction.atomic
def look_at_silent(now: datetime) -> int:
    """No news for a while: a point for the coordinator, once per silence. Never a message to the person."""
    count = 0
    for pair in Pair.objects.silent(now).order_by("silent_from", "pk"):
        standing = pair.follow_ups.filter(kind=FollowUpKind.SILENCE, done_at=None, cancelled_at=None)
        if not standing.exists():
            due_on = timezone.localdate(now)
            FollowUp.objects.create(
                organisation_id=pair.organisation_id, pair=pair, kind=FollowUpKind.SILENCE, due_on=due_on
            )
            count += 1
    return count


def cancel(pair: Pair, now: datetime) -> None:
    """What was still to do about a pair is no longer to be done."""
    pair.follow_ups.filter(done_at=None, cancelled_at=None).update(cancelled_at=now, updated_at=now)


def with_the_peer(pair: Pair, on: date) -> FollowUp:
    """After a death: a human sits with the peer, today. Survives everything that stops."""
    return FollowUp.objects.create(
        organisation_id=pair.organisation_id, pair=pair, kind=FollowUpKind.BEREAVEMENT, due_on=on
    )


def with_the_person(pair: Pair, on: date) -> FollowUp:
    """The peer has died, stopped or been erased: a human tells the person, today, before anyone else is proposed."""
    return FollowUp.objects.create(
        organisation_id=pair.organisation_id, pair=pair, kind=FollowUpKind.TELL_PERSON, due_on=on
    )


def spare_the_person(person_id: UUID, organisation_id: UUID | None, now: datetime) -> None:
    """Nobody is to call this person any more, in one organisation or (when none is said) in all."""
    points = FollowUp.objects.filter(pair__beneficiary_id=person_id, kind=FollowUpKind.TELL_PERSON)
    if organisation_id is not None:
        points = points.filter(organisation_id=organisation_id)
    points.filter(done_at=None, cancelled_at=None).update(cancelled_at=now, updated_at=now)


def at_noon(day: date, now: datetime) -> datetime:
    """The moment of something known by its day only: noon, or now when it is today and still the morning."""
    return min(timezone.make_aware(datetime.combine(day, NOON)), now)


def _again(follow_up: FollowUp, today: date) -> None:
    if follow_up.kind in FollowUpKind.after_the_end() or follow_up.pair.closed_at is None:
        FollowUp.objects.create(
            organisation_id=follow_up.organisation_id,
            pair_id=follow_up.pair_id,
            kind=follow_up.kind,
            due_on=today + timedelta(days=7),
        )


def _listen_again(pair: Pair, moment: datetime) -> None:
    """The coordinator has taken news: silence is counted again from today."""
    Pair.objects.active().filter(pk=pair.pk).update(
        silent_from=moment + timedelta(days=pair.request.programme.silence_days), updated_at=moment
    )
