"""What the pages of matching and of pairs show: rows put into words once, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vecu.accompaniment import adapter, reasons
from vecu.accompaniment import matching as m
from vecu.accompaniment.actions.needs import age_class
from vecu.accompaniment.enums import AgeClass, PairClosing, PairState, RequestRole, RequestState
from vecu.accompaniment.forms.pairs import FIVE, questions
from vecu.accompaniment.models import Evaluation, Pair, PlanLine, Proposal, SupportRequest
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.crypto import open_value
from vecu.core.moments import say_ago, say_date
from vecu.peers.enums import Activity, Channel
from vecu.peers.models import LimitsPassport, Peer
from vecu.people.actor import Actor
from vecu.people.enums import Gender
from vecu.people.models import Organisation, Person

QUEUE_LENGTH = 50
SOON_DAYS = 30
DEFAULT_LABEL = "patient partenaire"


@dataclass(frozen=True)
class QueueItem:
    """One request of the left column."""

    pk: UUID
    title: str
    what: str
    waits: str
    badge: str
    is_current: bool


@dataclass(frozen=True)
class PeerColumn:
    """One peer beside a request: who, since when, and every reason in words."""

    pk: UUID
    name: str
    first_name: str
    role: str
    words: Sequence[reasons.Words]
    waits: str
    limits_version: int | None
    rank: int | None
    why_not: Sequence[str] = ()

    @property
    def is_first(self) -> bool:
        return self.rank == 1


@dataclass(frozen=True)
class BoardPage:
    """Everything the board shows of one request."""

    best: Sequence[PeerColumn]
    others: int
    stopped: int
    untold: Sequence[str]
    rows: int


def queue(actor: Actor, current: UUID | None, now: datetime) -> list[QueueItem]:
    """Those to match, the nearest fixed date first, then the oldest. First names only; two queries."""
    rows = visible(SupportRequest, actor).to_match().select_related("person").oldest_first()[:QUEUE_LENGTH]
    found = list(rows)
    vault.preload([row.vault_id for row in found] + [row.person.vault_id for row in found if row.person])
    oldest = found[0].pk if found else None
    found.sort(key=lambda row: (row.fixed_on or date.max, row.received_at, row.pk))
    return [_queue_item(row, current, oldest, now) for row in found]


def _queue_item(row: SupportRequest, current: UUID | None, oldest: UUID | None, now: datetime) -> QueueItem:
    badge = ""
    if row.fixed_on is not None:
        badge = _("Fixed date")
    elif row.pk == oldest:
        badge = _("The oldest")
    elif row.state == RequestState.WAITING:
        badge = _("Waiting")
    return QueueItem(row.pk, who(row), what_is_lived(row), waits_for(row, now), badge, is_current=row.pk == current)


def who(row: SupportRequest) -> str:
    """A first name, or the number of a request that has none."""
    name = str(row.person.given_name) if row.person is not None else ""
    return name or _("Request %(number)s") % {"number": row.number}


def what_is_lived(row: SupportRequest) -> str:
    """« Sclérose en plaques, travail »: two or three words of what the person told."""
    needs: dict[str, Any] = row.needs or {}
    codes = [*needs.get("conditions", ())[:2], *(row.wishes or {}).get("matters", ())[:1]]
    said = [reasons.label(code) for code in codes] or [needs.get("own_condition", "")]
    if row.role == RequestRole.RELATIVE:
        said = [_("Relative"), *said]
    return ", ".join(one for one in said if one)


def waits_for(row: SupportRequest, now: datetime) -> str:
    """« Attend depuis 5 jours », or the day that does not move."""
    if row.fixed_on is not None:
        left = (row.fixed_on - timezone.localdate(now)).days
        if 0 <= left <= SOON_DAYS:
            return ngettext("Fixed date in %(n)s day", "Fixed date in %(n)s days", left) % {"n": left}
    days = (timezone.localdate(now) - timezone.localdate(row.received_at)).days
    if days <= 0:
        return _("Received today")
    return ngettext("Has been waiting for %(n)s day", "Has been waiting for %(n)s days", days) % {"n": days}


def tab_counts(actor: Actor) -> dict[str, int]:
    """How many requests in each state: one query for the tabs."""
    counted = visible(SupportRequest, actor).order_by().values_list("state").annotate(n=Count("pk"))
    return dict(counted)


# -- peers beside a request


def board_page(row: SupportRequest, looked: adapter.Look, actor: Actor) -> BoardPage:
    listed = looked.listed
    best = columns(listed.best, looked, actor)
    first = listed.best[0] if listed.best else next(iter(listed.stopped), None)
    return BoardPage(
        best=best,
        others=len(listed.others),
        stopped=len(listed.stopped),
        untold=reasons.untold(first) if first else [],
        rows=max((len(column.words) for column in best), default=0),
    )


def columns(explanations: Iterable[m.Explanation], looked: adapter.Look, actor: Actor) -> list[PeerColumn]:
    """Peers shown, with their names: four queries whatever their number."""
    told = list(explanations)
    keys = [one.peer for one in told]
    peers = {
        str(peer.pk): peer for peer in visible(Peer, actor).filter(pk__in=keys).select_related("person", "organisation")
    }
    vault.preload(peer.person.vault_id for peer in peers.values())
    versions = _limits_versions(actor, keys)
    return [
        _column(one, peers[one.peer], looked, versions.get(peers[one.peer].pk)) for one in told if one.peer in peers
    ]


def _column(one: m.Explanation, peer: Peer, looked: adapter.Look, version: int | None) -> PeerColumn:
    offer, facts = looked.offers[one.peer], looked.facts[one.peer]
    first_name, name = peer_names(peer)
    return PeerColumn(
        pk=peer.pk,
        name=name,
        first_name=first_name,
        role=role_since(peer, facts.years_engaged),
        words=reasons.say(one, offer),
        waits=reasons.waits_to_be_called(offer.days_since_last_pair or 0, never=facts.days_since_last_pair is None)
        if offer.load == 0
        else "",
        limits_version=version,
        rank=looked.rank_of(one.peer),
        why_not=reasons.say_blocks(one, looked.asked_before),
    )


def peer_names(peer: Peer) -> tuple[str, str]:
    """« Hélène », « Hélène D. »."""
    first, last = str(peer.person.given_name), str(peer.person.family_name)
    return first, f"{first} {last[:1]}.".strip() if last else first


def role_since(peer: Peer, years: int) -> str:
    """« Patiente partenaire depuis 4 ans », in the organisation's own words."""
    label = peer_label(peer.organisation, peer.person.gender)
    if years < 1:
        return _("%(label)s for less than a year") % {"label": label}
    return ngettext("%(label)s for %(n)s year", "%(label)s for %(n)s years", years) % {"label": label, "n": years}


