"""What happens to missions."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class MissionReceived:
    """A ward, a faculty or a researcher asks for peers."""

    mission_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PeersAsked:
    """These people are asked whether they can."""

    mission_id: UUID
    organisation_id: UUID
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class MissionAnswered:
    """One of them said yes or no."""

    mission_id: UUID
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class MissionEnded:
    """However it ended: everyone who answered is told, and those asked need not answer any more."""

    mission_id: UUID
    organisation_id: UUID
    chosen_person_ids: tuple[UUID, ...]
    thanked_person_ids: tuple[UUID, ...]
    silent_person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class AnswerWithdrawn:
    """They pause, leave or are stopped: nothing is asked of them any more. `was_counted_on`: they had said yes."""

    answer_id: UUID
    mission_id: UUID
    organisation_id: UUID
    person_id: UUID
    asked_by_id: UUID | None
    was_counted_on: bool
