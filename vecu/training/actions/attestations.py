"""Attestations: issued once the hours are there, checked by anyone with the code, renewed, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.models import Enrolment
from vecu.core import dates, journal, vault
from vecu.core.access import require
from vecu.core.crypto import blind_index
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Organisation, Person
from vecu.people.policy import Can
from vecu.training import hours
from vecu.training.actions import proofs, rows
from vecu.training.enums import RevocationReason
from vecu.training.events import AttestationIssued, AttestationRevoked
from vecu.training.models import Attestation, Cohort, Course, CourseModule
from vecu.training.workflows import ATTESTATION

# No letter or figure that is read as another one; sixteen of them cannot be guessed.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH, GROUP = 16, 4
PURPOSE = "training.attestation"


@dataclass
class Issued:
    """What one click gave: attestations, and by person why there is none yet."""

    attestations: list[Attestation] = field(default_factory=list)
    lacking: dict[UUID, hours.Hours] = field(default_factory=dict)


@transaction.atomic
def issue_for_cohort(
    cohort: Cohort, *, actor: Actor, person_ids: Iterable[UUID] | None = None, now: datetime | None = None
) -> Issued:
    """One attestation for each person of the cohort whose hours are all there; clicking again gives none twice. Thirty
    minutes short is short: those people are returned with what is missing, by name."""
    require(actor, Can.ISSUE_ATTESTATION, cohort)
    now = now or timezone.now()
    _hold_numbers(cohort.organisation_id)
    enrolled = Enrolment.objects.enrolled().filter(gathering=cohort.gathering_id).select_related("person")
    if person_ids is not None:
        enrolled = enrolled.filter(person__in=list(person_ids))
    people = [row.person for row in enrolled.order_by("enrolled_at", "pk") if row.person.erased_at is None]
    vault.preload(person.vault_id for person in people)
    counted = hours.of_cohort(cohort, (person.pk for person in people), now)
    have = set(Attestation.objects.standing().filter(cohort=cohort).values_list("person_id", flat=True))
    done = Issued()
    for person in people:
        if person.pk in have:
            continue
        stands = counted[person.pk]
        if not stands.is_complete or stands.last_on is None:
            done.lacking[person.pk] = stands
            continue
        online = stands.online_needed
        written = _write(cohort.course, person, actor, stands.last_on, now, cohort=cohort, online=online)
        done.attestations.append(written)
    return done


@transaction.atomic
def issue_to(cohort: Cohort, person: Person, *, actor: Actor, now: datetime | None = None) -> Attestation:
    """The attestation of one person; refused with what is missing, half-day by half-day."""
    done = issue_for_cohort(cohort, actor=actor, person_ids=[person.pk], now=now)
    if person.pk in done.lacking:
        stands = done.lacking[person.pk]
        raise Refused("hours_missing", f"{stands.words}. {stands.missing_words}".strip())
    if not done.attestations:
        raise Refused("already_issued", _("This person has this attestation already, or has no place here."))
    return done.attestations[0]


@transaction.atomic
def renew(
    attestation: Attestation, *, actor: Actor, completed_on: date | None = None, now: datetime | None = None
) -> Attestation:
    """A new attestation with a new date and number; the old one stays as it was, with its own dates."""
    require(actor, Can.ISSUE_ATTESTATION, attestation)
    now = now or timezone.now()
    _hold_numbers(attestation.organisation_id)
    attestation.refresh_from_db()
    rows.refuse_stopped(attestation.person)
    if attestation.is_revoked:
        raise Refused("revoked", _("This attestation was withdrawn: it is not renewed. Issue a new one."))
    if attestation.renewals.standing().exists():
        raise Refused("already_renewed", _("This attestation was already renewed: renew the newest one."))
    day = rows.past_day(completed_on or timezone.localdate(now), _("Obtained on"))
    if day <= attestation.completed_on:
        raise Refused("not_after", _("The new date must come after the one of the attestation it renews."))
    online = attestation.online_minutes
    return _write(attestation.course, attestation.person, actor, day, now, replaces=attestation, online=online)


@transaction.atomic
def revoke(attestation: Attestation, *, actor: Actor, reason: str, now: datetime | None = None) -> Attestation:
    """It no longer holds, from now on, for whoever checks it; as a patient partner, its holder is not ready at once."""
    require(actor, Can.REVOKE_ATTESTATION, attestation)
    if reason not in RevocationReason.values:
        raise Refused("no_reason", _("Say why it is withdrawn."))
    ATTESTATION.apply(
        attestation, "revoke", actor=actor, reason=reason, revoked_at=now or timezone.now(), revoke_reason=reason
    )
    proofs.take_back(attestation)
    publish(AttestationRevoked(attestation.pk, attestation.person_id, attestation.organisation_id, actor.person_id))
    return attestation


def find_by_code(typed: str) -> Attestation | None:
    """The attestation this code opens; spaces, hyphens and small letters do not matter. Asked by anyone."""
    code = plain_code(typed)
    if len(code) != CODE_LENGTH:
        return None
    found = Attestation.objects.filter(code_mark=mark_of(code), person__erased_at=None)
    return found.select_related("person", "organisation").first()


def plain_code(typed: str) -> str:
    """What counts of a code: O is read as Q and I as J by nobody, so neither exists."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def said_code(code: str) -> str:
    """« 7KQM-2F9C-… », as printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _hold_numbers(organisation_id: UUID) -> None:
    """Numbers are given one after another: two clicks at the same second wait for each other."""
    Organisation.objects.select_for_update().get(pk=organisation_id)


def _write(
    course: Course,
    person: Person,
    actor: Actor,
    day: date,
    now: datetime,
    *,
    cohort: Cohort | None = None,
    replaces: Attestation | None = None,
    online: int = 0,
) -> Attestation:
    code = new_code()
    attestation = Attestation(
        organisation_id=course.organisation_id,
        person=person,
        course=course,
        cohort=cohort,
        number=Attestation.objects.next_number(course.organisation_id),
        name=rows.full_name(person),
        title=course.title,
        organiser=course.organiser,
        qualification=course.qualification,
        minutes=course.minutes,
        online_minutes=online,
        content=list(CourseModule.objects.filter(course=course).values_list("title", "minutes")),
        completed_on=day,
        issued_on=timezone.localdate(now),
        expires_on=dates.add_months(day, course.validity_months) if course.validity_months else None,
        code=code,
        code_mark=mark_of(code),
        replaces=replaces,
        issued_by_id=actor.person_id,
    )
    rows.checked(attestation)
    attestation.save(force_insert=True)
    journal.write(actor, "attestation.renew" if replaces else "attestation.issue", attestation, subject=person)
    proofs.give(attestation, is_proof=course.is_proof)
    publish(AttestationIssued(attestation.pk, person.pk, attestation.organisation_id, actor.person_id))
    return attestation


def new_code() -> str:
    """Drawn at random, for one paper."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))


def mark_of(code: str) -> str:
    """By which a code is looked up; the code itself is sealed."""
    return blind_index(code, PURPOSE)
