"""A diploma accepted in place of a training, with its proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, uploads, vault
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can
from vecu.training.actions import proofs, rows
from vecu.training.enums import EquivalenceState, Qualification
from vecu.training.events import EquivalenceAsked, EquivalenceDecided
from vecu.training.models import Equivalence
from vecu.training.workflows import EQUIVALENCE


@transaction.atomic
def ask_equivalence(
    person: Person,
    *,
    actor: Actor,
    organisation: Organisation,
    qualification: str,
    diploma: str,
    obtained_on: date,
    file: IO[bytes],
    now: datetime | None = None,
) -> Equivalence:
    """A diploma and its proof, sent by its holder or entered by whoever decides. The file is recognised by its
    content and written anew, without what it says of its author; it is sealed under a key of its own."""
    if person.pk == actor.person_id:
        require(actor, Can.ASK_EQUIVALENCE)
    else:
        rows.require_in(actor, Can.DECIDE_EQUIVALENCE, organisation)
    rows.refuse_stopped(person)
    if not Membership.objects.current().filter(person=person, organisation=organisation).exists():
        raise Refused("not_here", _("This person has no role in this organisation."))
    _refuse_vague(qualification, diploma)
    rows.past_day(obtained_on, _("Obtained on"))
    equivalence = Equivalence(
        organisation=organisation,
        person=person,
        vault=vault.new_key("training.equivalence"),
        qualification=qualification,
        diploma=diploma.strip(),
        obtained_on=obtained_on,
        proof=uploads.rewrite(file),
        asked_at=now or timezone.now(),
    )
    _refuse_second(equivalence)
    rows.checked(equivalence)
    equivalence.save(force_insert=True)
    journal.write(actor, "equivalence.ask", equivalence, subject=person)
    publish(EquivalenceAsked(equivalence.pk, person.pk, organisation.pk, actor.person_id))
    return equivalence


@transaction.atomic
def read_proof(equivalence: Equivalence, *, actor: Actor) -> bytes:
    """The file, for its owner or for whoever decides; the owner sees who opened it."""
    is_own = equivalence.person_id == actor.person_id
    require(actor, Can.ASK_EQUIVALENCE if is_own else Can.DECIDE_EQUIVALENCE, equivalence)
    if not is_own:
        journal.read(actor, "equivalence.read", equivalence, subject=equivalence.person_id)
    return bytes(equivalence.proof)


@transaction.atomic
def decide(
    equivalence: Equivalence, move: str, *, actor: Actor, answer: str = "", now: datetime | None = None
) -> Equivalence:
    """`accept`, `refuse`, or `revoke` what was accepted: what it gave is given or taken back at once. Saying no asks
    for a sentence, which the person reads."""
    require(actor, Can.DECIDE_EQUIVALENCE, equivalence)
    if equivalence.person_id == actor.person_id:
        raise Refused("own", _("Somebody else decides about your own diploma."))
    if move != "accept" and not answer.strip():
        raise Refused("no_answer", _("Write one sentence for the person: they will read it."))
    EQUIVALENCE.apply(
        equivalence,
        move,
        actor=actor,
        decided_at=now or timezone.now(),
        decided_by_id=actor.person_id,
        answer=answer.strip(),
    )
    if equivalence.state == EquivalenceState.ACCEPTED:
        proofs.give(equivalence, is_proof=proofs.is_asked_here(equivalence))
    else:
        proofs.take_back(equivalence)
    publish(EquivalenceDecided(equivalence.pk, equivalence.person_id, equivalence.organisation_id, actor.person_id))
    return equivalence


def _refuse_vague(qualification: str, diploma: str) -> None:
    if qualification not in Qualification.values or qualification == Qualification.NONE:
        raise Refused("unknown_choice", _("Say in place of which training."))
    if not diploma.strip():
        raise Refused("no_diploma", _("Say which diploma or training it is."))


def _refuse_second(equivalence: Equivalence) -> None:
    """Before anything heavy is kept: one diploma at a time for the same training."""
    standing = Equivalence.objects.filter(
        organisation=equivalence.organisation_id,
        person=equivalence.person_id,
        qualification=equivalence.qualification,
        state__in=(EquivalenceState.ASKED, EquivalenceState.ACCEPTED),
    )
    if standing.exists():
        raise Refused(
            "already_sent", _("A diploma was already sent for this: it is being looked at, or it was accepted.")
        )
