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
