"""Everything matching needs to know of the peers, as plain values, in a fixed number of queries.

Only what may be used to propose someone: engaged, agreeing to it, nothing stopped about them. Names stay sealed; the town and
the employer, which serve the sole wish « not someone from there », are opened and go no further.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Q, TextField, UUIDField
from django.db.models.functions import Cast
from django.utils import timezone

from vecu.core import vault
from vecu.core.crypto import open_value
from vecu.core.prepared import Asked, Prepared, any_of
from vecu.peers import readiness, terms
from vecu.peers.enums import Activity
from vecu.peers.models import LimitsPassport, LivedExperience, Peer
from vecu.people.models import Organisation, Person, Site

COLUMNS = (
    *("pk", "person_id", "kind", "relation", "max_pairs", "active_pairs", "paused_at", "paused_until", "last_pair_at"),
    *("started_on", "care_site_id", "lacks_proofs", "away_until"),
    *("person__birth_year", "person__gender", "person__departement"),
)
LISTS = {"channels": "channels", "slots": "slots", "territories": "territories", "languages": "person__languages"}
SEALED = ("vault_id", "employer_code", "person__vault_id", "person__town")
NOWHERE: frozenset[UUID] = frozenset()
NOTHING: frozenset[str] = frozenset()
HERE = Asked("organisation_id", UUIDField())

IDS = UUIDField()


def _lived_by(some: bool) -> Prepared:
    rows = LivedExperience.objects.filter(_of_those(some, "peer_id"), organisation_id=HERE)
    return Prepared(
        lambda: rows.order_by("peer_id", "-year_from", "code").values_list(
            Cast("peer_id", TextField()), "code", "year_from", "year_to"
        )
    )


def _refused_by(some: bool) -> Prepared:
    rows = LimitsPassport.objects.in_force().filter(_of_those(some, "peer_id"), organisation_id=HERE)
    return Prepared(
        lambda: (
            rows.filter(activity=Activity.ACCOMPANIMENT)
            .order_by()
            .values_list(Cast("peer_id", TextField()), Cast("refused_codes", TextField()))
        )
    )


def _of_those(some: bool, column: str) -> Q:
    return any_of(column, "ids", IDS) if some else Q()


# Everyone's or some people's, read when somebody is looked for: written once. Keys and lists are read as text, because
# thousands of them would be turned into objects; a list of codes is the same object for all who told the same.
LIVED = {some: _lived_by(some) for some in (False, True)}
REFUSED = {some: _refused_by(some) for some in (False, True)}


@dataclass(frozen=True, slots=True)
class Lived:
    """One dated experience. `changed_in` is the year treatment changed, when it was lived wholly before."""

    code: str
    kind: str
    family: str
    year_from: int | None
    year_to: int | None
    changed_in: int | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What one peer can give on a day. Empty sets and None mean "not told": never a reason against."""

    peer_id: UUID
    person_id: UUID
    kind: str
    relation: str
    places_left: int
    load: int
    is_paused: bool
    is_cleared: bool
    ready_site_ids: frozenset[UUID]
    languages: frozenset[str]
    channels: frozenset[str]
    slots: frozenset[str]
    departement: str
    territories: frozenset[str]
    town: str
    care_site_id: UUID | None
    employer: str
    birth_year: int | None
    age: int | None
    gender: str
    experiences: tuple[Lived, ...]
    refused_codes: frozenset[str]
    started_on: date
    years_engaged: int
    days_since_last_pair: int | None


def offers(
    organisation: Organisation,
    site: Site | None = None,
    on: date | None = None,
    peer_ids: Iterable[UUID] | None = None,
    with_places: bool = True,
) -> list[Offer]:
    """The engaged peers of an organisation, each with what they offer that day; `site` keeps those ready there.

    Towns and employers stay sealed, and read as not told, when nobody's wish needs them (`with_places=False`).
    """
    day = on or timezone.localdate()
    names = (*COLUMNS, *SEALED, *LISTS, "key") if with_places else (*COLUMNS, *LISTS, "key")
    some = peer_ids is not None
    asked = {"organisation_id": organisation.pk} | ({"ids": list(peer_ids)} if peer_ids is not None else {})
    rows = [dict(zip(names, row, strict=True)) for row in _engaged(day, with_places, some).rows(**asked)]
    if with_places:
        vault.preload(row[name] for row in rows for name in ("vault_id", "person__vault_id") if _has_text(row, name))
    ready_sites = readiness.sites_with_agreement(organisation, day)
    lived = _lived(LIVED[some].rows(**asked))
    refused = {key: _codes(text) for key, text in REFUSED[some].rows(**asked)}
    found = []
    for row in rows:
        is_cleared = not row["lacks_proofs"]
        if site is not None and not (is_cleared and site.pk in ready_sites):
            continue
        offer = _offer(row, day, ready_sites, lived.get(row["key"], ()), refused.get(row["key"], NOTHING))
        found.append(replace(offer, **_places(row, organisation)) if with_places else offer)
    return found


