"""A named human proposes a request to a peer; the peer says yes or no; nobody waits for a silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import adapter, reasons
from vecu.accompaniment.actions import pairs
from vecu.accompaniment.enums import ChoiceReason, ProposalState
from vecu.accompaniment.events import PeerProposed, ProposalAnswered
from vecu.accompaniment.models import Pair, Proposal, SupportRequest
from vecu.accompaniment.workflows.pairs import PROPOSAL
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers import actions as peer_actions
from vecu.peers.enums import LoadKind
from vecu.peers.models import Peer
from vecu.people.actor import Actor, system
from vecu.people.policy import Can
from vecu.safeguarding.gate import pairing_gate


@transaction.atomic
def propose(
    request: SupportRequest,
    peer: Peer,
    *,
    actor: Actor,
    choice_reason: str = "",
    load_reason: str = "",
    now: datetime | None = None,
) -> Proposal:
    """Ask a peer about a request, without an identity. Only a named human proposes, and says why when the
    peer is not the first suggested. The peer's place is taken at once, so that the last one is never given
    twice."""
    for row in (request, peer):
        require(actor, Can.PROPOSE_PEER, row)
    moment = now or timezone.now()
    _refuse_people(request, peer, actor)
    _refuse_closed_gate(request)
    looked = adapter.look_at(request, moment)
    explanation, rank = _found(looked, peer)
    reason = _choice(rank, choice_reason)
    # First the request, then the place: the second of two coordinators stops here, whichever she clicked.
    REQUEST.apply(request, "propose", actor=actor)
    proposal = Proposal(
        organisation_id=request.organisation_id,
        request=request,
        peer=peer,
        rank=rank,
        choice_reason=reason,
        reasons=adapter.kept(explanation),
        load_reason=peer_actions.pass_load(peer, actor=actor, kind=LoadKind.PAIR, reason=load_reason),
        limits_version=peer_actions.version_in_force(peer),
        proposed_by_id=actor.person_id,
        asked_at=moment,
        answer_by=moment + timedelta(hours=request.programme.answer_hours),
    )
    peer_actions.take_place(peer.pk)
    proposal.save(force_insert=True)
    journal.write(actor, "proposal.make", proposal, subject=request.person_id, reason=reason)
    publish(PeerProposed(proposal.pk, proposal.organisation_id, peer.person_id))
    return proposal


@transaction.atomic
def accept(proposal: Proposal, *, actor: Actor, now: datetime | None = None) -> Pair:
    """The peer says yes: the pair opens in the same transaction, each under a pseudonym."""
    require(actor, Can.ANSWER_PROPOSAL, proposal)
    moment = now or timezone.now()
    PROPOSAL.apply(proposal, "accept", actor=actor, answered_at=moment)
    pair = pairs.open_pair(proposal, actor=actor, now=moment)
    publish(ProposalAnswered(proposal.pk, proposal.organisation_id, ProposalState.ACCEPTED))
    return pair


@transaction.atomic
def decline(proposal: Proposal, *, actor: Actor, now: datetime | None = None) -> None:
    """The peer says no, in one gesture and without a reason: the next one is offered to the coordinator at
    once."""
    require(actor, Can.ANSWER_PROPOSAL, proposal)
    _end(proposal, "decline", actor, now or timezone.now())


@transaction.atomic
def withdraw(proposal: Proposal, *, actor: Actor, now: datetime | None = None) -> None:
    """The coordinator takes a proposal back while the peer has not answered."""
    require(actor, Can.PROPOSE_PEER, proposal)
    _end(proposal, "withdraw", actor, now or timezone.now())


def expire_overdue(now: datetime) -> int:
    """Nobody waits for a silence: what was not answered in time goes back to the coordinator, each on its
    own."""
    count = 0
    for proposal in Proposal.objects.overdue(now).select_related("request", "peer").order_by("answer_by", "pk"):
        try:
            with transaction.atomic():
                _end(proposal, "expire", system(proposal.organisation_id), now)
                count += 1
        except Refused:  # answered in this very minute
            continue
    return count


@transaction.atomic
def withdraw_from_peer(peer: Peer, *, actor: Actor, now: datetime | None = None) -> int:
    """A peer pauses or stops: what they were asked is taken back, so that those who wait are looked at
    again."""
    asked = held(Proposal.objects.filter(peer=peer))
    for proposal in asked:
        _end(proposal, "withdraw", actor, now or timezone.now())
    return len(asked)


def held(proposals: QuerySet[Proposal]) -> list[Proposal]:
    """Those of them still asked, which nobody else can answer until the end of this transaction: one answered in that
    very second is no longer among them, and refuses nothing of what stops."""
    asked = proposals.filter(state=ProposalState.ASKED).select_related("request", "peer").order_by("asked_at", "pk")
    return list(asked.select_for_update(of=("self",)))


def _end(proposal: Proposal, move: str, actor: Actor, moment: datetime) -> None:
    """Any end but a yes: the place is free again and the request is to match."""
    PROPOSAL.apply(proposal, move, actor=actor, answered_at=moment)
    peer_actions.free_place(proposal.peer_id)
    REQUEST.apply(proposal.request, "release", actor=actor)
    publish(ProposalAnswered(proposal.pk, proposal.organisation_id, proposal.state))


def _refuse_people(request: SupportRequest, peer: Peer, actor: Actor) -> None:
    if actor.person_id is None:
        raise Refused("human_needed", _("A named person chooses the peer: Vécu never does it alone."))
    if request.person_id is None:
        raise Refused("no_person", _("Record who the person is, and their agreement, before proposing."))
    if peer.organisation_id != request.organisation_id:
        raise Refused("elsewhere", _("This peer belongs to another organisation."))
    if actor.person_id in (peer.person_id, request.person_id):
        raise Refused("herself", _("You cannot match yourself: ask another coordinator to do it."))
    if request.person is not None and request.person.is_stopped:
        raise Refused("stopped", _("Everything is stopped about this person: nothing may be proposed."))


def _refuse_closed_gate(request: SupportRequest) -> None:
    gate = pairing_gate(request.organisation_id)
    if not gate.is_open:
        missing = " ".join(str(sentence) for sentence in gate.missing)
        raise Refused("gate_closed", _("Meetings cannot open yet. %(missing)s") % {"missing": missing})


def _found(looked: adapter.Look, peer: Peer) -> tuple[adapter.Explanation, int]:
    rank = looked.rank_of(str(peer.pk))
    explanation = looked.explanation(str(peer.pk))
    if rank is None or explanation is None:
        why = reasons.say_blocks(explanation, looked.asked_before) if explanation else []
        sentence = _("This peer cannot be proposed for this request. %(why)s") % {"why": ". ".join(why)}
        raise Refused("not_possible", sentence.strip())
    return explanation, rank


def _choice(rank: int, choice_reason: str) -> str:
    if choice_reason and choice_reason not in ChoiceReason.values:
        raise Refused("unknown_reason", _("Choose one of the reasons of the list."))
    if rank > 1 and not choice_reason:
        raise Refused("reason_needed", _("Say why you choose this peer rather than the first one."))
    return choice_reason if rank > 1 else ""
