"""What training gives a patient partner: the proof that they are trained, and its end when it no longer holds.

Whether someone may act is computed by `peers.readiness` from these proofs, so that it changes at once.
"""

from __future__ import annotations

from datetime import date

from vecu.peers.actions import clearances
from vecu.peers.enums import ClearanceKind
from vecu.peers.models import Clearance, Peer
from vecu.people.actor import system
from vecu.training.enums import EquivalenceState, Qualification
from vecu.training.models import Attestation, Course, Equivalence


def give(proof: Attestation | Equivalence, *, is_proof: bool) -> None:
    """If its holder is a patient partner here and this is the training asked of them, they have it from that day."""
    peer = Peer.objects.engaged().filter(person=proof.person_id, organisation=proof.organisation_id).first()
    if peer is None or not is_proof:
        return
    day, end = _days(proof)
    same = Clearance.objects.filter(peer=peer, kind=ClearanceKind.TRAINING, obtained_on=day, expires_on=end).first()
    proof.clearance = same or clearances.record_clearance(
        peer, actor=system(proof.organisation_id), kind=ClearanceKind.TRAINING, obtained_on=day, expires_on=end
    )
    proof.save(update_fields=["clearance", "updated_at"])


def take_back(proof: Attestation | Equivalence) -> None:
    """What it gave goes with it, unless something else still proves the same."""
    clearance = proof.clearance
    if clearance is None:
        return
    proof.clearance = None
    proof.save(update_fields=["clearance", "updated_at"])
    clearances.remove_clearance(clearance, actor=system(proof.organisation_id))


def give_all(peer: Peer) -> None:
    """Someone trained before becoming a patient partner here: what they already hold counts."""
    held = Attestation.objects.in_force().filter(person=peer.person_id, organisation=peer.organisation_id)
    for attestation in held.filter(clearance=None).select_related("course"):
        give(attestation, is_proof=attestation.course.is_proof)
    accepted = Equivalence.objects.filter(person=peer.person_id, organisation=peer.organisation_id, clearance=None)
    for equivalence in accepted.filter(state=EquivalenceState.ACCEPTED):
        give(equivalence, is_proof=is_asked_here(equivalence))


def is_asked_here(equivalence: Equivalence) -> bool:
    """A course here gives the same qualification as the training asked of patient partners; being one is always it."""
    if equivalence.qualification == Qualification.PEER:
        return True
    courses = Course.objects.current().filter(organisation=equivalence.organisation_id, is_proof=True)
    return courses.filter(qualification=equivalence.qualification).exists()


def _days(proof: Attestation | Equivalence) -> tuple[date, date | None]:
    if isinstance(proof, Attestation):
        return proof.completed_on, proof.expires_on
    return proof.obtained_on, None
