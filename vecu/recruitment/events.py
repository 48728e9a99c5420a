"""What happens to applications."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class ApplicationReceived:
    """Someone would like to help: an answer is owed by a day."""

    application_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class ApplicationAccepted:
    """Retained, and told so: their file opens, and they are ready nowhere before training and charter."""

    application_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class ApplicationWithdrawn:
    """The person stops here, by themselves."""

    application_id: UUID
    organisation_id: UUID
    host_person_id: UUID | None


@dataclass(frozen=True)
class DecisionToConfirm:
    """One person decided, where two are asked: those who may confirm are told."""

    application_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None
    met_by: tuple[UUID, ...]


@dataclass(frozen=True)
class DecisionConfirmed:
    """The second person agrees: the letter may be written."""

    application_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class InterviewBooked:
    """An applicant took a slot, or moved to this one."""

    application_id: UUID
    organisation_id: UUID
    slot_id: UUID
    host_person_id: UUID


@dataclass(frozen=True)
class InterviewFreed:
    """An applicant gave a slot back."""

    organisation_id: UUID
    slot_id: UUID
    host_person_id: UUID


@dataclass(frozen=True)
class InterviewRecorded:
    """Met, with an outcome: whoever decides may go on."""

    application_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class CampaignOpened:
    """People are looked for: the needs behind it are counted, and seats of a training are asked for."""

    campaign_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class CampaignClosed:
    """Nobody else is looked for: seats nobody took are free again."""

    campaign_id: UUID
    organisation_id: UUID
