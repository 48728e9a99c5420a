"""May pairing be open? Only with someone on duty, hours in which they answer, and a written crisis path."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import DateField, DateTimeField, UUIDField
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vecu.core.prepared import Asked, Prepared
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift

# Asked on every page of first contact: written once.
HERE = Asked("organisation_id", UUIDField())
HOURS = Prepared(lambda: DutyHours.objects.filter(organisation_id=HERE).values_list("pk")[:1])
SHIFTS = Prepared(
    lambda: (
        DutyShift.objects.confirmed(Asked("today", DateField()))
        .filter(organisation_id=HERE, ends_at__gt=Asked("now", DateTimeField()))
        .values_list("pk")[:1]
    )
)
PATHS = Prepared(lambda: CrisisPath.objects.filter(organisation_id=HERE).approved().values_list("pk")[:1])


@dataclass(frozen=True)
class PairingGate:
    """`missing` says, in the reader's language, what to put in order; empty means pairing may open."""

    missing: tuple[str | Promise, ...]

    @property
    def is_open(self) -> bool:
        return not self.missing


def pairing_gate(organisation_id: UUID) -> PairingGate:
    """The three conditions of row 5.5, looked at now: a confirmed duty contact to come or present, hours, a path."""
    missing: list[str | Promise] = []
    if not HOURS.rows(organisation_id=organisation_id):
        missing.append(_("Write the hours in which someone answers."))
    if not SHIFTS.rows(organisation_id=organisation_id, now=timezone.now(), today=timezone.localdate()):
        missing.append(_("Name someone on duty, and have them say yes."))
    if not PATHS.rows(organisation_id=organisation_id):
        missing.append(_("Write and approve what to do in a crisis."))
    return PairingGate(tuple(missing))
