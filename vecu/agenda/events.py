"""What happens to gatherings, and to those who take part."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class GatheringPlanned:
    """A gathering has its dates and its host; nobody is enrolled yet."""

    gathering_id: UUID
    organisation_id: UUID
    kind: str
    actor_person_id: UUID | None


@dataclass(frozen=True)
class HalfDayMoved:
    """A half-day is at another moment or place, was added or is taken out: whoever is enrolled must know."""

    half_day_id: UUID
    gathering_id: UUID
    organisation_id: UUID
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class GatheringCancelled:
    """It does not take place; those enrolled and those waiting must know."""

    gathering_id: UUID
    organisation_id: UUID
    person_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class GatheringHeld:
    """Its last half-day is over."""

    gathering_id: UUID
    organisation_id: UUID
    kind: str


@dataclass(frozen=True)
class Enrolled:
    """Someone has a place, or waits for one."""

    enrolment_id: UUID
    gathering_id: UUID
    organisation_id: UUID
    person_id: UUID
    is_waiting: bool
    actor_person_id: UUID | None
    took_kept: bool = False  # one of the places kept for people to come


@dataclass(frozen=True)
class EnrolmentWithdrawn:
    """Someone no longer comes, or no longer waits. Never with a reason."""

    enrolment_id: UUID
    gathering_id: UUID
    organisation_id: UUID
    person_id: UUID
    host_person_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PlaceFreed:
    """The first who waited has the place."""

    enrolment_id: UUID
    gathering_id: UUID
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class PresenceRecorded:
    """Someone was there, or was not, for one half-day; told again when it is corrected or signed."""

    attendance_id: UUID
    half_day_id: UUID
    gathering_id: UUID
    organisation_id: UUID
    person_id: UUID
    presence: str
    actor_person_id: UUID | None


@dataclass(frozen=True)
class GatheringReminderDue:
    """It is tomorrow."""

    gathering_id: UUID
    organisation_id: UUID
    person_ids: tuple[UUID, ...]
    starts_at: datetime
