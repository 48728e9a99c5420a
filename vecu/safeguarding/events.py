"""What happens in safeguarding."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class AlertOpened:
    alert_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class AlertEscalated:
    """One more circle of people is told; `person_ids` are those to tell now."""

    alert_id: UUID
    organisation_id: UUID
    step: str
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class ReportReceived:
    report_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class ReportRead:
    """Reported lines were opened: both people are told."""

    report_id: UUID
    organisation_id: UUID
    reader_person_id: UUID
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class ReportAnswered:
    report_id: UUID
    organisation_id: UUID
    reporter_person_id: UUID
    outcome: str
    thread_id: UUID


@dataclass(frozen=True)
class TalkAsked:
    talk_id: UUID
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class TalkPromised:
    talk_id: UUID
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class SealedAsked:
    """Someone asks to open a sealed contact: a second person must agree."""

    opening_id: UUID
    alert_id: UUID
    organisation_id: UUID
    asked_by_id: UUID | None
    subject_id: UUID | None


@dataclass(frozen=True)
class SealedOpened:
    """A sealed contact was opened, by two people or by one alone."""

    opening_id: UUID
    alert_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None
    subject_id: UUID
    is_alone: bool


@dataclass(frozen=True)
class SealedTold:
    """The danger is over: the person learns that what they had sealed was opened."""

    opening_id: UUID
    organisation_id: UUID
    person_id: UUID
