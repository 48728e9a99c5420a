"""Leaving with thanks: a letter, an attestation of what was given, and a door kept open."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers.models import Peer
from vecu.people import records
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.people.records import Chapter
from vecu.training.actions import rows
from vecu.training.actions.attestations import CODE_LENGTH, mark_of, new_code, plain_code
from vecu.training.events import EngagementThanked, ReturnAsked
from vecu.training.models import EngagementAttestation

# Trainings have attestations of their own; the dates of the engagement stand at its head.
GIVEN = (Chapter.ACCOMPANIMENT, Chapter.GROUPS)
PAPER_LANGUAGE = "fr"  # offices read it


@transaction.atomic
def thank(peer: Peer, *, actor: Actor, letter: str, now: datetime | None = None) -> EngagementAttestation:
    """The letter in the coordinator's own words, and the attestation: what is counted that day, written once. Said
    again before the person has come back, it replaces both in the same row, and the old code opens nothing any more;
    that they asked to come back stays."""
    require(actor, Can.RECORD_CLEARANCE, peer)
    rows.refuse_stopped(peer.person)
    if peer.ended_on is None or peer.ended_on > timezone.localdate(now or timezone.now()):
        raise Refused("not_left", _("This person is still engaged: end the engagement first."))
    if not letter.strip():
        raise Refused("no_letter", _("Write a few words to thank them."))
    attestation = _row_of(peer)
    attestation.name = rows.full_name(peer.person)
    attestation.letter = letter.strip()
    attestation.content = what_was_given(peer)
    attestation.ended_on = peer.ended_on
    attestation.issued_on = timezone.localdate(now or timezone.now())
    attestation.code = code = new_code()
    attestation.code_mark = mark_of(code)
    rows.checked(attestation)
    attestation.save()
    journal.write(actor, "engagement.thank", attestation, subject=peer.person_id)
    publish(EngagementThanked(attestation.pk, peer.person_id, peer.organisation_id, actor.person_id))
    return attestation


def _row_of(peer: Peer) -> EngagementAttestation:
    """The one of this engagement, held until it is written, or a new one."""
    here, person, since = peer.organisation, peer.person, peer.started_on
    rows_of = EngagementAttestation.objects.select_for_update()
    found = rows_of.filter(organisation=here, person=person, started_on=since).first()
    return found or EngagementAttestation(organisation=here, person=person, started_on=since)


def what_was_given(peer: Peer) -> list[tuple[str, str]]:
    """Kinds of activity and hours, in the language of the paper: counts, and nobody."""
    with translation.override(PAPER_LANGUAGE):
        found = records.of(peer.person, peer.organisation_id)
        return [(record.what, record.detail) for record in found if record.chapter in GIVEN]


@transaction.atomic
def ask_to_return(
    attestation: EngagementAttestation, *, actor: Actor, now: datetime | None = None
) -> EngagementAttestation:
    """The door was kept open: those who coordinate are told, once, and call."""
    require(actor, Can.SEE_OWN_DATA, attestation)
    if attestation.person_id != actor.person_id:
        raise Refused("not_yours", _("Only the person themselves asks to come back."))
    peer = Peer.objects.filter(person=attestation.person_id, organisation=attestation.organisation_id).first()
    if peer is None or peer.ended_on is None:
        raise Refused("is_back", _("You are engaged here already."))
    if attestation.return_asked_on is not None:
        return attestation
    attestation.return_asked_on = timezone.localdate(now or timezone.now())
    attestation.save(update_fields=["return_asked_on", "updated_at"])
    journal.write(actor, "engagement.return", attestation, subject=actor.person_id)
    publish(ReturnAsked(peer.pk, peer.person_id, peer.organisation_id))
    return attestation


def find_engagement(typed: str) -> EngagementAttestation | None:
    """The one this code opens, asked by anyone."""
    code = plain_code(typed)
    if len(code) != CODE_LENGTH:
        return None
    found = EngagementAttestation.objects.filter(code_mark=mark_of(code), person__erased_at=None)
    return found.select_related("person", "organisation").first()


@transaction.atomic
def move_engagements(from_person_id: UUID, into: Person) -> None:
    """Two files are one person: sealed again under the key of the other file; an engagement both have is kept once."""
    known = set(EngagementAttestation.objects.filter(person=into).values_list("organisation_id", "started_on"))
    for row in EngagementAttestation.objects.filter(person=from_person_id).select_related("person"):
        if (row.organisation_id, row.started_on) in known:
            continue
        name, letter, content, code = str(row.name), str(row.letter), row.content, str(row.code)
        row.person = into
        row.name, row.letter, row.content, row.code = name, letter, content, code
        row.save()


def erase_engagements(person_id: UUID) -> None:
    """Nothing of it stays: its code opens nothing any more."""
    EngagementAttestation.objects.filter(person=person_id).delete()
