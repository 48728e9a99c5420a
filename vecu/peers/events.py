"""What happens to patient partners."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PeerEngaged:
    """Someone is a patient partner here from now on: what they had before counts."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PeerPaused:
    """Nothing is proposed to them any more, until they come back."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None
    paused_at: datetime


@dataclass(frozen=True)
class PeerReturned:
    """Back from a pause: they may be proposed again."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PeerLimitRaised:
    """A coordinator asked someone to follow more people than they had said; the supervisor should know."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    max_pairs: int
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PeerLoadPassed:
    """Somebody carries as much as they accept, or rests, and is asked all the same; the supervisor should know."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class EngagementEnded:
    """They are no longer a patient partner here."""

    peer_id: UUID
    person_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None
    ended_at: datetime