def peer_label(organisation: Organisation, gender: str) -> str:
    """What the organisation calls its peers; the usual French word agrees with the person."""
    if organisation.peer_label != DEFAULT_LABEL:
        return organisation.peer_label[:1].upper() + organisation.peer_label[1:]
    return (
        pgettext("of a woman", "Patient partner") if gender == Gender.WOMAN else pgettext("of a man", "Patient partner")
    )


def _limits_versions(actor: Actor, keys: Iterable[str]) -> dict[UUID, int]:
    held = visible(LimitsPassport, actor).in_force().filter(peer_id__in=list(keys))
    return dict(held.filter(activity=Activity.ACCOMPANIMENT).values_list("peer_id", "version"))


# -- what a peer learns before answering


@dataclass(frozen=True)
class ProposalCard:
    """A proposal as the peer reads it: concerns, age class, ways to talk; nobody's name, no place."""

    proposal: Proposal
    concerns: Sequence[str]
    conditions: Sequence[str]
    stage: str
    age: str
    role: str
    ways: Sequence[str]
    is_late: bool = False
    notes: Sequence[str] = field(default_factory=tuple)


def proposal_card(proposal: Proposal, now: datetime) -> ProposalCard:
    row = proposal.request
    needs, wishes = row.needs or {}, row.wishes or {}
    age = age_class(row.birth_year, needs.get("age_group", ""))
    asked = set(wishes.get("channels", ()))
    return ProposalCard(
        proposal=proposal,
        concerns=[reasons.label(code) for code in wishes.get("matters", ())],
        conditions=[reasons.label(code) for code in needs.get("conditions", ())],
        stage=reasons.label(needs["stage"]) if needs.get("stage") else "",
        age=str(AgeClass(age).label) if age else "",
        role=row.get_role_display() if row.role == RequestRole.RELATIVE else "",
        ways=[str(Channel(code).label) for code in Channel.values if code in asked],
        is_late=now > proposal.answer_by,
    )


