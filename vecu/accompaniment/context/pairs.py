"""What pages of proposals and pairs show: rows put into words once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import reasons
from vecu.accompaniment.context.board import peer_names, shown_name
from vecu.accompaniment.enums import FIVE, QUESTIONS, AgeGroup, EvaluationSide, PairClosing, PairState, RequestRole
from vecu.accompaniment.models import Evaluation, Pair, Proposal
from vecu.core import vault
from vecu.core.crypto import open_value
from vecu.core.moments import say_ago, say_date
from vecu.peers.enums import AgeClass, Channel
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can


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
    is_by_phone: bool = False
    notes: Sequence[str] = field(default_factory=tuple)


def proposal_card(proposal: Proposal, now: datetime) -> ProposalCard:
    row = proposal.request
    needs, wishes = row.needs or {}, row.wishes or {}
    is_minor = needs.get("age_group") in (AgeGroup.YOUNG, AgeGroup.CHILD)
    age = AgeClass.of(row.birth_year, timezone.localdate(now), is_minor=is_minor)
    asked = set(wishes.get("channels", ()))
    return ProposalCard(
        proposal=proposal,
        concerns=[reasons.label(code) for code in wishes.get("matters", ())],
        conditions=[reasons.label(code) for code in needs.get("conditions", ())],
        stage=reasons.label(needs["stage"]) if needs.get("stage") else "",
        age=str(age.label) if age else "",
        role=row.get_role_display() if row.role == RequestRole.RELATIVE else "",
        ways=[str(Channel(code).label) for code in Channel.values if code in asked],
        is_late=now > proposal.answer_by,
        is_by_phone=row.person is not None and row.person.user_id is None,
    )


PAIR_TONES = {PairState.STARTING: "mirabelle", PairState.ONGOING: "sauge", PairState.CLOSED: "plain"}
LIST_COLUMNS = (
    *("pk", "state", "opened_at", "first_contact_by", "last_contact_at", "silent_from", "change_asked_at"),
    *("call_asked_at", "call_planned_at", "beneficiary__user_id", "closed_at", "closing", "request__number"),
    *("peer__paused_at", "peer__paused_until"),
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
    if row["state"] != PairState.CLOSED and _is_on_pause(row, timezone.localdate(now)):
        flags.append(_("Peer on a pause"))
    if row["state"] == PairState.STARTING and row["first_contact_by"] < now:
        flags.append(_("First contact late"))
    if row["state"] == PairState.ONGOING and row["silent_from"] and row["silent_from"] < now:
        flags.append(_("Silent"))
    if row["state"] != PairState.CLOSED and row["change_asked_at"]:
        flags.append(_("Would like someone else"))
    if row["call_asked_at"] or _cannot_begin(row):
        flags.append(_("A call to arrange"))
    return flags


def _cannot_begin(row: dict[str, Any]) -> bool:
    """As `Pair.awaits_call`: without an account, not before a call is arranged."""
    is_by_phone = row["beneficiary_id"] is not None and row["beneficiary__user_id"] is None
    return is_by_phone and row["state"] == PairState.STARTING and row["call_planned_at"] is None


def _is_on_pause(row: dict[str, Any], day: date) -> bool:
    until = row["peer__paused_until"]
    return row["peer__paused_at"] is not None and (until is None or until > day)


def _short_name(person_id: UUID, row: dict[str, Any], prefix: str) -> str:
    """« Nadia B. »."""
    key = row[f"{prefix}vault_id"]
    first, last = (
        str(open_value(Person, name, person_id, None, key, row[f"{prefix}{name}"]))
        for name in ("given_name", "family_name")
    )
    return shown_name(first, last)


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
    is_cancelled: bool = False
    phone_url: str = ""


def evaluation_rows(rows: Iterable[Evaluation], actor: Actor) -> list[EvaluationRow]:
    rows, said = list(rows), dict(FIVE)
    by_phone = {row.pk for row in rows if row.awaits_phone}
    return [
        EvaluationRow(
            side=row.get_side_display(),
            answers=[
                (question, str(said[given]) if given else "")
                for question, given in zip(
                    QUESTIONS[EvaluationSide(row.side)], (row.first, row.second, row.third), strict=True
                )
            ],
            word=str(row.word),
            is_answered=row.answered_at is not None,
            is_cancelled=row.cancelled_at is not None,
            phone_url=reverse("evaluation_by_phone", args=[row.pk])
            if row.pk in by_phone and actor.may(Can.CLOSE_PAIR)
            else "",
        )
        for row in rows
    ]
