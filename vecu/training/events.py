"""What happens in training."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class AttestationIssued:
    """Someone has an attestation: it is on their page, to keep or to show."""

    attestation_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class AttestationRevoked:
    """An attestation no longer holds, and whoever checks it reads so."""

    attestation_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class EquivalenceAsked:
    """Someone sent a diploma: those who coordinate look at it."""

    equivalence_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class EquivalenceDecided:
    """The diploma was accepted, or not, or is no longer accepted."""

    equivalence_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class ProofEnds:
    """Something someone needs ends soon, or has just ended; for a convention, nobody's in particular. `about` is its
    key; never what it is."""

    about: UUID
    person_id: UUID | None
    organisation_id: UUID
    ends_on: date
    is_over: bool


@dataclass(frozen=True)
class SeatsKept:
    """Seats of a cohort are kept for people looked for: `about` is the key of their recruitment."""

    about: UUID
    organisation_id: UUID
    seats: int


@dataclass(frozen=True)
class EngagementThanked:
    """Someone who left is thanked, with an attestation of what they gave."""

    engagement_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class ReturnAsked:
    """Someone who left would like to come back."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
