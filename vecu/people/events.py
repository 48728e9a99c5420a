"""What happens to people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ConsentGiven:
    """Someone agreed to the words in force, or signed them."""

    consent_id: UUID
    person_id: UUID
    organisation_id: UUID
    purpose: str
    given_at: datetime


@dataclass(frozen=True)
class ConsentWithdrawn:
    person_id: UUID
    organisation_id: UUID
    purpose: str
    withdrawn_at: datetime


@dataclass(frozen=True)
class RecoveryRefused:
    """The owner of an account says that they asked for nothing, while someone said they had met them."""

    person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class FilesJoined:
    """Two files were the same person: what is in the first goes to the second, then nothing is left of the first."""

    from_person_id: UUID
    to_person_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class PersonStopped:
    """Everything about this person stops: no message, reminder, invitation or proposal leaves any more."""

    person_id: UUID
    organisation_id: UUID
    reason: str
    actor_person_id: UUID | None
    stopped_at: datetime


@dataclass(frozen=True)
class MemberSuspended:
    """This person may no longer exchange in this organisation; elsewhere nothing changes."""

    person_id: UUID
    organisation_id: UUID
    suspended_at: datetime


@dataclass(frozen=True)
class ManyFilesOpened:
    """One person opened the files of more people today than a usual day asks for."""

    reader_id: UUID
    organisation_id: UUID
    people: int
