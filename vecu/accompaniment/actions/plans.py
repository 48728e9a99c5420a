"""All waiting requests looked at together: the best overall set, decided line by line by a coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import adapter, reasons
from vecu.accompaniment import matching as m
from vecu.accompaniment.actions import needs, proposals
from vecu.accompaniment.enums import ChoiceReason, PlanLineState, RequestState
from vecu.accompaniment.models import Plan, PlanLine, Proposal, SupportRequest
from vecu.accompaniment.workflows.pairs import PLAN_LINE
from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor, system
from vecu.people.policy import Can


@transaction.atomic
def make_plan(*, actor: Actor, now: datetime | None = None) -> Plan:
    """Look at everyone who waits today. What was kept or set aside in the plan before stays so; what was
    suggested stays too unless the whole does better otherwise."""
    require(actor, Can.PLAN_MATCHES)
    if actor.person_id is None or actor.organisation_id is None:
        raise Refused("human_needed", _("A named person looks at the whole: Vécu never decides alone."))
    moment = now or timezone.now()
    before = current_plan(actor)
    if before is not None:
        Plan.objects.filter(pk=before.pk).update(replaced_at=moment, updated_at=moment)
    plan = Plan.objects.create(organisation_id=actor.organisation_id, made_by_id=actor.person_id, made_at=moment)
    journal.write(actor, "plan.make", plan)
    _calculate(plan, moment, _lines_of(before), is_new=True)
    return plan


@transaction.atomic
def lock_line(line: PlanLine, *, actor: Actor, now: datetime | None = None) -> None:
    """Keep this meeting whatever else changes. Nothing moves: it was the best already."""
    require(actor, Can.PLAN_MATCHES, line)
    _refuse_replaced(line)
    if line.peer_id is None:
        raise Refused("nobody", _("Nobody is suggested on this line: there is nothing to keep."))
    PLAN_LINE.apply(line, "lock", actor=actor)


@transaction.atomic
def refuse_line(line: PlanLine, *, actor: Actor, now: datetime | None = None) -> None:
    """Not this peer for this person: someone else is looked for, and only what must move moves."""
    require(actor, Can.PLAN_MATCHES, line)
    _refuse_replaced(line)
    if line.peer_id is None:
        raise Refused("nobody", _("Nobody is suggested on this line: there is nobody to set aside."))
    refused = [*line.refused_peers, str(line.peer_id)]
    PLAN_LINE.apply(line, "refuse", actor=actor, refused_peers=refused)
    _calculate(line.plan, now or timezone.now(), _lines_of(line.plan))


@transaction.atomic
def reopen_line(line: PlanLine, *, actor: Actor, now: datetime | None = None) -> None:
    """Think again: the line is free, and peers set aside may come back."""
    require(actor, Can.PLAN_MATCHES, line)
    _refuse_replaced(line)
    PLAN_LINE.apply(line, "reopen", actor=actor, refused_peers=[])
    _calculate(line.plan, now or timezone.now(), _lines_of(line.plan))


@transaction.atomic
def accept_line(line: PlanLine, *, actor: Actor, now: datetime | None = None) -> Proposal:
    """Propose what the line says, with every check of a proposal made by hand."""
    require(actor, Can.PLAN_MATCHES, line)
    _refuse_replaced(line)
    if line.peer is None:
        raise Refused("nobody", _("Nobody is suggested on this line: there is nobody to propose."))
    PLAN_LINE.apply(line, "accept", actor=actor)
    return proposals.propose(line.request, line.peer, actor=actor, choice_reason=ChoiceReason.OVERALL, now=now)


@transaction.atomic
def note_unmet(line: PlanLine, *, actor: Actor, now: datetime | None = None) -> None:
    """Nobody is possible: the need is kept and counted, so that someone is looked for."""
    require(actor, Can.PLAN_MATCHES, line)
    _refuse_replaced(line)
    request = line.request
    if line.peer_id is not None:
        raise Refused("not_unmet", _("A peer is suggested for this request: look at it first."))
    request.unmatched_reasons = sorted(line.waiting_params.get("eliminated", {})) or [line.waiting_code]
    request.save(update_fields=["unmatched_reasons", "updated_at"])
    needs.note_need(request, actor=actor, now=timezone.localdate(now or timezone.now()))


def _refuse_replaced(line: PlanLine) -> None:
    """A page left open shows a plan that another look has replaced: nothing is decided on it any more."""
    if not Plan.objects.filter(pk=line.plan_id, replaced_at=None).exists():
        raise Refused(
            "stale", _("This plan was replaced by a newer look. The page now shows the new one: decide there.")
        )


def current_plan(actor: Actor) -> Plan | None:
    """The plan in use in this organisation."""
    plans = Plan.objects.visible_to(actor).filter(replaced_at=None)
    return plans.order_by("-made_at").first()


def _lines_of(plan: Plan | None) -> list[PlanLine]:
    if plan is None:
        return []
    return list(PlanLine.objects.filter(plan=plan).select_related("request").order_by("pk"))


def _calculate(plan: Plan, now: datetime, before: list[PlanLine], is_new: bool = False) -> None:
    """Solve the whole again: kept lines are locked, those set aside forbidden, the others win every tie."""
    requests = list(
        SupportRequest.objects.filter(organisation_id=plan.organisation_id, state__in=RequestState.to_match())
        .select_related("programme", "person")
        .order_by("received_at", "pk")
    )
    instance = adapter.instance(plan.organisation, requests, now)
    waiting = {str(request.pk) for request in requests}
    old = {str(line.request_id): line for line in before if str(line.request_id) in waiting}
    assignment = _solve(instance, old.values())
    for request in requests:
        key = str(request.pk)
        fields = _fields_of(assignment, key, old.get(key))
        _write_line(plan, request, old.get(key), fields, is_new)
    if not is_new:
        # Requests closed or proposed elsewhere meanwhile leave the plan; what was accepted here stays in
        # view.
        gone = PlanLine.objects.filter(plan=plan).exclude(request__in=requests)
        gone.exclude(state=PlanLineState.ACCEPTED).delete()
    plan.inputs = {
        "requests": len(requests),
        "peers": len(instance.offers),
        "places": sum(offer.capacity for offer in instance.offers.values()),
    }
    plan.save(update_fields=["inputs", "updated_at"])


def _solve(instance: adapter.Instance, old: Iterable[PlanLine]) -> m.Assignment:
    known = instance.offers
    lines = [line for line in old if line.state != PlanLineState.ACCEPTED]
    current = {str(x.request_id): str(x.peer_id) for x in lines if x.peer_id and str(x.peer_id) in known}
    kept = {str(x.request_id) for x in lines if x.state == PlanLineState.LOCKED}
    locks = {need: peer for need, peer in current.items() if need in kept and not instance.blocks(need, peer)}
    forbidden = [(str(x.request_id), peer) for x in lines for peer in x.refused_peers if peer in known]
    return m.Assignment(
        instance.needs.values(),
        known.values(),
        instance.settings,
        locks=_within_capacity(locks, known),
        forbidden=forbidden,
        current=current,
    )


def _within_capacity(locks: dict[str, str], offers: dict[str, m.PeerOffer]) -> dict[str, str]:
    """Kept meetings never exceed the places there are today: those first kept hold."""
    left = {peer: offer.capacity for peer, offer in offers.items()}
    kept = {}
    for need, peer in locks.items():
        if left[peer] > 0:
            left[peer] -= 1
            kept[need] = peer
    return kept


def _fields_of(assignment: m.Assignment, key: str, old: PlanLine | None) -> dict[str, Any]:
    peer = assignment.peer_of(key)
    previous = str(old.peer_id) if old is not None and old.peer_id else None
    has_moved = old is not None and previous != peer
    fields: dict[str, Any] = {
        "peer_id": UUID(peer) if peer else None,
        "has_moved": has_moved,
        "moved_from_id": UUID(previous) if has_moved and previous else None,
        "waiting_code": "",
        "waiting_params": {},
    }
    if peer is None:
        waiting = assignment.why_waiting(key)
        fields |= {"waiting_code": waiting.code, "waiting_params": reasons.waiting_params(waiting)}
    return fields


def _write_line(
    plan: Plan, request: SupportRequest, old: PlanLine | None, fields: dict[str, Any], is_new: bool
) -> None:
    """A line keeps what was decided on it. Set aside and someone else found, kept and no longer possible,
    proposed and back to match: it is a suggestion again."""
    reopened = old is not None and _reopens(old.state, fields)
    if is_new or old is None:
        state = PlanLineState.SUGGESTED if old is None or reopened or _is_accepted(old) else old.state
        refused = old.refused_peers if old is not None else []
        PlanLine.objects.create(
            organisation_id=plan.organisation_id,
            plan=plan,
            request=request,
            state=state,
            refused_peers=refused,
            **fields,
        )
        return
    actor = system(plan.organisation_id)
    if _is_accepted(old):
        PLAN_LINE.apply(old, "come_back", actor=actor)
    elif reopened:
        PLAN_LINE.apply(old, "reopen", actor=actor)
    for name, value in fields.items():
        setattr(old, name, value)
    old.save(update_fields=[*fields, "updated_at"])


def _reopens(state: str, fields: dict[str, Any]) -> bool:
    if state == PlanLineState.REFUSED:
        return fields["peer_id"] is not None
    return state == PlanLineState.LOCKED and bool(fields["has_moved"])


def _is_accepted(line: PlanLine) -> bool:
    return line.state == PlanLineState.ACCEPTED
