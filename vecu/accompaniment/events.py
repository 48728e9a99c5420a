"""What happens in one-to-one support."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class RequestReceived:
    request_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class RequestOpened:
    """Consent is recorded, the request may be matched."""

    request_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class RequestClosed:
    request_id: UUID
    organisation_id: UUID
    closing: str


@dataclass(frozen=True)
class NeedNoted:
    """Nobody was found for somebody: the need waits."""

    need_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class NeedMet:
    """A peer was found after all."""

    need_id: UUID
    organisation_id: UUID
    met_on: date


@dataclass(frozen=True)
class PeerProposed:
    proposal_id: UUID
    organisation_id: UUID
    peer_person_id: UUID


@dataclass(frozen=True)
class ProposalAnswered:
    proposal_id: UUID
    organisation_id: UUID
    state: str


@dataclass(frozen=True)
class PairOpened:
    pair_id: UUID
    organisation_id: UUID
    peer_person_id: UUID
    beneficiary_person_id: UUID


@dataclass(frozen=True)
class ContactLogged:
    contact_id: UUID
    pair_id: UUID
    organisation_id: UUID
    peer_person_id: UUID
    feeling: str
    needs_support: bool
    logged_at: datetime


@dataclass(frozen=True)
class ChangeAsked:
    """The person would like another peer, or a coordinator heard so; no reason is ever asked."""

    pair_id: UUID
    organisation_id: UUID
    actor_person_id: UUID | None


@dataclass(frozen=True)
class PairClosed:
    pair_id: UUID
    organisation_id: UUID
    closing: str
    peer_person_id: UUID
    beneficiary_person_id: UUID
    # Whoever everything was stopped for, when that is why it ends.
    stopped_person_id: UUID | None = None


@dataclass(frozen=True)
class EvaluationAsked:
    evaluation_id: UUID
    organisation_id: UUID
    person_id: UUID


@dataclass(frozen=True)
class CallAsked:
    """One of the two would like to talk on the phone: the coordinator arranges it, no number is given."""

    pair_id: UUID
    organisation_id: UUID


@dataclass(frozen=True)
class CallPlanned:
    pair_id: UUID
    organisation_id: UUID
    peer_person_id: UUID
    beneficiary_person_id: UUID


@dataclass(frozen=True)
class LogReminderDue:
    """The two have been in touch and the peer has not logged it yet."""

    pair_id: UUID
    organisation_id: UUID
    peer_person_id: UUID
