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
from vecu.peers.enums import ClearanceKind, Profile
from vecu.peers.models import Peer, Requirement
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can

LONGEST = 120  # months


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked of one profile for one kind of proof."""

    kind: str
    is_asked: bool = True
    valid_months: int | None = None

    @property
    def label(self) -> str:
        return str(ClearanceKind(self.kind).label)


@transaction.atomic
def set_requirements(
    organisation: Organisation, profile: str, rules: Iterable[Rule], *, actor: Actor
) -> list[Requirement]:
    """Replace what is asked of a profile. It holds at once: whoever was ready may no longer be, and the reverse.
    Proofs already written keep the last day they were given."""
    require(actor, Can.MANAGE_ORGANISATION, organisation)
    wanted = {rule.kind: rule for rule in rules}
    if profile not in Profile.values or not set(wanted) <= set(ClearanceKind.values):
        raise Refused("unknown", _("This is not something that can be asked. Choose from the list."))
    if any(rule.valid_months is not None and not 0 < rule.valid_months <= LONGEST for rule in wanted.values()):
        raise Refused("months", _("Give a number of months from 1 to %(most)s, or nothing.") % {"most": LONGEST})
    asked = [
        Requirement.objects.update_or_create(
            organisation=organisation,
            profile=profile,
            kind=kind,
            defaults={"is_asked": rule.is_asked, "valid_months": rule.valid_months},
        )[0]
        for kind, rule in wanted.items()
    ]
    journal.write(actor, "requirement.set", organisation, reason=profile)
    return asked


def rules_of(organisation: Organisation, profile: str) -> list[Rule]:
    """Every kind of proof, as it is asked of this profile here."""
    held = {row.kind: row for row in Requirement.objects.filter(organisation=organisation, profile=profile)}
    return [
        Rule(kind, held[kind].is_asked, held[kind].valid_months) if kind in held else Rule(kind)
        for kind in ClearanceKind.values
    ]


def last_day(peer: Peer, kind: str, obtained_on: date) -> date | None:
    """When a proof given without an end ceases to count: the shortest time asked of what this peer is ready to do."""
    asked = Requirement.objects.filter(
        organisation=peer.organisation_id, profile__in=peer.profiles, kind=kind, is_asked=True
    )
    months = [found for found in asked.values_list("valid_months", flat=True) if found]
    return add_months(obtained_on, min(months)) if months else None
