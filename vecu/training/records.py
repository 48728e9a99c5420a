"""The attestations somebody holds, with the code by which each is checked, and diplomas accepted here."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _

from vecu.core import moments
from vecu.people.models import Person
from vecu.people.records import Chapter, Record, register
from vecu.training.actions.attestations import said_code
from vecu.training.enums import EquivalenceState
from vecu.training.hours import say_minutes
from vecu.training.models import Attestation, Equivalence


@register
def trainings(person: Person, organisation_id: UUID | None) -> list[Record]:
    held = Attestation.objects.standing().filter(person=person).select_related("person").order_by("completed_on")
    sent = Equivalence.objects.filter(person=person, state=EquivalenceState.ACCEPTED).defer("proof")
    if organisation_id is not None:
        held, sent = held.filter(organisation=organisation_id), sent.filter(organisation=organisation_id)
    return [*map(_attestation, held), *map(_diploma, sent.order_by("obtained_on"))]


def _attestation(row: Attestation) -> Record:
    told = {"hours": say_minutes(row.minutes), "who": row.organiser, "day": moments.say_date(row.completed_on)}
    number = {"n": row.number, "code": said_code(str(row.code))}
    return Record(
        Chapter.TRAINING,
        f"attestation-{row.pk}",
        row.title,
        _("%(hours)s, %(who)s, obtained on %(day)s") % told,
        _("Attestation no. %(n)s, code %(code)s") % number,
    )


def _diploma(row: Equivalence) -> Record:
    words = _("obtained on %(day)s, accepted on %(seen)s") % {
        "day": moments.say_date(row.obtained_on),
        "seen": moments.say_date(row.decided_at.date()) if row.decided_at else "",
    }
    return Record(Chapter.TRAINING, f"diploma-{row.pk}", str(row.diploma), words)