# -- the overall plan


@dataclass(frozen=True)
class PlanRow:
    """One line of the overall plan, in words."""

    line: PlanLine
    title: str
    what: str
    waits: str
    peer: str
    first_name: str
    moved: str
    why: str
    details: Sequence[str]
    moves: frozenset[str]


def plan_rows(
    plan_lines: Sequence[PlanLine], moves: dict[UUID, frozenset[str]], actor: Actor, now: datetime
) -> list[PlanRow]:
    """Lines with names and reasons: two queries besides the lines themselves."""
    keys = {key for line in plan_lines for key in _peers_named(line)}
    peers = visible(Peer, actor).filter(pk__in=keys).select_related("person")
    people = [line.request.person for line in plan_lines if line.request.person is not None]
    vault.preload(
        [peer.person.vault_id for peer in peers]
        + [person.vault_id for person in people]
        + [line.request.vault_id for line in plan_lines]
    )
    names = {str(peer.pk): peer_names(peer) for peer in peers}
    return [_plan_row(line, names, moves.get(line.pk, frozenset()), now) for line in plan_lines]


def _peers_named(line: PlanLine) -> list[str]:
    priced = [key for key, _saves in line.waiting_params.get("peers", ())]
    return [str(key) for key in (line.peer_id, line.moved_from_id) if key] + priced


def _plan_row(line: PlanLine, names: dict[str, tuple[str, str]], moves: frozenset[str], now: datetime) -> PlanRow:
    first, full = names.get(str(line.peer_id), ("", ""))
    why, details = "", []
    if line.peer_id is None and line.waiting_code:
        firsts = {key: one[0] for key, one in names.items()}
        why, details = reasons.say_waiting(line.waiting_code, line.waiting_params, firsts)
    return PlanRow(
        line=line,
        title=who(line.request),
        what=what_is_lived(line.request),
        waits=waits_for(line.request, now),
        peer=full,
        first_name=first,
        moved=_moved(line, names),
        why=why,
        details=details,
        moves=moves,
    )


def _moved(line: PlanLine, names: dict[str, tuple[str, str]]) -> str:
    if not line.has_moved:
        return ""
    before = names.get(str(line.moved_from_id), ("", ""))[1]
    if line.peer_id is None:
        return _("Was suggested to %(name)s before") % {"name": before}
    return _("Changed: %(name)s before") % {"name": before} if before else _("New suggestion")


# -- pairs

PAIR_TONES = {PairState.STARTING: "mirabelle", PairState.ONGOING: "sauge", PairState.CLOSED: "plain"}
LIST_COLUMNS = (
    *("pk", "state", "opened_at", "first_contact_by", "last_contact_at", "silent_from", "change_asked_at"),
    *("call_asked_at", "closed_at", "closing", "request__number"),
    *("peer__person_id", "peer__person__vault_id", "peer__person__given_name", "peer__person__family_name"),
    *("beneficiary_id", "beneficiary__vault_id", "beneficiary__given_name", "beneficiary__family_name"),
)


