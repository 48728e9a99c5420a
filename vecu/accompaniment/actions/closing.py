"""An exchange ends: said to whom, with thanks, without blame; the place is free again; sometimes everything
stops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import evaluations, follow_ups, proposals, requests
from vecu.accompaniment.enums import (
    EVALUATED_CLOSINGS,
    PairClosing,
    RequestClosing,
    RequestState,
    Told,
)
from vecu.accompaniment.events import PairClosed, RequestClosed
from vecu.accompaniment.models import Evaluation, Pair, PlanLine, Proposal, SupportRequest
from vecu.accompaniment.workflows.pairs import PAIR
from vecu.accompaniment.workflows.requests import REQUEST
from vecu.core.access import require
from vecu.core.dates import add_months
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.messaging import actions as messaging_actions
from vecu.peers import actions as peer_actions
from vecu.people.actor import Actor, system
from vecu.people.enums import ConsentPurpose, StopReason
from vecu.people.policy import Can

# Written by Vécu when something else happens, never picked from a list.
NOT_PICKED = frozenset({PairClosing.STOPPED, PairClosing.LEFT, PairClosing.CHANGE_OF_PEER})


@transaction.atomic
def close_pair(
    pair: Pair,
    *,
    actor: Actor,
    closing: str,
    told: Iterable[str] = (),
    looks_again: bool = False,
    now: datetime | None = None,
) -> Pair:
    """End an exchange with its reason and who was told. With `looks_again` the request is to match again,
    without this peer; else it ends too. Three questions are asked only when the reason allows it."""
    require(actor, Can.CLOSE_PAIR, pair)
    if closing not in PairClosing.values or closing in NOT_PICKED:
        raise Refused("no_reason", _("Say why the exchange ends."))
    if closing == PairClosing.DEATH:
        raise Refused(
            "stop_everything",
            _("After a death, use « Stop everything for this person »: it stops messages and reminders too."),
        )
    _end(
        pair,
        actor,
        closing,
        [code for code in Told.values if code in set(told)],
        now or timezone.now(),
        looks_again,
    )
    return pair


@transaction.atomic
def ask_change(pair: Pair, *, actor: Actor, now: datetime | None = None) -> None:
    """The person would like someone else. No reason is asked, and the peer is told nothing of it."""
    require(actor, Can.ASK_CHANGE, pair)
    if actor.person_id != pair.beneficiary_id:
        raise Refused("not_one_of_the_two", _("Only the person who asked for a peer may ask for another one."))
    if not follow_ups.note_change(pair, actor=actor, now=now or timezone.now()):
        raise Refused("already_asked", _("You have already asked: a coordinator will call you."))


@transaction.atomic
def change_peer(pair: Pair, *, actor: Actor, told: Iterable[str] = (), now: datetime | None = None) -> SupportRequest:
    """Another peer, without blame: this exchange ends, the request is to match again and never with this
    peer."""
    require(actor, Can.CLOSE_PAIR, pair)
    known = [code for code in Told.values if code in set(told)]
    _end(pair, actor, PairClosing.CHANGE_OF_PEER, known, now or timezone.now(), looks_again=True)
    return pair.request


def close_left(thread_id: UUID, person_id: UUID, now: datetime) -> None:
    """Follows someone who left the exchange at once: the pair ends, the coordinator sees it, nobody is asked
    why."""
    pair = _whole(Pair.objects.active().filter(thread_id=thread_id)).first()
    if pair is not None:
        peer_left = pair.peer.person_id == person_id
        _end(pair, system(pair.organisation_id), PairClosing.LEFT, [], now, looks_again=peer_left)


@transaction.atomic
def stop_accompaniment(
    person_id: UUID,
    *,
    reason: str,
    actor: Actor,
    organisation_id: UUID | None = None,
    now: datetime | None = None,
) -> None:
    """Everything about a person stops, in one organisation or (when none is said) in all: what was asked is taken
    back, exchanges close, points and questions are cancelled; the counts stay. Whoever is left is looked after by a
    human (see `follow_ups.with_the_peer` and `with_the_person`)."""
    moment = now or timezone.now()
    closing = PairClosing.DEATH if reason == StopReason.DEATH else PairClosing.STOPPED
    here = Q(organisation_id=organisation_id) if organisation_id else Q()
    involved = Q(request__person_id=person_id) | Q(peer__person_id=person_id)
    for proposal in proposals.held(Proposal.objects.filter(here, involved)):
        proposals.withdraw(proposal, actor=_within(actor, proposal.organisation_id), now=moment)
    one_of_the_two = Q(beneficiary_id=person_id) | Q(peer__person_id=person_id)
    for pair in _whole(Pair.objects.active().filter(here, one_of_the_two)):
        _stop_pair(pair, person_id, closing, actor, moment)
    standing = SupportRequest.objects.exclude(state=RequestState.CLOSED).filter(here, person_id=person_id)
    for request in standing.select_related("programme"):
        _stop_request(request, _within(actor, request.organisation_id), moment)
    follow_ups.spare_the_person(person_id, organisation_id, moment)
    theirs = Q(person_id=person_id) | Q(pair__beneficiary_id=person_id)
    evaluations.cancel(Evaluation.objects.filter(here, theirs), moment)
    PlanLine.objects.filter(here, request__person_id=person_id).delete()


@transaction.atomic
def follow_withdrawn_consent(person_id: UUID, organisation_id: UUID, purpose: str, now: datetime) -> None:
    """What was agreed to is taken back: no more contact, or no more questions; at once, and without a
    reason."""
    actor = system(organisation_id)
    if purpose == ConsentPurpose.EVALUATION:
        evaluations.cancel(Evaluation.objects.filter(person_id=person_id, organisation_id=organisation_id), now)
    if purpose in (ConsentPurpose.CONTACT, ConsentPurpose.KEEPING):
        asked = Proposal.objects.filter(request__person_id=person_id, organisation_id=organisation_id)
        for proposal in proposals.held(asked):
            proposals.withdraw(proposal, actor=actor, now=now)
        mine = Pair.objects.active().filter(beneficiary_id=person_id, organisation_id=organisation_id)
        for pair in _whole(mine):
            _end(pair, actor, PairClosing.PERSON_WISH, [], now, looks_again=False, evaluated=False)
        standing = SupportRequest.objects.standing().filter(person_id=person_id, organisation_id=organisation_id)
        for request in standing.select_related("programme"):
            REQUEST.apply(request, "withdraw", actor=actor, **requests.ending(request, RequestClosing.WITHDRAWN, now))
            publish(RequestClosed(request.pk, request.organisation_id, RequestClosing.WITHDRAWN))
        follow_ups.spare_the_person(person_id, organisation_id, now)


def erase_expired(now: datetime) -> int:
    """The time to keep a closed pair is over: who it was about goes, the counts stay."""
    due = Pair.objects.filter(expires_on__lte=timezone.localdate(now)).exclude(beneficiary=None)
    return forget_beneficiary(due, now)


def forget_beneficiary(pairs: QuerySet[Pair], now: datetime) -> int:
    """Nobody is left in these pairs but the peer: the words of answers go, the answers count."""
    keys = list(pairs.values_list("pk", flat=True))
    Evaluation.objects.filter(pair_id__in=keys).update(person=None, word=b"")
    return Pair.objects.filter(pk__in=keys).update(beneficiary=None, closed_by=None, updated_at=now)


def _end(
    pair: Pair,
    actor: Actor,
    closing: str,
    told: Sequence[str],
    now: datetime,
    looks_again: bool,
    evaluated: bool = True,
    stopped_person_id: UUID | None = None,
) -> None:
    """All that goes with the end of a pair, whatever its reason."""
    beneficiary_id = pair.beneficiary_id
    PAIR.apply(
        pair,
        "close",
        actor=actor,
        reason=closing,
        closed_at=now,
        closed_by_id=actor.person_id,
        closing=closing,
        told=list(told),
        call_asked_at=None,
        call_planned_at=None,
        expires_on=add_months(timezone.localdate(now), pair.request.programme.keep_months),
    )
    follow_ups.cancel(pair, now)
    peer_actions.free_place(pair.peer_id)
    messaging_actions.close_thread(pair.thread, actor=system(pair.organisation_id), now=now)
    _go_on(pair, actor, now, looks_again)
    if evaluated and closing in EVALUATED_CLOSINGS:
        evaluations.ask(pair, now)
    publish(PairClosed(pair.pk, pair.organisation_id, closing, pair.peer.person_id, beneficiary_id, stopped_person_id))


def _go_on(pair: Pair, actor: Actor, now: datetime, looks_again: bool) -> None:
    """The request is to match again without this peer, or ends with the pair."""
    request = pair.request
    if request.state != RequestState.PAIRED:
        return
    if looks_again:
        wishes = dict(request.wishes or {})
        excluded = {*wishes.get("excluded_peers", ()), str(pair.peer_id)}
        REQUEST.apply(request, "rematch", actor=actor, wishes={**wishes, "excluded_peers": sorted(excluded)})
    else:
        REQUEST.apply(request, "end", actor=actor, **requests.ending(request, RequestClosing.PAIR_ENDED, now))
        publish(RequestClosed(request.pk, request.organisation_id, RequestClosing.PAIR_ENDED))


def _stop_pair(pair: Pair, person_id: UUID, closing: str, actor: Actor, now: datetime) -> None:
    here = _within(actor, pair.organisation_id)
    is_peer, today = pair.peer.person_id == person_id, timezone.localdate(now)
    # The peer has gone, not the person: she is told by a human, and someone else is looked for.
    why = PairClosing.STOPPED if is_peer else closing
    _end(pair, here, why, [], now, looks_again=is_peer, evaluated=False, stopped_person_id=person_id)
    if is_peer:
        follow_ups.with_the_person(pair, today)
    elif closing == PairClosing.DEATH:
        follow_ups.with_the_peer(pair, today)


def _stop_request(request: SupportRequest, actor: Actor, now: datetime) -> None:
    REQUEST.apply(request, "stop", actor=actor, **requests.ending(request, RequestClosing.STOPPED, now))
    publish(RequestClosed(request.pk, request.organisation_id, RequestClosing.STOPPED))


def _within(actor: Actor, organisation_id: UUID) -> Actor:
    """Whoever stops someone acts in one organisation; what that person has in another one stops too."""
    return actor if actor.organisation_id == organisation_id else system(organisation_id)


def _whole(pairs: QuerySet[Pair]) -> QuerySet[Pair]:
    return pairs.select_related("request__programme", "peer__person", "thread").order_by("opened_at", "pk")
