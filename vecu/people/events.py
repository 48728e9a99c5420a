"""What happens to people."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ConsentWithdrawn:
    person_id: UUID
    organisation_id: UUID
    purpose: str


@dataclass(frozen=True)
class PersonStopped:
    """Everything about this person stops: no message, reminder, invitation or proposal leaves any more."""

    person_id: UUID
    organisation_id: UUID
    reason: str
    actor_person_id: UUID | None
