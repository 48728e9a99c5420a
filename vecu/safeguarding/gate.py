"""May pairing be open? Only with someone on duty, hours in which they answer, and a written crisis path."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift


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
    if not DutyHours.objects.filter(organisation_id=organisation_id).exists():
        missing.append(_("Write the hours in which someone answers."))
    shifts = DutyShift.objects.filter(organisation_id=organisation_id, ends_at__gt=timezone.now())
    if not shifts.exclude(confirmed_at=None).exists():
        missing.append(_("Name someone on duty, and have them say yes."))
    if not CrisisPath.objects.filter(organisation_id=organisation_id).approved().exists():
        missing.append(_("Write and approve what to do in a crisis."))
    return PairingGate(tuple(missing))
