"""Somebody recruited for a need is ready: those who waited with it come first, and the reason is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import F, UUIDField
from django.urls import reverse
from django.utils import timezone

from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.models import SupportRequest, UnmetNeed
from vecu.core import vault
from vecu.core.access import visible
from vecu.core.prepared import Asked, Prepared, PreparedRows, SeenRows, any_of
from vecu.peers import readiness
from vecu.peers.models import Peer, RecruitedFor
from vecu.people.actor import Actor
from vecu.people.policy import Can

SHOWN = 10
TARGET = ("code", "kind", "age_class", "departement")
SHOWN_OF_REQUEST = ("number", "received_at", "person__vault_id", "person__given_name")

# Read on the first screen of those who coordinate, and each time somebody is looked for: written once.
CAME = SeenRows(
    Can.SEE_PEERS,
    RecruitedFor,
    lambda actor: visible(RecruitedFor, actor).order_by("-created_at"),
    only=("peer_id", *TARGET),
)
CAME_HERE = Prepared(
    lambda: (
        RecruitedFor.objects.filter(organisation_id=Asked("organisation_id", UUIDField()))
        .order_by()
        .values_list("peer_id", "number", *TARGET)
    )
)
NEEDS_OF = PreparedRows(
    UnmetNeed, lambda: UnmetNeed.objects.standing().filter(any_of("request_id", "ids", UUIDField())).order_by("pk")
)


@dataclass(frozen=True)
class Hope:
    """One request that waited, and the first names of those who may fit, recruited for it."""

    url: str
    who: str
    waits_since: datetime
    names: str


def target_of(need: UnmetNeed) -> dict[str, str]:
    """Whom this need asks for, in the words a recruitment has."""
    code = need.codes[0] if need.codes else ""
    return {"code": code, "kind": need.role, "age_class": need.age_class, "departement": need.departement}


def standing_needs(organisation_id: UUID, target: dict[str, str]) -> list[UUID]:
    """The needs without an answer that ask for this."""
    found = UnmetNeed.objects.standing().filter(organisation_id=organisation_id).for_target(**target)
    return list(found.values_list("pk", flat=True))


def recruited_for(organisation_id: UUID, rows: Iterable[SupportRequest]) -> dict[str, dict[str, int]]:
    """For each request that waited: the peers recruited for it, and the number of that recruitment. One query for most,
    two for all."""
    came = CAME_HERE.rows(organisation_id=organisation_id)
    if not came:
        return {}
    found: dict[str, dict[str, int]] = {}
    for need in NEEDS_OF.all(ids=[row.pk for row in rows]):
        asked = target_of(need)
        mine = {
            str(peer_id): number
            for peer_id, number, *looked_for in came
            if _answers(dict(zip(TARGET, looked_for, strict=True)), asked)
        }
        if mine:
            found[str(need.request_id)] = mine
    return found


def hopes_today(actor: Actor, now: datetime) -> list[Hope]:
    """Requests still to match whose need somebody was recruited for, now that they are ready; oldest first. The needs
    are read once, however many were recruited."""
    if not actor.may(Can.PROPOSE_PEER):
        return []
    came = CAME.all(actor, slice(0, 200))
    ready = _ready(actor, came, now) if came else {}
    looked_for = [
        ({name: getattr(one, name) for name in TARGET}, ready[one.peer_id]) for one in came if one.peer_id in ready
    ]
    if not looked_for:
        return []
    asked = dict.fromkeys(tuple(target[name] for name in TARGET) for target, _name in looked_for)
    first = _waiting_with(tuple(asked)).all(actor, slice(0, SHOWN))
    return _in_words(
        (need.request, [name for target, name in looked_for if _answers(target, target_of(need))]) for need in first
    )


@lru_cache(maxsize=64)
def _waiting_with(targets: tuple[tuple[str, ...], ...]) -> SeenRows[UnmetNeed]:
    """The requests to match that wait with one of these needs: the same few from one morning to the next."""
    asked = [dict(zip(TARGET, target, strict=True)) for target in targets]
    return SeenRows(
        Can.SEE_NEEDS,
        UnmetNeed,
        lambda actor: (
            visible(UnmetNeed, actor)
            .standing()
            .for_any(asked)
            .filter(request__state__in=RequestState.to_match(), request__person__stopped_at=None)
            .order_by("request__received_at", "pk")
        ),
        "request__person",
        only=("codes", "role", "age_class", "departement", *(f"request__{name}" for name in SHOWN_OF_REQUEST)),
    )


@lru_cache(maxsize=4)
def _free(day: date) -> SeenRows[Peer]:
    """Those of them who may be proposed that day and have a free place."""
    return SeenRows(
        Can.SEE_PEERS,
        Peer,
        lambda actor: (
            visible(Peer, actor)
            .available(day)
            .filter(any_of("pk", "ids", UUIDField()), active_pairs__lt=F("max_pairs"))
            .order_by()
        ),
        "person",
        only=("person__vault_id", "person__given_name"),
    )


def _answers(looked_for: dict[str, str], asked: dict[str, str]) -> bool:
    """The experience and its kind are those; a part the recruitment left open is any."""
    exact = all(looked_for[name] == asked[name] for name in ("code", "kind"))
    return exact and all(
        not looked_for[name] or looked_for[name] == asked[name] for name in ("age_class", "departement")
    )


def _ready(actor: Actor, came: Iterable[RecruitedFor], now: datetime) -> dict[UUID, str]:
    """Those who may be proposed today and have a free place, with their first name."""
    today = timezone.localdate(now)
    peers = _free(today).all(actor, ids={one.peer_id for one in came})
    missing = readiness.personal([peer.pk for peer in peers], today)
    peers = [peer for peer in peers if not missing[peer.pk]]
    vault.preload(peer.person.vault_id for peer in peers)
    return {peer.pk: str(peer.person.given_name) for peer in peers}


def _in_words(found: Iterable[tuple[SupportRequest, list[str]]]) -> list[Hope]:
    rows: list[tuple[SupportRequest, Any]] = sorted(found, key=lambda one: one[0].received_at)[:SHOWN]
    vault.preload(row.person.vault_id for row, _names in rows if row.person)
    return [
        Hope(
            reverse("board_request", args=[row.pk]),
            str(row.person.given_name) if row.person else str(row.number),
            row.received_at,
            ", ".join(dict.fromkeys(names)),
        )
        for row, names in rows
    ]
