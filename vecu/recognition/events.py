"""What happens to claims."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ClaimSent:
    """Somebody awaits an answer about their expenses."""

    claim_id: UUID
    person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class ClaimAnswered:
    """Accepted, to mend, paid or cancelled: the person must know."""

    claim_id: UUID
    person_id: UUID
    organisation_id: UUID
    state: str


@dataclass(frozen=True)
class ClaimWithdrawn:
    """Its author takes it back: nobody need look at it."""

    claim_id: UUID
    person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class ClaimInDoubt:
    """The presence it hangs on was corrected after it was sent."""

    claim_id: UUID
    person_id: UUID
    organisation_id: UUID
