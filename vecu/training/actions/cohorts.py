"""Cohorts: opening one, who is in it and as what, and their papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import actions as agenda
from vecu.agenda.actions.gatherings import HalfDayGiven
from vecu.agenda.enums import GatheringKind
from vecu.agenda.models import Enrolment
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.peers.enums import PeerKind
from vecu.peers.models import Peer
from vecu.people import actions as people
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.training.actions import reviews, rows
from vecu.training.enums import PAPERS, Standing
from vecu.training.models import (
    Cohort,
    Course,
    Trainee,
    TraineePaper,
)


@transaction.atomic
def open_cohort(
    course: Course,
    *,
    actor: Actor,
    host: Person,
    places: int | None = None,
    half_days: Iterable[HalfDayGiven] = (),
    title: str = "",
) -> Cohort:
    """A cohort of a course on its half-days, each with its own place. Hours are those of the half-days, so that they
    must be enough for the course."""
    require(actor, Can.MANAGE_TRAINING, course)
    if not course.is_current:
        raise Refused("not_given", _("This course is no longer given: choose another one."))
    given = list(half_days)
    gathering = agenda.plan_gathering(
        course.organisation,
        actor=actor,
        kind=GatheringKind.TRAINING,
        title=title or course.title[:100],
        host=host,
        places=places,
        half_days=given,
    )
    cohort = Cohort.objects.create(organisation_id=course.organisation_id, course=course, gathering=gathering)
    reviews.prepare_bag(cohort)
    journal.write(actor, "cohort.open", cohort)
    return cohort


@transaction.atomic
def add_trainee(
    cohort: Cohort, person: Person, *, actor: Actor, standing: str = "", load_reason: str = ""
) -> Enrolment:
    """Someone of the organisation joins: a place, or a turn on the waiting list; whoever came through a recruitment takes
    one of the seats kept for it. Not said, they come as what they are
    here: a patient partner as patient or relative, anyone else as a professional. Above what they accept, a reason is
    asked, as for any gathering."""
    require(actor, Can.MANAGE_TRAINING, cohort)
    if standing and standing not in Standing.values:
        raise Refused("unknown_choice", _("Choose as what this person comes."))
    enrolment = agenda.enrol(cohort.gathering, person, actor=actor, load_reason=load_reason)
    note_enrolled(cohort, person.pk, standing=standing)
    return enrolment


@transaction.atomic
def add_newcomer(
    cohort: Cohort,
    *,
    actor: Actor,
    standing: str,
    given_name: str,
    family_name: str = "",
    email: str = "",
) -> Enrolment:
    """Someone not known here yet, a nurse sent by another hospital for instance: a file, and a place. With an address,
    they sign in and see their own hours and attestation."""
    require(actor, Can.MANAGE_TRAINING, cohort)
    person = people.create_person(
        actor=system(cohort.organisation_id),
        organisation=cohort.organisation,
        role=Role.TRAINEE,
        given_name=given_name,
        family_name=family_name,
        email=email,
        has_account=bool(email.strip()),
        languages=["fr"],
    )
    return add_trainee(cohort, person, actor=actor, standing=standing)


@transaction.atomic
def note_enrolled(cohort: Cohort, person_id: UUID, *, standing: str = "") -> Trainee:
    """Whoever has a place in the gathering is a trainee of the cohort, however they were enrolled."""
    trainee = Trainee.objects.filter(cohort=cohort, person=person_id).first()
    if trainee is None:
        trainee = Trainee(organisation_id=cohort.organisation_id, cohort=cohort, person_id=person_id)
        trainee.standing = standing or _usual_standing(cohort, person_id)
        trainee.save(force_insert=True)
    elif standing and trainee.standing != standing:
        trainee.standing = standing
        trainee.save(update_fields=["standing", "updated_at"])
    return trainee


@transaction.atomic
def change_standing(trainee: Trainee, *, actor: Actor, standing: str) -> Trainee:
    """They come as something else; papers already received stay."""
    require(actor, Can.MANAGE_TRAINING, trainee)
    if standing not in Standing.values:
        raise Refused("unknown_choice", _("Choose as what this person comes."))
    trainee.standing = standing
    trainee.save(update_fields=["standing", "updated_at"])
    journal.write(actor, "trainee.standing", trainee, subject=trainee.person_id)
    return trainee


@transaction.atomic
def receive_papers(trainee: Trainee, kinds: Iterable[str], *, actor: Actor, on: date | None = None) -> list[str]:
    """These papers are here, the others of their kind of trainee are not; returns what is still missing."""
    require(actor, Can.MANAGE_TRAINING, trainee)
    asked = [kind.value for kind in PAPERS[Standing(trainee.standing)]]
    here = set(kinds)
    if not here <= set(asked):
        raise Refused("unknown_choice", _("This paper is not asked of this person."))
    held = TraineePaper.objects.filter(trainee=trainee, kind__in=asked)
    held.exclude(kind__in=here).delete()
    known = set(held.values_list("kind", flat=True))
    day = rows.past_day(on or timezone.localdate(), _("Received on"))
    for kind in sorted(here - known):
        TraineePaper.objects.create(
            organisation_id=trainee.organisation_id, trainee=trainee, kind=kind, received_on=day
        )
    journal.write(actor, "trainee.papers", trainee, subject=trainee.person_id)
    return [kind for kind in asked if kind not in here]


def _usual_standing(cohort: Cohort, person_id: UUID) -> Standing:
    peer = Peer.objects.filter(person=person_id, organisation=cohort.organisation_id).first()
    if peer is None:
        return Standing.PROFESSIONAL
    return Standing.RELATIVE if peer.kind == PeerKind.RELATIVE else Standing.PATIENT
