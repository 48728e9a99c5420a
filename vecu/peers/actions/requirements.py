"""What an organisation asks before somebody acts: per profile, which proofs, and for how long each holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.dates import add_months
from vecu.core.errors import Refused
from vecu.peers.actions import groups
from vecu.peers.enums import ENTERED, ClearanceKind, Profile, Unit
from vecu.peers.models import Peer, Requirement
from vecu.people.actor import Actor, system
from vecu.people.models import Organisation
from vecu.people.policy import Can

LONGEST = 120  # months
USUAL_MONTHS = 12
MOST_ASKED = 200


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of one profile for one kind of proof."""

    kind: str
    is_asked: bool = True
    valid_months: int | None = None
    amount: int | None = None
    unit: str = ""

    @classmethod
    def of(cls, row: Requirement) -> Rule:
        return cls(row.kind, row.is_asked, row.valid_months, row.amount, row.unit)

    @property
    def is_of_presence(self) -> bool:
        """Counted from the agenda: so many sessions or hours, in so many months."""
        return self.kind == ClearanceKind.SUPERVISION

    @property
    def unit_label(self) -> str:
        return str(Unit(self.unit).label) if self.unit else ""

    @property
    def label(self) -> str:
        return str(ClearanceKind(self.kind).label)


@transaction.atomic
def set_requirements(
    organisation: Organisation, profile: str, rules: Iterable[Rule], *, actor: Actor
) -> list[Requirement]:
    """Replace what is asked of a profile. It holds at once: whoever was ready may no longer be, and the reverse.
    Proofs already written keep the last day they were given; presence in groups is counted anew."""
    require(actor, Can.MANAGE_ORGANISATION, organisation)
    wanted = {rule.kind: rule for rule in rules}
    if profile not in Profile.values or not set(wanted) <= set(ClearanceKind.values):
        raise Refused("unknown", _("This is not something that can be asked. Choose from the list."))
    if any(rule.valid_months is not None and not 0 < rule.valid_months <= LONGEST for rule in wanted.values()):
        raise Refused("months", _("Give a number of months from 1 to %(most)s, or nothing.") % {"most": LONGEST})
    _refuse_no_amount(wanted.get(ClearanceKind.SUPERVISION))
    asked = [
        Requirement.objects.update_or_create(
            organisation=organisation,
            profile=profile,
            kind=kind,
            defaults=_written(rule),
        )[0]
        for kind, rule in wanted.items()
    ]
    journal.write(actor, "requirement.set", organisation, reason=profile)
    if ClearanceKind.SUPERVISION in wanted:
        groups.count_sessions(organisation.pk, actor=system(organisation.pk))
    return asked


def rules_of(organisation: Organisation, profile: str) -> list[Rule]:
    """Every kind of proof, as it is asked of this profile here."""
    held = {row.kind: row for row in Requirement.objects.filter(organisation=organisation, profile=profile)}
    return [
        Rule.of(held[kind]) if kind in held else Rule(kind, is_asked=kind in ENTERED) for kind in ClearanceKind.values
    ]


def last_day(peer: Peer, kind: str, obtained_on: date) -> date | None:
    """When a proof given without an end ceases to count: the shortest time asked of what this peer is ready to do."""
    asked = Requirement.objects.filter(
        organisation=peer.organisation_id, profile__in=peer.profiles, kind=kind, is_asked=True
    )
    months = [found for found in asked.values_list("valid_months", flat=True) if found]
    return add_months(obtained_on, min(months)) if months else None


def _written(rule: Rule) -> dict[str, object]:
    """What is kept of a rule; how much is asked of presence only."""
    if not (rule.is_of_presence and rule.is_asked):
        return {"is_asked": rule.is_asked, "valid_months": rule.valid_months, "amount": None, "unit": ""}
    months = rule.valid_months or USUAL_MONTHS
    return {"is_asked": True, "valid_months": months, "amount": rule.amount, "unit": rule.unit}


def _refuse_no_amount(rule: Rule | None) -> None:
    if rule is None or not rule.is_asked:
        return
    if not rule.amount or not 0 < rule.amount <= MOST_ASKED or rule.unit not in Unit.values:
        raise Refused("amount", _("Say how many sessions or hours, from 1 to %(most)s.") % {"most": MOST_ASKED})
