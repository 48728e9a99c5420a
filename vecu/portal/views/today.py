"""« Aujourd’hui »: what waits for me, the late things first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import DateTimeField
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from vecu.accompaniment import newcomers
from vecu.accompaniment import panels as pairs
from vecu.core.access import gate, visible
from vecu.core.http import redirect, show
from vecu.core.prepared import Asked, SeenRows
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.missions import panels as missions
from vecu.people.actor import Actor
from vecu.people.enums import STAFF_ROLES, Role
from vecu.people.policy import Can
from vecu.recognition import panels as recognition
from vecu.recruitment import panels as recruitment
from vecu.safeguarding import panels as safety
from vecu.safeguarding.models import DutyShift
from vecu.training import panels as training

NOTICES_SHOWN = 8
# Each has its card on this page, where it is answered: the list of what awaits does not say it again.
ON_A_CARD = (NoticeKind.MESSAGE, NoticeKind.PROPOSAL, NoticeKind.PAIR_OPENED, NoticeKind.EVALUATION)

# Asked on everyone's first screen: written once.
SHIFTS = SeenRows(
    Can.HANDLE_ALERT,
    DutyShift,
    lambda actor: visible(DutyShift, actor, Can.HANDLE_ALERT).filter(
        person_id=actor.person_id, ends_at__gt=Asked("now", DateTimeField()), confirmed_at=None
    ),
)
# A colleague's, an invitation's or a ward's: nothing else on this page would say it.
RETURNED = SeenRows(
    Can.SEE_NOTICES, Notice, lambda actor: visible(Notice, actor).unread().filter(kind=NoticeKind.MAIL_REFUSED)
)
NOTICES = SeenRows(Can.SEE_NOTICES, Notice, lambda actor: visible(Notice, actor).unread().exclude(kind__in=ON_A_CARD))


@gate(Can.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """One first screen for everyone; each role sees its own part, those who only count go to the figures."""
    actor, now = request.actor, timezone.now()
    is_staff = bool(actor.roles & STAFF_ROLES)
    to_watch = safety.safeguarding_today(actor, now) if is_staff else None
    if elsewhere := _elsewhere(actor, to_watch):
        return redirect(request, elsewhere)
    return show(
        request,
        "portal/today.html",
        now=now,
        is_staff=is_staff,
        is_nothing=not actor.roles,
        **_waiting(actor, now),
        safety=to_watch,
        requests=pairs.requests_today(actor, now) if actor.may(Can.TRIAGE_REQUEST) else None,
        pairs=pairs.pairs_today(actor, now) if actor.may(Can.FOLLOW_PAIR) else None,
        **_looked_for(actor, now),
        recruitment=recruitment.applications_today(actor, now),
        training=training.training_today(actor, now),
        **_of_a_peer(actor, now),
        person=pairs.beneficiary_today(actor, now) if Role.BENEFICIARY in actor.roles else None,
        notices=_notices(actor, RETURNED if is_staff else NOTICES),
        places=request.places if len(request.places) > 1 else (),
    )


def _notices(actor: Actor, which: SeenRows[Notice]) -> list[tuple[Notice, NoticeKind]]:
    """What has no card of its own, with the words of the button that opens it."""
    return [(notice, NoticeKind(notice.kind)) for notice in which.all(actor, slice(0, NOTICES_SHOWN))]


def _looked_for(actor: Actor, now: datetime) -> dict[str, Any]:
    """Somebody new who may fit, and what wards, faculties and researchers ask."""
    return {"hopes": newcomers.hopes_today(actor, now), "missions": missions.missions_today(actor)}


def _of_a_peer(actor: Actor, now: datetime) -> dict[str, Any]:
    """What awaits a peer, their pause, and the talk they asked for."""
    if Role.PEER not in actor.roles:
        return {}
    return {"peer": pairs.peer_today(actor, now), "talk": safety.own_talk(actor, now)}


def _waiting(actor: Actor, now: datetime) -> dict[str, object]:
    """Small things that wait for a yes: hours of duty, expenses."""
    return {"shifts": SHIFTS.all(actor, now=now), "expenses": recognition.recognition_today(actor)}


def _elsewhere(actor: Actor, to_watch: safety.SafeguardingToday | None) -> str:
    """Those who count, or read the journal, go to it; what was raised in the night comes before the day."""
    if actor.roles == {Role.HEAD_OFFICE}:
        return "figures"
    if actor.roles == {Role.DATA_OFFICER}:
        return "journal_list"
    if actor.roles == {Role.TREASURER}:
        return "claim_list"
    return "alert_opening" if to_watch and to_watch.is_for_the_opening and actor.may(Can.HANDLE_ALERT) else ""
