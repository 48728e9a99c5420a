"""Everything matching needs to know of the peers, as plain values, in a fixed number of queries.

Only what may be used to propose someone: engaged, agreeing to it, nothing stopped about them. Names stay sealed; the town and
the employer, which serve the sole wish « not someone from there », are opened and go no further.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from vecu.core import vault
from vecu.core.crypto import open_value
from vecu.peers import readiness, terms
from vecu.peers.enums import Activity
from vecu.peers.models import Absence, LimitsPassport, LivedExperience, Peer
from vecu.people.models import Organisation, Person, Site

COLUMNS = (
    *("pk", "person_id", "kind", "relation", "max_pairs", "active_pairs", "channels", "slots", "territories"),
    *("paused_at", "paused_until", "last_pair_at", "started_on", "employer_code", "vault_id", "care_site_id"),
    *("person__birth_year", "person__gender", "person__languages", "person__departement"),
    *("person__town", "person__vault_id"),
)


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
    peers = Peer.objects.engaged(day).agreeing().filter(organisation=organisation, person__stopped_at=None)
    if peer_ids is not None:
        peers = peers.filter(pk__in=list(peer_ids))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in peers.order_by("pk").values_list(*COLUMNS)]
    ids = {row["pk"] for row in rows}
    if with_places:
        vault.preload(row[name] for row in rows for name in ("vault_id", "person__vault_id") if _has_text(row, name))
    cleared = readiness.cleared_here(organisation, day)
    ready_sites = readiness.sites_with_agreement(organisation, day)
    lived, refused, away = _lived(organisation, ids), _refused(organisation), _away(organisation, day)
    found = []
    for row in rows:
        pk = row["pk"]
        is_cleared = pk in cleared
        if site is not None and not (is_cleared and site.pk in ready_sites):
            continue
        sites = ready_sites if is_cleared else frozenset()
        offer = _offer(row, day, is_cleared, sites, lived.get(pk, ()), refused.get(pk), pk in away)
        found.append(replace(offer, **_places(row, organisation)) if with_places else offer)
    return found


def _offer(
    row: dict[str, Any],
    day: date,
    is_cleared: bool,
    sites: frozenset[UUID],
    lived: tuple[Lived, ...],
    refused: frozenset[str] | None,
    is_away: bool,
) -> Offer:
    until, called_at = row["paused_until"], row["last_pair_at"]
    birth_year = row["person__birth_year"]
    return Offer(
        peer_id=row["pk"],
        person_id=row["person_id"],
        kind=row["kind"],
        relation=row["relation"],
        places_left=row["max_pairs"] - row["active_pairs"],
        load=row["active_pairs"],
        is_paused=is_away or (row["paused_at"] is not None and (until is None or until > day)),
        is_cleared=is_cleared,
        ready_site_ids=sites,
        languages=frozenset(row["person__languages"]),
        channels=frozenset(row["channels"]),
        slots=frozenset(row["slots"]),
        departement=row["person__departement"],
        territories=frozenset(row["territories"]),
        town="",
        care_site_id=row["care_site_id"],
        employer="",
        birth_year=birth_year,
        age=day.year - birth_year if birth_year else None,
        gender=row["person__gender"],
        experiences=lived,
        refused_codes=refused or frozenset(),
        started_on=row["started_on"],
        years_engaged=(day - row["started_on"]).days // 365,
        days_since_last_pair=(day - timezone.localdate(called_at)).days if called_at else None,
    )


def _places(row: dict[str, Any], organisation: Organisation) -> dict[str, str]:
    return {
        "town": _open(Person, "town", row["person_id"], None, row["person__vault_id"], row["person__town"]),
        "employer": _open(Peer, "employer_code", row["pk"], organisation.pk, row["vault_id"], row["employer_code"]),
    }


def _lived(organisation: Organisation, ids: set[UUID]) -> dict[UUID, tuple[Lived, ...]]:
    found: dict[UUID, list[Lived]] = {}
    rows = LivedExperience.objects.filter(organisation=organisation).order_by("peer_id", "-year_from", "code")
    for peer_id, code, start, end in rows.values_list("peer_id", "code", "year_from", "year_to"):
        if peer_id in ids and terms.is_known(code):
            found.setdefault(peer_id, []).append(lived_one(code, start, end))
    return {peer_id: tuple(lived) for peer_id, lived in found.items()}


@lru_cache(maxsize=4096)
def lived_one(code: str, year_from: int | None, year_to: int | None) -> Lived:
    """A dated experience, with what changed since."""
    one = terms.term(code)
    return Lived(code, one.kind, one.family, year_from, year_to, terms.changed_since(code, year_from, year_to))


def _refused(organisation: Organisation) -> dict[UUID, frozenset[str]]:
    passports = LimitsPassport.objects.in_force().filter(organisation=organisation, activity=Activity.ACCOMPANIMENT)
    return {
        peer_id: frozenset(codes) for peer_id, codes in passports.order_by().values_list("peer_id", "refused_codes")
    }


def _away(organisation: Organisation, day: date) -> set[UUID]:
    absences = Absence.objects.filter(organisation=organisation, starts_on__lte=day, ends_on__gte=day)
    return set(absences.values_list("peer_id", flat=True))


def _has_text(row: dict[str, Any], key: str) -> bool:
    return bool(row["employer_code"] if key == "vault_id" else row["person__town"])


def _open(model: Any, field: str, row_id: UUID, organisation_id: UUID | None, key_id: UUID, sealed: Any) -> str:
    return str(open_value(model, field, row_id, organisation_id, key_id, sealed)) if sealed else ""
