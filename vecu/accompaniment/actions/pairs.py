"""Two people are put in touch: the exchange opens, its clocks start, and it may be a call that is
arranged."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import follow_ups
from vecu.accompaniment.enums import PairState
from vecu.accompaniment.events import CallAsked, CallPlanned, PairOpened
from vecu.accompaniment.models import Pair, Proposal
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.messaging import actions as messaging_actions
from vecu.messaging.models import Message
from vecu.peers import actions as peer_actions
from vecu.people.actor import Actor
from vecu.people.policy import Can


def open_pair(proposal: Proposal, *, actor: Actor, now: datetime) -> Pair:
    """Open the exchange an accepted proposal asks for: thread, clocks and follow-ups. Called by `accept`
    only."""
    request, peer = proposal.request, proposal.peer
    if request.person is None or request.person.is_stopped:
        raise Refused("stopped", _("This request has ended meanwhile. Thank you for having said yes."))
    REQUEST.apply(request, "pair", actor=actor)
    thread = messaging_actions.open_thread(request.organisation, people=[peer.person, request.person], actor=actor)
    pair = Pair.objects.create(
        organisation_id=request.organisation_id,
        request=request,
        proposal=proposal,
        peer=peer,
        beneficiary=request.person,
        thread=thread,
        decided_by_id=proposal.proposed_by_id,
        opened_at=now,
        first_contact_by=now + timedelta(days=request.programme.first_contact_days),
    )
    peer_actions.note_pair(peer.pk, now=now)
    follow_ups.schedule(pair)
    journal.write(actor, "pair.open", pair, subject=request.person_id)
    publish(PairOpened(pair.pk, pair.organisation_id, peer.person_id, request.person_id))
    return pair


@transaction.atomic
def ask_for_call(pair: Pair, *, actor: Actor, now: datetime | None = None) -> None:
    """One of the two would like to talk: the coordinator puts them through, and no number changes hands."""
    require(actor, Can.SEE_PAIRS, pair)
    if actor.person_id not in (pair.beneficiary_id, pair.peer.person_id):
        raise Refused("not_one_of_the_two", _("Only one of the two may ask for a call."))
    asked = Pair.objects.active().filter(pk=pair.pk, call_asked_at=None)
    moment = now or timezone.now()
    if not asked.update(call_asked_at=moment, updated_at=moment):
        raise Refused("already_asked", _("The call is already asked for: the coordinator will arrange it."))
    pair.call_asked_at = moment
    journal.write(actor, "pair.ask_call", pair)
    publish(CallAsked(pair.pk, pair.organisation_id))


@transaction.atomic
def plan_call(pair: Pair, *, actor: Actor, call_at: datetime, now: datetime | None = None) -> None:
    """The coordinator writes when the call takes place; both see it. The coordinator rings both and joins
    them."""
    require(actor, Can.FOLLOW_PAIR, pair)
    moment = now or timezone.now()
    if call_at <= moment:
        raise Refused("in_the_past", _("Choose a moment to come for the call."))
    planned = Pair.objects.active().filter(pk=pair.pk)
    if not planned.update(call_planned_at=call_at, call_asked_at=None, updated_at=moment):
        raise Refused("closed", _("This exchange has ended: no call can be planned."))
    pair.call_planned_at, pair.call_asked_at = call_at, None
    journal.write(actor, "pair.plan_call", pair, subject=pair.beneficiary_id)
    publish(CallPlanned(pair.pk, pair.organisation_id, pair.peer.person_id, pair.beneficiary_id))


def note_message(thread_id: object, author_person_id: object, now: datetime) -> None:
    """Follows a message: the pair is not silent. The first one the peer writes is the first contact, if it can be
    read: to somebody who opens their account later, it is their answer."""
    found = Pair.objects.active().filter(thread_id=thread_id)
    found = found.select_related("peer", "beneficiary", "request__programme")
    # Under the write lock, as when a contact is logged: of two first contacts in one second, neither is refused.
    pair = found.select_for_update(of=("self",)).first()
    if pair is None or pair.is_by_phone:
        return
    is_from_peer = str(pair.peer.person_id) == str(author_person_id)
    if pair.state == PairState.STARTING and (is_from_peer or _has_written(pair.peer.person_id, thread_id)):
        follow_ups.first_contact(pair, at=now, now=now)
    elif pair.state == PairState.ONGOING:
        follow_ups.heard_of(pair, at=now)


def _has_written(person_id: UUID, thread_id: object) -> bool:
    return Message.objects.filter(thread_id=thread_id, author__person_id=person_id).exists()
