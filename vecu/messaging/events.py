"""What happens in exchanges."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class MessageSent:
    message_id: UUID
    thread_id: UUID
    organisation_id: UUID
    author_person_id: UUID
    sent_at: datetime


@dataclass(frozen=True)
class MessageReported:
    """A participant reports one line. Safeguarding opens the report; messaging knows nothing of it."""

    message_id: UUID
    thread_id: UUID
    organisation_id: UUID
    reporter_person_id: UUID
    reason: str
    words: str


@dataclass(frozen=True)
class ThreadLeft:
    """One of the two blocked the other or left at once."""

    thread_id: UUID
    organisation_id: UUID
    person_id: UUID
