"""Places: given while there are some, waited for when there are none, given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import guests
from vecu.agenda.actions import rows
from vecu.agenda.enums import EnrolmentState, GatheringState
from vecu.agenda.events import Enrolled, EnrolmentWithdrawn, PlaceFreed
from vecu.agenda.models import Attendance, CalendarFeed, Enrolment, Gathering
from vecu.agenda.workflows import ENROLMENT
from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.people.actor import Actor, system
from vecu.people.models import Membership, Person
from vecu.people.policy import Can

# Who says for whom places are kept: told once, when the application is wired.
KEPT_FOR: list[Callable[[UUID, UUID], bool]] = []


def keep_for(is_for: Callable[[UUID, UUID], bool]) -> None:
    """From now on this says, of a gathering and a person, whether one of the places kept there is theirs."""
    KEPT_FOR.append(is_for)


@transaction.atomic
def enrol(
    gathering: Gathering, person: Person, *, actor: Actor, load_reason: str = "", now: datetime | None = None
) -> Enrolment:
    """A place, or a turn on the waiting list when it is full: the returned `state` says which. Whoever some places are
    kept for takes one of those, whoever enrols them.

    By whoever runs gatherings, who says why (`load_reason`) above what somebody accepts; by oneself where it is open.
    """
    _require_enrolling(gathering, person, actor)
    now = now or timezone.now()
    # Asked first: who keeps places holds its own row, then the gathering, in that order.
    is_theirs = any(is_for(gathering.pk, person.pk) for is_for in KEPT_FOR)
    held = rows.locked(gathering)
    rows.refuse_not_planned(held)
    _refuse_person(held, person)
    above = guests.pass_load(held, person, actor, load_reason)
    if takes_kept := is_theirs and held.kept > 0:
        held.kept -= 1
    is_waiting = held.is_full
    enrolment = Enrolment(
        organisation_id=held.organisation_id,
        gathering=held,
        person=person,
        state=EnrolmentState.WAITING if is_waiting else EnrolmentState.ENROLLED,
        asked_at=now,
        enrolled_at=None if is_waiting else now,
        load_reason=above,
    )
    rows.checked(enrolment)
    enrolment.save(force_insert=True)
    if not is_waiting:
        _count(held, held.taken + 1)
    gathering.taken, gathering.kept = held.taken, held.kept
    journal.write(actor, "enrolment.wait" if is_waiting else "enrolment.add", enrolment, subject=person)
    publish(Enrolled(enrolment.pk, held.pk, held.organisation_id, person.pk, is_waiting, actor.person_id, takes_kept))
    return enrolment


@transaction.atomic
def withdraw(enrolment: Enrolment, *, actor: Actor, now: datetime | None = None) -> Enrolment:
    """« Je ne peux pas venir »: by the person, or by whoever runs it. No reason is asked; the first who waits gets the
    place."""
    own = enrolment.person_id == actor.person_id
    require(actor, Can.JOIN_GATHERINGS if own else Can.RUN_GATHERINGS, enrolment)
    now = now or timezone.now()
    held = rows.locked(enrolment.gathering)
    rows.refuse_not_planned(held)
    enrolment.refresh_from_db()
    had_place = enrolment.state == EnrolmentState.ENROLLED
    ENROLMENT.apply(enrolment, "withdraw", actor=actor, withdrawn_at=now)
    publish(
        EnrolmentWithdrawn(
            enrolment.pk, held.pk, held.organisation_id, enrolment.person_id, held.host_id, actor.person_id
        )
    )
    if had_place:
        _count(held, held.taken - 1)
        give_free_places(held, actor=system(held.organisation_id), now=now)
    return enrolment


@transaction.atomic
def keep_places(gathering: Gathering, count: int, *, actor: Actor, now: datetime | None = None) -> Gathering:
    """Keep so many places more for people to come, or (below zero) let some go: the first who wait get them."""
    require(actor, Can.RUN_GATHERINGS, gathering)
    held = rows.locked(gathering)
    rows.refuse_not_planned(held)
    held.kept = max(0, held.kept + count)
    if held.places is not None and held.taken + held.kept > held.places:
        raise Refused("too_few_places", _("Not so many places are free here. Keep fewer, or choose another group."))
    _count(held, held.taken)
    gathering.kept = held.kept
    journal.write(actor, "gathering.keep", held, reason=str(count))
    if count < 0:
        give_free_places(held, actor=system(held.organisation_id), now=now)
    return gathering


def give_free_places(gathering: Gathering, *, actor: Actor, now: datetime | None = None) -> None:
    """While there is a place and someone waits, the first who waits gets it. The gathering is held by the caller."""
    now = now or timezone.now()
    waiting = Enrolment.objects.waiting().filter(gathering=gathering, person__stopped_at=None, person__erased_at=None)
    for enrolment in waiting:
        if gathering.is_full:
            return
        ENROLMENT.apply(enrolment, "promote", actor=actor, enrolled_at=now)
        _count(gathering, gathering.taken + 1)
        publish(PlaceFreed(enrolment.pk, gathering.pk, gathering.organisation_id, enrolment.person_id))


@transaction.atomic
def withdraw_everywhere(
    person_id: UUID, *, actor: Actor, organisation_id: UUID | None = None, now: datetime | None = None
) -> int:
    """They take part in nothing to come any more, here or everywhere; their places go to those who wait. Returns how
    many places and turns."""
    now = now or timezone.now()
    held = Enrolment.objects.standing().filter(
        person=person_id, gathering__state=GatheringState.PLANNED, gathering__ends_at__gt=now
    )
    if organisation_id is not None:
        held = held.filter(organisation=organisation_id)
    found = list(held.select_related("gathering").order_by("gathering_id"))
    for enrolment in found:
        withdraw(enrolment, actor=system(enrolment.organisation_id), now=now)
    return len(found)


@transaction.atomic
def move_enrolments(from_person_id: UUID, to_person_id: UUID) -> dict[UUID, UUID]:
    """Two files are one person: places, presence and what they host follow into the other file. What both have is
    kept once: a half-day is never counted twice. Returns which line of presence gave way to which."""
    Gathering.objects.filter(host=from_person_id).update(host=to_person_id)
    into = Person.objects.get(pk=to_person_id)
    for enrolment in Enrolment.objects.filter(person=from_person_id).select_related("gathering", "person"):
        is_double = enrolment.state != EnrolmentState.WITHDRAWN and (
            Enrolment.objects.standing().filter(gathering=enrolment.gathering_id, person=to_person_id).exists()
        )
        if is_double:
            _give_up_double(enrolment)
        # Sealed again, under the key of the file it goes to.
        why = str(enrolment.load_reason)
        enrolment.person, enrolment.load_reason = into, why
        enrolment.save(update_fields=["person", "load_reason", "updated_at"])
    known = dict(Attendance.objects.filter(person=to_person_id).values_list("half_day_id", "pk"))
    doubles = Attendance.objects.filter(person=from_person_id, half_day__in=list(known))
    replaced = {pk: known[half_day_id] for pk, half_day_id in doubles.values_list("pk", "half_day_id")}
    doubles.delete()
    for attendance in Attendance.objects.filter(person=from_person_id).select_related("person"):
        # Sealed again, under the key of the file it goes to.
        signature = str(attendance.signature)
        attendance.person = into
        attendance.signature = signature
        attendance.save()
    CalendarFeed.objects.filter(person=from_person_id).delete()
    return replaced


def _give_up_double(enrolment: Enrolment) -> None:
    held = rows.locked(enrolment.gathering)
    had_place = enrolment.state == EnrolmentState.ENROLLED
    ENROLMENT.apply(enrolment, "withdraw", actor=system(enrolment.organisation_id), withdrawn_at=timezone.now())
    if had_place:
        _count(held, held.taken - 1)
        give_free_places(held, actor=system(held.organisation_id))


def _require_enrolling(gathering: Gathering, person: Person, actor: Actor) -> None:
    if person.pk == actor.person_id and actor.scope(Can.RUN_GATHERINGS) < Scope.ORGANISATION:
        require(actor, Can.JOIN_GATHERINGS, gathering)
        if not gathering.is_open:
            raise Denied("join a gathering that is not open")
        return
    require(actor, Can.RUN_GATHERINGS, gathering)


def _refuse_person(gathering: Gathering, person: Person) -> None:
    """Someone of the organisation, about whom nothing is stopped, not there yet, before it is over."""
    if person.is_stopped or person.erased_at is not None:
        raise Refused("stopped", _("Everything is stopped about this person. Resume first, if it is right to."))
    if not Membership.objects.current().filter(person=person, organisation=gathering.organisation_id).exists():
        raise Refused("not_here", _("This person has no role in your organisation. Invite them first."))
    if person.pk == gathering.host_id:
        raise Refused("is_host", _("They lead this gathering: they need no place."))
    if Enrolment.objects.standing().filter(gathering=gathering, person=person).exists():
        raise Refused("already_enrolled", _("This person is already on the list."))


def _count(gathering: Gathering, taken: int) -> None:
    gathering.taken = taken
    gathering.save(update_fields=["taken", "kept", "updated_at"])
