"""Answering a claim: accepted, sent back to be mended, paid, cancelled. Never by whoever asks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.recognition.actions import claims, rows
from vecu.recognition.events import ClaimAnswered
from vecu.recognition.models import Claim
from vecu.recognition.workflows import CLAIM


@transaction.atomic
def approve(claim: Claim, *, actor: Actor, seen: str | None = None, now: datetime | None = None) -> Claim:
    """Accepted: it is to be paid or, left as a gift, it goes into the accounts as one. Twice at the same second, it is
    accepted once; of another amount than the page showed, not at all."""
    _begin(claim, actor, seen)
    rows.refuse_missed(claim.activity)
    if claim.is_gift:
        claims.refuse_gift(claim)
    move = "accept_gift" if claim.is_gift else "approve"
    told = {"decided_at": now or timezone.now(), "decided_by_id": actor.person_id, "answer": ""}
    CLAIM.apply(claim, move, actor=actor, **told)
    return _end(claim)


@transaction.atomic
def refuse(claim: Claim, *, actor: Actor, answer: str, seen: str | None = None, now: datetime | None = None) -> Claim:
    """Sent back with what to mend, in a sentence the person reads; they mend it and send it again."""
    _begin(claim, actor, seen)
    if not answer.strip():
        raise Refused("no_answer", _("Say what is wrong and what to mend: the person reads it."))
    told = {"decided_at": now or timezone.now(), "decided_by_id": actor.person_id, "answer": answer.strip()}
    CLAIM.apply(claim, "refuse", actor=actor, **told)
    return _end(claim)


@transaction.atomic
def pay(claim: Claim, *, actor: Actor, paid_on: date, seen: str | None = None) -> Claim:
    """The day the money left, as the bank says it: not to come, and not before it was accepted."""
    _begin(claim, actor, seen, Can.KEEP_ACCOUNTS)
    rows.refuse_missed(claim.activity)
    if paid_on > timezone.localdate():
        raise Refused("future", _("This day is to come: write it down once the money has left."))
    if claim.decided_at is not None and paid_on < timezone.localdate(claim.decided_at):
        raise Refused("too_early", _("It cannot be paid before the day it was accepted."))
    CLAIM.apply(claim, "pay", actor=actor, paid_on=paid_on, paid_by_id=actor.person_id)
    return _end(claim)


@transaction.atomic
def cancel(claim: Claim, *, actor: Actor, answer: str, seen: str | None = None, now: datetime | None = None) -> Claim:
    """What was accepted or paid by mistake: it stays in the accounts, cancelled, with the reason; the activity can be
    claimed again. Money already sent is asked back by a human."""
    _begin(claim, actor, seen)
    if not answer.strip():
        raise Refused("no_answer", _("Say why it is cancelled, and what happens with the money: the person reads it."))
    CLAIM.apply(claim, "cancel", actor=actor, cancelled_at=now or timezone.now(), answer=answer.strip())
    return _end(claim)


def _begin(claim: Claim, actor: Actor, seen: str | None, can: Can = Can.DECIDE_CLAIM) -> None:
    require(actor, can, claim)
    rows.refuse_own(actor, claim.person_id)
    rows.refuse_stale(claim, seen)


def _end(claim: Claim) -> Claim:
    publish(ClaimAnswered(claim.pk, claim.person_id, claim.organisation_id, claim.state))
    return claim
