"""What one-to-one support shows on pages of other areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import summary
from vecu.accompaniment.enums import Feeling, PairState
from vecu.accompaniment.models import Contact, Evaluation, FollowUp, Pair, Programme, Proposal, SupportRequest
from vecu.core import vault
from vecu.core.access import Scope, visible
from vecu.messaging.panels import unread_by_thread
from vecu.people.actor import Actor
from vecu.people.policy import Can

SHOWN = 20
PATIENCE_HOURS = 72
HARD_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class RequestsToday:
    """Requests that wait for this actor this morning: the late ones first, then the new ones."""

    late: list[summary.Row]
    new: list[summary.Row]
    count: int


def requests_today(actor: Actor, now: datetime) -> RequestsToday:
    """Late calls, openings without a proposal, days to ring back, and new requests: four queries at any size."""
    if actor.scope(Can.TRIAGE_REQUEST) == Scope.NONE:
        return RequestsToday([], [], 0)
    today = timezone.localdate(now)
    programmes = visible(Programme, actor, Can.TRIAGE_REQUEST)
    hours = programmes.aggregate(least=Min("unanswered_hours"))["least"] or PATIENCE_HOURS
    due = visible(SupportRequest, actor).due(now, today, timedelta(hours=hours))
    rows = summary.rows(due.late_first(today)[: 2 * SHOWN], now)
    late = [row for row in rows if row.is_late]
    return RequestsToday(
        late=late[:SHOWN],
        new=[row for row in rows if not row.is_late and row.state == "received"][:SHOWN],
        count=due.count(),
    )


# -- pairs, for the coordinator


@dataclass(frozen=True)
class Waiting:
    """One thing of a pair that waits for the coordinator: who, what in words, since or until when, and where."""

    who: str
    what: str
    at: datetime | date | None
    url: str
    is_late: bool = False


@dataclass(frozen=True)
class PairsToday:
    """What waits in proposals and pairs: what is late first, then what someone asked, then points to make."""

    late: list[Waiting]
    asked: list[Waiting]
    points: list[Waiting]

    @property
    def count(self) -> int:
        return len(self.late) + len(self.asked) + len(self.points)


def pairs_today(actor: Actor, now: datetime) -> PairsToday:
    """Unanswered proposals, late first contacts, silence, wishes of the two, points due, hard contacts: six queries."""
    if actor.scope(Can.FOLLOW_PAIR) == Scope.NONE:
        return PairsToday([], [], [])
    pairs = list(_pairs_that_wait(actor, now)[:SHOWN])
    proposals = list(_late_proposals(actor, now)[:SHOWN])
    points = list(_points_due(actor, now)[:SHOWN])
    hard = list(_hard_contacts(actor, now)[:SHOWN])
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
            is_late=True,
        )
        for proposal in proposals
    ]
    asked = []
    for pair in pairs:
        if pair.change_asked_at or pair.call_asked_at:
            what = _("would like another peer") if pair.change_asked_at else _("would like a call to be arranged")
            asked.append(_waiting(pair, what, pair.change_asked_at or pair.call_asked_at))
        elif pair.first_contact_at is None:
            late.append(_waiting(pair, _("have not been in touch yet"), pair.first_contact_by, is_late=True))
        else:
            late.append(_waiting(pair, _("no news for a while"), pair.last_contact_at, is_late=True))
    asked += [_waiting(one.pair, _("a contact that was hard for the peer"), one.happened_on) for one in hard]
    made = [_waiting(point.pair, str(point.get_kind_display()), point.due_on) for point in points]
    return PairsToday(late, asked, made)


def _pairs_that_wait(actor: Actor, now: datetime) -> QuerySet[Pair]:
    waits = (
        Q(change_asked_at__isnull=False)
        | Q(call_asked_at__isnull=False)
        | Q(state=PairState.STARTING, first_contact_by__lt=now)
        | Q(state=PairState.ONGOING, silent_from__lt=now)
    )
    return visible(Pair, actor, Can.FOLLOW_PAIR).active().filter(waits).with_people().order_by("opened_at", "pk")


def _late_proposals(actor: Actor, now: datetime) -> QuerySet[Proposal]:
    overdue = visible(Proposal, actor, Can.PROPOSE_PEER).overdue(now)
    return overdue.select_related("peer__person").order_by("answer_by", "pk")


def _points_due(actor: Actor, now: datetime) -> QuerySet[FollowUp]:
    points = visible(FollowUp, actor, Can.FOLLOW_PAIR).filter(
        done_at=None, cancelled_at=None, due_on__lte=timezone.localdate(now)
    )
    return points.select_related("pair__peer__person", "pair__beneficiary").order_by("due_on", "pk")


def _hard_contacts(actor: Actor, now: datetime) -> QuerySet[Contact]:
    recent = timezone.localdate(now) - HARD_SHOWN
    hard = visible(Contact, actor, Can.FOLLOW_PAIR).filter(
        Q(feeling=Feeling.HARD) | Q(needs_support=True), happened_on__gte=recent
    )
    return hard.select_related("pair__peer__person", "pair__beneficiary").order_by("-happened_on", "pk")


def _waiting(pair: Pair, what: str, at: datetime | date | None, *, is_late: bool = False) -> Waiting:
    peer = pair.peer.person.given_name
    who = (
        _("%(person)s and %(peer)s") % {"person": pair.beneficiary.given_name, "peer": peer}
        if pair.beneficiary
        else peer
    )
    return Waiting(who, what, at, reverse("pair_detail", args=[pair.pk]), is_late)


# -- for a peer, and for someone who asked


@dataclass(frozen=True)
class MyPair:
    """One of my exchanges: the other under the name they agreed to show, and what is new."""

    name: str
    unread: int
    last_at: datetime | None
    url: str
    log_url: str


@dataclass(frozen=True)
class PeerToday:
    """For a peer: proposals to answer, exchanges under way, questions to answer."""

    proposals: list[Waiting]
    pairs: list[MyPair]
    questions: list[Waiting]


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
    return PeerToday(asked, _my_pairs(actor), _questions(actor))


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
    vault.preload(pair.beneficiary.vault_id for pair in pairs if pair.beneficiary)
    found = []
    for pair in pairs:
        is_peer = pair.peer.person_id == actor.person_id
        other = pair.beneficiary if is_peer else pair.peer.person
        log = reverse("contact_add", args=[pair.pk]) if is_peer else ""
        url = reverse("exchange", args=[pair.pk])
        name = other.given_name if other is not None else ""
        found.append(MyPair(name, unread.get(pair.thread_id, 0), pair.last_contact_at, url, log))
    return found


def _questions(actor: Actor) -> list[Waiting]:
    asked = visible(Evaluation, actor, Can.EVALUATE).filter(person_id=actor.person_id, answered_at=None)
    return [
        Waiting("", _("Three questions, if you wish"), one.asked_at, reverse("evaluation_answer", args=[one.pk]))
        for one in asked.order_by("asked_at")
    ]