@dataclass(frozen=True, slots=True)
class PairRow:
    """One line of the list of pairs."""

    url: str
    names: str
    state: str
    tone: str
    opened: str
    last: str
    flags: Sequence[str]


def pair_rows(rows: Iterable[tuple[Any, ...]], now: datetime) -> list[PairRow]:
    """Tuples of LIST_COLUMNS as lines; names are opened together."""
    told = [dict(zip(LIST_COLUMNS, row, strict=True)) for row in rows]
    vault.preload(row[key] for row in told for key in ("peer__person__vault_id", "beneficiary__vault_id") if row[key])
    base = reverse("pair_list")
    states, reasons_said = dict(PairState.choices), dict(PairClosing.choices)
    return [_pair_row(row, base, states, reasons_said, now) for row in told]


def _pair_row(
    row: dict[str, Any], base: str, states: dict[str, Any], closings: dict[str, Any], now: datetime
) -> PairRow:
    peer = _short_name(row["peer__person_id"], row, "peer__person__")
    person = _short_name(row["beneficiary_id"], row, "beneficiary__") if row["beneficiary_id"] else _("Erased")
    state = row["state"]
    said = states[state] if state != PairState.CLOSED else f"{states[state]} · {closings.get(row['closing'], '')}"
    return PairRow(
        url=f"{base}{row['pk']}/",
        names=_("%(person)s with %(peer)s") % {"person": person, "peer": peer},
        state=str(said),
        tone=PAIR_TONES[state],
        opened=say_date(timezone.localdate(row["opened_at"])),
        last=say_ago(row["last_contact_at"], now) if row["last_contact_at"] else "",
        flags=_pair_flags(row, now),
    )


def _pair_flags(row: dict[str, Any], now: datetime) -> list[str]:
    flags = []
    if row["state"] == PairState.STARTING and row["first_contact_by"] < now:
        flags.append(_("First contact late"))
    if row["state"] == PairState.ONGOING and row["silent_from"] and row["silent_from"] < now:
        flags.append(_("Silent"))
    if row["state"] != PairState.CLOSED and row["change_asked_at"]:
        flags.append(_("Would like someone else"))
    if row["call_asked_at"]:
        flags.append(_("A call to arrange"))
    return flags


def _short_name(person_id: UUID, row: dict[str, Any], prefix: str) -> str:
    """« Nadia B. »."""
    key = row[f"{prefix}vault_id"]
    first, last = (
        str(open_value(Person, name, person_id, None, key, row[f"{prefix}{name}"]))
        for name in ("given_name", "family_name")
    )
    return f"{first} {last[:1]}." if last else first


@dataclass(frozen=True)
class PairNames:
    """The two, as staff read them."""

    person: str
    peer: str

    @property
    def both(self) -> str:
        return _("%(person)s with %(peer)s") % {"person": self.person, "peer": self.peer}


def pair_names(pair: Pair) -> PairNames:
    vault.preload(pair.vault_ids())
    person = str(pair.beneficiary.given_name) if pair.beneficiary else _("Erased")
    return PairNames(person, peer_names(pair.peer)[1])


@dataclass(frozen=True)
class EvaluationRow:
    """The three answers of one side, in words; nothing for a question left out."""

    side: str
    answers: Sequence[tuple[str, str]]
    word: str
    is_answered: bool


def evaluation_rows(rows: Iterable[Evaluation]) -> list[EvaluationRow]:
    said = dict(FIVE)
    return [
        EvaluationRow(
            side=row.get_side_display(),
            answers=[
                (question, str(said[given]) if given else "")
                for question, given in zip(questions(row.side), (row.first, row.second, row.third), strict=True)
            ],
            word=str(row.word),
            is_answered=row.answered_at is not None,
        )
        for row in rows
    ]
