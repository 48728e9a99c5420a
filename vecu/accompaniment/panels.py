"""What one-to-one support shows on pages of other areas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any

from django.db.models import Case, DateField, DateTimeField, Min, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from vecu.accompaniment import summary
from vecu.accompaniment.enums import FollowUpKind, RequestState
from vecu.accompaniment.models import Contact, Evaluation, FollowUp, Pair, Programme, Proposal, SupportRequest
from vecu.core import vault
from vecu.core.access import Scope, visible
from vecu.core.moments import say_date
from vecu.core.prepared import Asked, InParts, Seen, SeenRows, counted
from vecu.core.said import said
from vecu.core.templatetags.ui import leaves
from vecu.core.templatetags.ui.stencils import address, place
from vecu.messaging.panels import other_names, unread_by_thread
from vecu.peers import actions as peer_actions
from vecu.peers import ready_lines
from vecu.peers.models import Peer
from vecu.people.actor import Actor
from vecu.people.policy import Can

SHOWN = 10
COUNTED = 100
PATIENCE_HOURS = 72
HARD_SHOWN = timedelta(days=7)


# What the first screen asks, written once. Whoever is left comes before any other point, then what waited longest.
NOW, TODAY = Asked("now", DateTimeField()), Asked("today", DateField())
WHO = ("pk", "beneficiary__vault_id", "beneficiary__given_name", "peer__person__vault_id", "peer__person__given_name")
WHOSE = tuple(f"pair__{column}" for column in WHO)
PATIENCE = Seen(
    Can.TRIAGE_REQUEST,
    lambda actor: counted(visible(Programme, actor, Can.TRIAGE_REQUEST), least=Min("unanswered_hours")),
)
OPENED_BEFORE = Asked("opened_before", DateTimeField())


def _due_in(state: RequestState) -> Callable[[Actor], Any]:
    return lambda actor: (
        visible(SupportRequest, actor).due_in(state, TODAY, OPENED_BEFORE).values_list(*summary.COLUMNS)
    )


# Of the new ones, some are late and others not: as many as both lists show. The others are all late.
DUE = InParts(
    Can.SEE_REQUESTS,
    [
        (2 * SHOWN, _due_in(RequestState.RECEIVED)),
        *((SHOWN, _due_in(state)) for state in RequestState.to_match()),
    ],
    before=itemgetter(*(summary.COLUMNS.index(name) for name in ("call_by", "received_at", "pk"))),
)
# Counted as far as one counts: beyond, the list itself says how many.
DUE_AT_ALL = Seen(
    Can.SEE_REQUESTS,
    lambda actor: visible(SupportRequest, actor).due(TODAY, OPENED_BEFORE).order_by().values_list(Value(1)),
)
PAIRS_THAT_WAIT = SeenRows(
    Can.FOLLOW_PAIR,
    Pair,
    lambda actor: visible(Pair, actor, Can.FOLLOW_PAIR).that_wait(NOW).order_by("opened_at", "pk"),
    *("peer__person", "beneficiary"),
    only=(
        *(*WHO, "first_contact_at", "first_contact_by", "last_contact_at", "change_asked_at", "call_asked_at"),
        *("state", "call_planned_at", "beneficiary__user_id"),
    ),
)
LATE_PROPOSALS = SeenRows(
    Can.PROPOSE_PEER,
    Proposal,
    lambda actor: visible(Proposal, actor, Can.PROPOSE_PEER).overdue(NOW).order_by("answer_by", "pk"),
    "peer__person",
    only=("request_id", "answer_by", "peer__person__vault_id", "peer__person__given_name"),
)
LEFT_FIRST = Case(When(kind__in=FollowUpKind.after_the_end(), then=0), default=1)


def _first_points(actor: Actor) -> QuerySet[FollowUp]:
    """The first ones, found in their index before anything else is read of them."""
    due = visible(FollowUp, actor, Can.FOLLOW_PAIR).due(TODAY)
    first = due.order_by(LEFT_FIRST, "due_on", "pk").values("pk")[: SHOWN + 1]
    return FollowUp.objects.filter(pk__in=first).order_by(LEFT_FIRST, "due_on", "pk")


POINTS_DUE = SeenRows(
    Can.FOLLOW_PAIR,
    FollowUp,
    _first_points,
    *("pair__peer__person", "pair__beneficiary"),
    only=("kind", "due_on", "pair_id", "pair__opened_at", *WHOSE),
)
HARD_CONTACTS = SeenRows(
    Can.FOLLOW_PAIR,
    Contact,
    lambda actor: (
        visible(Contact, actor, Can.FOLLOW_PAIR).hard(Asked("since", DateField())).order_by("-happened_on", "pk")
    ),
    *("pair__peer__person", "pair__beneficiary"),
    only=("happened_on", *WHOSE),
)


@dataclass(frozen=True)
class RequestsToday:
    """Requests that wait for this actor this morning: the late ones first, then the new ones."""

    late: list[summary.Row]
    new: list[summary.Row]
    is_beginning: bool = False  # no programme yet: everything is still to be put in place
    more: int = 0  # others wait too, in the list of requests
    is_at_least: bool = False  # there are more of them still than was counted

    @property
    def to_call(self) -> list[summary.Row]:
        """Late: the first call is overdue, or the day to ring back has come."""
        return [row for row in self.late if row.state != RequestState.OPEN]

    @property
    def to_match(self) -> list[summary.Row]:
        """Late: they have agreed, and nobody has been proposed to them in time."""
        return [row for row in self.late if row.state == RequestState.OPEN]


def requests_today(actor: Actor, now: datetime) -> RequestsToday:
    """Late calls, openings without a proposal, days to ring back, and new requests: four queries at any size."""
    if actor.scope(Can.TRIAGE_REQUEST) == Scope.NONE:
        return RequestsToday([], [])
    today = timezone.localdate(now)
    ((least,),) = PATIENCE.rows(actor)
    asked = {"today": today, "opened_before": now - timedelta(hours=least or PATIENCE_HOURS)}
    rows = summary.of_lines(DUE.rows(actor, **asked)[: 2 * SHOWN], now)
    in_all = len(DUE_AT_ALL.rows(actor, slice(0, COUNTED + 1), **asked))
    late = [row for row in rows if row.is_late]
    new = [row for row in rows if not row.is_late and row.state == RequestState.RECEIVED]
    # Opened not long ago for a programme that is patient: read with the others, due to nobody yet.
    patient = len(rows) - len(late) - len(new)
    shown = min(len(late), SHOWN) + min(len(new), SHOWN)
    more = min(in_all, COUNTED) - patient - shown
    return RequestsToday(late[:SHOWN], new[:SHOWN], least is None, more, in_all > COUNTED)


# -- pairs, for the coordinator


@dataclass(frozen=True)
class Waiting:
    """One thing of a pair that waits for someone: who, what, the day it is about and what that day is, and where."""

    who: str
    what: str
    at: datetime | date | None
    url: str
    when: str = ""
    late: str = ""

    @property
    def mark(self) -> SafeString:
        return leaves.late_mark(self.late)


@dataclass(frozen=True)
class PairsToday:
    """What waits in proposals and pairs: what is late first, then what someone asked, then points to make."""

    late: list[Waiting]
    asked: list[Waiting]
    points: list[Waiting]
    has_more: bool = False  # others wait too, in the list of pairs and that of proposals

    @property
    def count(self) -> int:
        return len(self.late) + len(self.asked) + len(self.points)


def pairs_today(actor: Actor, now: datetime) -> PairsToday:
    """Unanswered proposals, late first contacts, silence, wishes of the two, points due, hard contacts: six queries."""
    if actor.scope(Can.FOLLOW_PAIR) == Scope.NONE:
        return PairsToday([], [], [])
    part, today = slice(0, SHOWN + 1), timezone.localdate(now)
    pairs = PAIRS_THAT_WAIT.all(actor, part, now=now)
    proposals = LATE_PROPOSALS.all(actor, part, now=now)
    points = POINTS_DUE.all(actor, part, today=today)
    hard = HARD_CONTACTS.all(actor, part, since=today - HARD_SHOWN)
    # One more than is shown was asked for: it says whether others wait.
    has_more = any(len(rows) > SHOWN for rows in (pairs, proposals, points, hard))
    pairs, proposals, points, hard = pairs[:SHOWN], proposals[:SHOWN], points[:SHOWN], hard[:SHOWN]
    people = [*pairs, *(point.pair for point in points), *(contact.pair for contact in hard)]
    vault.preload(
        [
            *(pair.beneficiary.vault_id for pair in people if pair.beneficiary),
            *(pair.peer.person.vault_id for pair in people),
            *(proposal.peer.person.vault_id for proposal in proposals),
        ]
    )
    late = [
        Waiting(
            proposal.peer.person.given_name,
            _("has not answered a proposal"),
            proposal.answer_by,
            reverse("board_request", args=[proposal.request_id]),
            _("answer due on %(day)s") % {"day": say_date(proposal.answer_by, year=False)},
        )
        for proposal in proposals
    ]
    asked, still = [_asked(pair) for pair in pairs if _wishes(pair)], [pair for pair in pairs if not _wishes(pair)]
    asked += [_to_begin(pair) for pair in still if _is_to_begin(pair, now)]
    late += [_late(pair, now) for pair in still if not _is_to_begin(pair, now)]
    asked += [_hard(contact) for contact in hard]
    silent = {pair.pk for pair in pairs if pair.first_contact_at is not None}
    # A silence is said once: where it is late, not again as a point to make.
    made = [
        _point(point, today) for point in points if point.kind != FollowUpKind.SILENCE or point.pair_id not in silent
    ]
    return PairsToday(late, asked, made, has_more)


def _wishes(pair: Pair) -> bool:
    return bool(pair.change_asked_at or pair.call_asked_at)


def _is_to_begin(pair: Pair, now: datetime) -> bool:
    """In time still: later, it is late as any other."""
    return pair.awaits_first_call(now) and pair.first_contact_by >= now


def _asked(pair: Pair) -> Waiting:
    """What one of the two would like, and since when."""
    at = pair.change_asked_at or pair.call_asked_at
    what = _("would like another peer") if pair.change_asked_at else _("would like a call to be arranged")
    return _waiting(pair, what, at, _("asked on %(day)s") % {"day": say_date(at, year=False)} if at else "")


def _to_begin(pair: Pair) -> Waiting:
    """Without an account, nothing begins before the coordinator has rung both."""
    told = _("first contact due on %(day)s") % {"day": say_date(pair.first_contact_by, year=False)}
    what = _call_not_noted() if pair.call_planned_at else _("cannot write to each other: a call to arrange")
    return _waiting(pair, what, pair.first_contact_by, told)


def _call_not_noted() -> str:
    return _("the call that was planned is not noted yet")


def _late(pair: Pair, now: datetime) -> Waiting:
    """A first contact or news that did not come: the day it was promised, or the day of the last news."""
    if pair.first_contact_at is None:
        due = pair.first_contact_by
        told = _("first contact due on %(day)s") % {"day": say_date(due, year=False)}
        if pair.awaits_call:
            what = _("have not talked yet: a call to arrange")
        else:
            what = _call_not_noted() if pair.awaits_first_call(now) else _("have not been in touch yet")
        return _waiting(pair, what, due, told)
    last = pair.last_contact_at or pair.first_contact_at
    told = _("last contact on %(day)s") % {"day": say_date(last, year=False)}
    return _waiting(pair, _("no news for a while"), last, told)


def _hard(contact: Contact) -> Waiting:
    told = _("contact on %(day)s") % {"day": say_date(contact.happened_on, year=False)}
    return _waiting(contact.pair, _("a contact that was hard for the peer"), contact.happened_on, told)


def _point(point: FollowUp, today: date) -> Waiting:
    """A point to make: due today, or late by so many days."""
    days = (today - point.due_on).days
    late = summary.say_days_late(days) if days > 0 else ""
    return _waiting(point.pair, point.label, point.due_on, _say_due(point.due_on, days > 0), late)


@said
def _say_due(due_on: date, has_passed: bool) -> str:
    return _("due on %(day)s") % {"day": say_date(due_on, year=False)} if has_passed else _("for today")


def _waiting(pair: Pair, what: str, at: datetime | date | None, when: str, late: str = "") -> Waiting:
    peer = pair.peer.person.given_name
    who = (
        _("%(person)s and %(peer)s") % {"person": pair.beneficiary.given_name, "peer": peer}
        if pair.beneficiary
        else peer
    )
    before, after = address("pair_detail", *place())
    return Waiting(who, what, at, f"{before}{pair.pk}{after}", when, late)


# -- for a peer, and for someone who asked


@dataclass(frozen=True)
class MyPair:
    """One of my exchanges: the other under the name the two agreed on, and what is new."""

    name: str
    unread: int
    last_at: datetime | None
    url: str
    log_url: str


@dataclass(frozen=True)
class OwnPause:
    """A pause under way, said to the person, and where they say they are back."""

    words: str
    url: str


@dataclass(frozen=True)
class PeerToday:
    """For a peer: what is still to sign, proposals to answer, exchanges, questions to answer, and their pause."""

    to_sign: list[tuple[str, str]]
    proposals: list[Waiting]
    pairs: list[MyPair]
    questions: list[Waiting]
    pause: OwnPause | None = None


@dataclass(frozen=True)
class BeneficiaryToday:
    """For someone who asked: their exchange, or where their request stands with the next date, and questions."""

    pairs: list[MyPair]
    requests: list[SupportRequest]
    questions: list[Waiting]


def peer_today(actor: Actor, now: datetime) -> PeerToday:
    """Proposals say nothing of the person until they are opened."""
    proposals = visible(Proposal, actor, Can.ANSWER_PROPOSAL).asked().order_by("answer_by")
    asked = [
        Waiting(
            "", _("Someone would like to talk with a peer"), one.answer_by, reverse("proposal_detail", args=[one.pk])
        )
        for one in proposals
    ]
    own = visible(Peer, actor, Can.SET_LIMITS).filter(organisation_id=actor.organisation_id)
    mine = own.filter(person_id=actor.person_id).engaged().first()
    to_sign = ready_lines.to_sign(mine) if mine else []
    pause = _own_pause(mine, timezone.localdate(now)) if mine else None
    return PeerToday(to_sign, asked, _my_pairs(actor), _questions(actor), pause)


def _own_pause(peer: Peer, today: date) -> OwnPause | None:
    if not peer_actions.is_paused(peer, today):
        return None
    until = peer.paused_until
    told = _("You are on pause until %(day)s") % {"day": say_date(until)} if until else _("You are on pause")
    return OwnPause(told, reverse("peer_come_back", args=[peer.pk]))


def beneficiary_today(actor: Actor, now: datetime) -> BeneficiaryToday:
    """The request is shown until a pair is open; nothing of the search is told but its state and next date."""
    standing = visible(SupportRequest, actor, Can.ASK_CHANGE).filter(person_id=actor.person_id).standing()
    return BeneficiaryToday(
        _my_pairs(actor), list(standing.select_related("programme").order_by("received_at")), _questions(actor)
    )


def _my_pairs(actor: Actor) -> list[MyPair]:
    mine = visible(Pair, actor).of_person(actor.person_id).active().with_people().order_by("opened_at", "pk")
    pairs = list(mine)
    unread = unread_by_thread(actor, [pair.thread_id for pair in pairs])
    names = other_names(actor, [pair.thread_id for pair in pairs])
    found = []
    for pair in pairs:
        is_peer = pair.peer.person_id == actor.person_id
        log = reverse("contact_add", args=[pair.pk]) if is_peer else ""
        url = reverse("exchange", args=[pair.pk])
        found.append(MyPair(names[pair.thread_id], unread.get(pair.thread_id, 0), pair.last_contact_at, url, log))
    return found


def _questions(actor: Actor) -> list[Waiting]:
    asked = visible(Evaluation, actor, Can.EVALUATE).waiting().filter(person_id=actor.person_id)
    return [
        Waiting("", _("Three questions, if you wish"), one.asked_at, reverse("evaluation_answer", args=[one.pk]))
        for one in asked.order_by("asked_at")
    ]
