"""What follows training: who has a place is a trainee, who is trained is ready, and everyone concerned is told."""

from __future__ import annotations

from vecu.agenda import actions as gatherings
from vecu.agenda import events as agenda
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.peers import events as peers
from vecu.peers.models import Peer
from vecu.people import events as people
from vecu.people.enums import Role
from vecu.recruitment.actions import campaigns
from vecu.training import actions
from vecu.training import events as training
from vecu.training.actions import proofs, seats
from vecu.training.models import Cohort
from vecu.wiring.telling import holders, tell

OWN_PAGE = "own_training"


def note_trainee(event: agenda.Enrolled) -> None:
    cohort = Cohort.objects.filter(gathering=event.gathering_id).first()
    if cohort is not None:
        actions.note_enrolled(cohort, event.person_id)
    if event.took_kept:
        seats.use_seat(event.gathering_id, event.person_id)


def count_what_they_had(event: peers.PeerEngaged) -> None:
    proofs.give_all(Peer.objects.get(pk=event.peer_id))


def join_training(event: people.FilesJoined) -> None:
    actions.move_training(event.from_person_id, event.to_person_id)


def tell_of_attestation(event: training.AttestationIssued) -> None:
    kind = NoticeKind.ATTESTATION
    tell([event.person_id], kind, event.organisation_id, "own_attestation", event.attestation_id)


def tell_of_revocation(event: training.AttestationRevoked) -> None:
    notices.put_away(event.attestation_id, NoticeKind.ATTESTATION, NoticeKind.PROOF_ENDS, NoticeKind.PROOF_OVER)
    tell([event.person_id], NoticeKind.ATTESTATION_OVER, event.organisation_id, "own_attestation", event.attestation_id)


def tell_coordinators(event: training.EquivalenceAsked) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.actor_person_id)
    tell(staff, NoticeKind.EQUIVALENCE, event.organisation_id, "equivalence_detail", event.equivalence_id)


def tell_of_answer(event: training.EquivalenceDecided) -> None:
    notices.put_away(event.equivalence_id, NoticeKind.EQUIVALENCE)
    person = [event.person_id]
    tell(person, NoticeKind.EQUIVALENCE_ANSWERED, event.organisation_id, OWN_PAGE, about=event.equivalence_id)


def tell_of_end(event: training.ProofEnds) -> None:
    """To whom it belongs, in words that say nothing of what it is; of a convention, to those who coordinate, who have
    the list of all the rest on their first screen."""
    if event.person_id is None:
        staff = holders(event.organisation_id, Role.COORDINATOR)
        # One word for all that end: an import may bring two hundred with the same last day.
        tell(staff, NoticeKind.AGREEMENT_ENDS, event.organisation_id, "expiry_list", about=event.organisation_id)
        return
    kind = NoticeKind.PROOF_OVER if event.is_over else NoticeKind.PROOF_ENDS
    tell([event.person_id], kind, event.organisation_id, OWN_PAGE, about=event.about)


def count_seats(event: training.SeatsKept) -> None:
    """The page of the recruitment says so."""
    campaigns.count_seats(event.about, event.seats)


def tell_of_thanks(event: training.EngagementThanked) -> None:
    tell([event.person_id], NoticeKind.THANKED, event.organisation_id, "own_engagement", event.engagement_id)


def tell_of_return(event: training.ReturnAsked) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR)
    tell(staff, NoticeKind.PEER_RETURN, event.organisation_id, "peer_detail", event.peer_id)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    gatherings.keep_for(seats.has_seat)
    wire(agenda.Enrolled, now=[note_trainee])
    wire(peers.PeerEngaged, now=[count_what_they_had])
    wire(people.FilesJoined, now=[join_training])
    wire(training.AttestationIssued, now=[tell_of_attestation])
    wire(training.AttestationRevoked, now=[tell_of_revocation])
    wire(training.EquivalenceAsked, now=[tell_coordinators])
    wire(training.EquivalenceDecided, now=[tell_of_answer])
    wire(training.ProofEnds, now=[tell_of_end])
    wire(training.SeatsKept, now=[count_seats])
    wire(training.EngagementThanked, now=[tell_of_thanks])
    wire(training.ReturnAsked, now=[tell_of_return])