@lru_cache(maxsize=16)
def _engaged(day: date, with_places: bool, some: bool) -> Prepared:
    """Those who may be proposed that day, or some of them."""
    names = (*COLUMNS, *SEALED) if with_places else COLUMNS
    lists = (Cast(path, TextField()) for path in LISTS.values())
    return Prepared(
        lambda: (
            Peer.objects.engaged(day)
            .agreeing_in(HERE)
            .with_standing(day)
            .filter(_of_those(some, "pk"), person__stopped_at=None)
            .order_by()
            .values_list(*names, *lists, Cast("pk", TextField()))
        )
    )


def _offer(
    row: dict[str, Any], day: date, sites: frozenset[UUID], lived: tuple[Lived, ...], refused: frozenset[str]
) -> Offer:
    until, called_at, zone = row["paused_until"], row["last_pair_at"], timezone.get_default_timezone()
    is_paused = row["paused_at"] is not None and (until is None or until > day)
    birth_year, is_cleared = row["person__birth_year"], not row["lacks_proofs"]
    return Offer(
        peer_id=row["pk"],
        person_id=row["person_id"],
        kind=row["kind"],
        relation=row["relation"],
        places_left=row["max_pairs"] - row["active_pairs"],
        load=row["active_pairs"],
        is_paused=is_paused or row["away_until"] is not None,
        is_cleared=is_cleared,
        ready_site_ids=sites if is_cleared else NOWHERE,
        languages=_codes(row["languages"]),
        channels=_codes(row["channels"]),
        slots=_codes(row["slots"]),
        departement=row["person__departement"],
        territories=_codes(row["territories"]),
        town="",
        care_site_id=row["care_site_id"],
        employer="",
        birth_year=birth_year,
        age=day.year - birth_year if birth_year else None,
        gender=row["person__gender"],
        experiences=lived,
        refused_codes=refused,
        started_on=row["started_on"],
        years_engaged=(day - row["started_on"]).days // 365,
        days_since_last_pair=(day - called_at.astimezone(zone).date()).days if called_at else None,
    )


@lru_cache(maxsize=4096)
def _codes(text: str) -> frozenset[str]:
    """A list of codes as the database keeps it."""
    return frozenset(json.loads(text))


def _places(row: dict[str, Any], organisation: Organisation) -> dict[str, str]:
    return {
        "town": _open(Person, "town", row["person_id"], None, row["person__vault_id"], row["person__town"]),
        "employer": _open(Peer, "employer_code", row["pk"], organisation.pk, row["vault_id"], row["employer_code"]),
    }


def _lived(rows: Iterable[tuple[Any, ...]]) -> dict[str, tuple[Lived, ...]]:
    found: dict[str, list[Lived]] = {}
    for key, code, start, end in rows:
        if terms.is_known(code):
            found.setdefault(key, []).append(lived_one(code, start, end))
    return {key: tuple(lived) for key, lived in found.items()}


@lru_cache(maxsize=4096)
def lived_one(code: str, year_from: int | None, year_to: int | None) -> Lived:
    """A dated experience, with what changed since."""
    one = terms.term(code)
    return Lived(code, one.kind, one.family, year_from, year_to, terms.changed_since(code, year_from, year_to))


def _has_text(row: dict[str, Any], key: str) -> bool:
    return bool(row["employer_code"] if key == "vault_id" else row["person__town"])


def _open(model: Any, field: str, row_id: UUID, organisation_id: UUID | None, key_id: UUID, sealed: Any) -> str:
    return str(open_value(model, field, row_id, organisation_id, key_id, sealed)) if sealed else ""
