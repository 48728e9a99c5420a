"""From rows to the matching engine and back: who waits, who can give what, in a fixed number of queries.

What a person or a peer did not say stays unsaid here (None or empty): it is neutral for the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import matching as m
from vecu.accompaniment import newcomers
from vecu.accompaniment.enums import ProposalState, RequestRole, Stage
from vecu.accompaniment.matching import Explanation
from vecu.accompaniment.models import Pair, Programme, Proposal, SupportRequest
from vecu.core import vault
from vecu.core.moments import say_date
from vecu.core.prepared import Asked, Prepared, any_of
from vecu.peers import terms, territory
from vecu.peers.enums import PeerKind
from vecu.peers.offers import Offer, offers
from vecu.people.models import Organisation, Person

ANYWHERE = ""
YEAR = timedelta(days=365)
NEAR_AGE = 10
# A peer has been through a moment when one of these is among what they lived.
STAGES_LIVED = {
    Stage.DIAGNOSIS: {"annonce"},
    Stage.TREATMENT: {"pendant_traitement"},
    Stage.BEFORE_OPERATION: {"avant_operation"},
    Stage.AFTER: {"apres_traitement", "retour_maison"},
    Stage.RELAPSE: {"recidive", "rechute"},
    Stage.LIVING_WITH: {"vivre_longtemps"},
}
STAGE_OF = {code: str(stage.value) for stage, codes in STAGES_LIVED.items() for code in codes}
# Saying no, or nothing, to a request: not asked again about the same one.
ANSWERED_NO = (ProposalState.DECLINED, ProposalState.EXPIRED)

# Read each time somebody is looked for: written once.
OPENED = Prepared(
    lambda: (
        Pair.objects.filter(
            organisation_id=Asked("organisation_id", UUIDField()), opened_at__gt=Asked("since", DateTimeField())
        )
        .order_by()
        .values_list("peer_id")
        .annotate(Count("pk"))
    )
)
SAID_NO = Prepared(
    lambda: (
        Proposal.objects.filter(any_of("request_id", "ids", UUIDField()), state__in=ANSWERED_NO)
        .order_by("answered_at")
        .values_list("request_id", "peer_id", "state", "answered_at")
    )
)


@dataclass(frozen=True)
class Instance:
    """What the engine looks at, by string keys, and why some peers were already asked."""

    needs: dict[str, m.Need]
    offers: dict[str, m.PeerOffer]
    settings: m.Settings
    facts: dict[str, Offer]
    asked_before: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    recruited: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # need → peer → number of a recruitment

    def blocks(self, need: str, peer: str) -> tuple[m.Block, ...]:
        return m.blocks(self.needs[need], self.offers[peer], self.settings)


@dataclass(frozen=True)
class Look:
    """One request looked at: its suggestions and, for each peer, the facts shown beside the reasons."""

    listed: m.Shortlist
    offers: dict[str, m.PeerOffer]
    facts: dict[str, Offer]
    asked_before: Mapping[str, str]
    recruited: Mapping[str, int] = field(default_factory=dict)  # peer → number of the recruitment they came through

    def rank_of(self, peer: str) -> int | None:
        """1 for the first suggested; None for a peer a hard rule sets aside."""
        return self._ranks.get(peer)

    @cached_property
    def _ranks(self) -> dict[str, int]:
        free = (*(one.peer for one in self.listed.best), *self.listed.others.peers)
        return {peer: rank for rank, peer in enumerate(free, 1)}

    @property
    def nobody_lived_it(self) -> bool:
        """None of those who could be proposed has lived the illness of this request."""
        best, others = self.listed.best, self.listed.others
        return (
            bool(best) and all(one.verdict("condition") == "no" for one in best) and others.all_say("condition", "no")
        )

    def explanation(self, peer: str) -> Explanation | None:
        shown = next((one for one in self.listed.best if one.peer == peer), None)
        rest = self.listed.rest
        return shown or (rest[rest.peers.index(peer)] if peer in rest.peers else None)


def look_at(request: SupportRequest, now: datetime) -> Look:
    """The peers for one request, best first, with those a hard rule sets aside."""
    found = instance(request.organisation, [request], now)
    key = str(request.pk)
    listed = m.shortlist(found.needs[key], found.offers.values(), found.settings)
    return Look(listed, found.offers, found.facts, found.asked_before.get(key, {}), found.recruited.get(key, {}))


def instance(organisation: Organisation, requests: Iterable[SupportRequest], now: datetime) -> Instance:
    """Everyone who waits and everyone who can give, as the engine reads them."""
    rows = list(requests)
    today = timezone.localdate(now)
    vault.preload(row.vault_id for row in rows)
    asks_town = any((row.wishes or {}).get("not_same_town") for row in rows)
    facts = {str(one.peer_id): one for one in offers(organisation, on=today, with_places=asks_town)}
    recent = _pairs_in_year(organisation.pk, now)
    towns = _towns(row.person_id for row in rows if row.person_id) if asks_town else {}
    said_no, came = _said_no(rows), newcomers.recruited_for(organisation.pk, rows)
    needs = {str(row.pk): need_of(row, today, facts, towns, said_no.get(str(row.pk), {})) for row in rows}
    return Instance(
        needs={key: replace(need, recruited=frozenset(came.get(key, ()))) for key, need in needs.items()},
        offers={key: offer_of(key, one, recent.get(one.peer_id, 0), today) for key, one in facts.items()},
        settings=settings_of(rows[0].programme if rows else None),
        facts=facts,
        asked_before=said_no,
        recruited=came,
    )


def need_of(
    row: SupportRequest,
    today: date,
    facts: Mapping[str, Offer],
    towns: Mapping[UUID, str],
    said_no: Mapping[str, str],
) -> m.Need:
    """A request as the engine reads it. Never the person themselves, nor a peer who already said no to it."""
    needs: dict[str, Any] = row.needs or {}
    wishes: dict[str, Any] = row.wishes or {}
    age = today.year - row.birth_year if row.birth_year else None
    left = (row.fixed_on - today).days if row.fixed_on else -1
    herself = {key for key, one in facts.items() if one.person_id == row.person_id}
    return m.Need(
        id=str(row.pk),
        role="relative" if row.role == RequestRole.RELATIVE else "patient",
        conditions=frozenset(needs.get("conditions", ())),
        concerns=frozenset(wishes.get("matters", ())),
        situations=frozenset(needs.get("situations", ())),
        treatments=frozenset(needs.get("treatments", ())),
        stage=needs.get("stage") or None,
        age=age,
        age_at_diagnosis=needs.get("age_at_diagnosis"),
        relation=row.relation or None,
        languages=frozenset(row.languages),
        channels=frozenset(wishes.get("channels", ())),
        territory=row.departement or None,
        site=str(row.site_id) if row.site_id else ANYWHERE,
        place_of_care=str(row.site_id) if row.site_id else None,
        town=towns.get(row.person_id) if row.person_id else None,
        slots=frozenset(wishes.get("slots", ())),
        gender_wish=wishes.get("gender") or None,
        age_wish=(age - NEAR_AGE, age + NEAR_AGE) if age is not None and wishes.get("near_my_age") else None,
        not_same_site=bool(wishes.get("not_same_site")),
        not_same_town=bool(wishes.get("not_same_town")),
        excluded_peers=frozenset(wishes.get("excluded_peers", ())) | herself | said_no.keys(),
        waited_days=max(0, (today - timezone.localdate(row.received_at)).days),
        priority_in_days=left if left >= 0 else None,  # a day that has passed presses no more
        asked_points=_asked_points(wishes),
    )


def offer_of(key: str, one: Offer, pairs_12_months: int, today: date) -> m.PeerOffer:
    """What a peer gives, as the engine reads it. Never called means waiting since the first day."""
    told = tuple([_experience(x.code, x.kind, x.year_from, x.year_to) for x in one.experiences])
    diagnosed = [x.year_from for x in told if x.kind == "illness" and x.year_from is not None]
    waited = one.days_since_last_pair if one.days_since_last_pair is not None else (today - one.started_on).days
    return m.PeerOffer(
        id=key,
        capacity=max(0, one.places_left),
        load=one.load,
        role="relative" if one.kind == PeerKind.RELATIVE else "patient",
        paused=one.is_paused,
        languages=one.languages,
        channels=one.channels,
        territory=one.departement or None,
        in_person_in=one.territories,
        experiences=told,
        stages=frozenset([STAGE_OF[x.code] for x in told if x.code in STAGE_OF]),
        age=one.age,
        age_at_diagnosis=min(diagnosed) - one.birth_year if diagnosed and one.birth_year else None,
        gender=one.gender or None,
        relation=one.relation or None,
        sites_ready=_ready_at(one.ready_site_ids, one.is_cleared),
        refuses=one.refused_codes,
        slots=one.slots,
        pairs_12_months=pairs_12_months,
        days_since_last_pair=max(0, waited),
        place_of_care=str(one.care_site_id) if one.care_site_id else None,
        town=one.town.strip().casefold() or None,
        employer=one.employer.strip().casefold() or None,
    )


@lru_cache(maxsize=4096)
def _experience(code: str, kind: Any, year_from: int | None, year_to: int | None) -> m.Experience:
    """The same object for all who lived the same in the same years."""
    return m.Experience(code, kind, year_from, year_to)


@lru_cache(maxsize=64)
def _ready_at(site_ids: frozenset[UUID], is_cleared: bool) -> frozenset[str]:
    """The sites of an organisation are the same for each of its peers whose own proofs are in order."""
    return frozenset({str(site) for site in site_ids} | ({ANYWHERE} if is_cleared else set()))


def settings_of(programme: Programme | None) -> m.Settings:
    """The maps of the maintained lists; the programme's own year holds for treatments the list does not
    date."""
    since = terms.since_years()
    if programme is not None and programme.protocol_year:
        undated = (one.code for one in terms.all_terms("treatment") if one.code not in since)
        since = {**since, **dict.fromkeys(undated, programme.protocol_year)}
    reference = m.Reference(families=terms.families(), neighbours=territory.neighbours(), protocol_years=since)
    return m.Settings(reference=reference)


def kept(explanation: Explanation) -> list[dict[str, Any]]:
    """The reasons shown that day, as plain data, to be read again later."""
    return [
        {"point": r.point, "verdict": r.verdict, "code": r.code, "params": _plain(r.params), "asked": r.asked}
        for r in explanation.reasons
    ]


def _asked_points(wishes: Mapping[str, Any]) -> tuple[str, ...]:
    """What the person said matters most weighs more."""
    asked = (("concerns", "matters"), ("wish_gender", "gender"), ("wish_age", "near_my_age"))
    return tuple(point for point, name in asked if wishes.get(name))


def _pairs_in_year(organisation_id: UUID, now: datetime) -> dict[UUID, int]:
    return dict(OPENED.rows(organisation_id=organisation_id, since=now - YEAR))


def _said_no(rows: list[SupportRequest]) -> dict[str, dict[str, str]]:
    """For each request, the peers who said no or nothing, with the sentence that says so."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for request_id, peer_id, state, at in SAID_NO.rows(ids=[row.pk for row in rows]):
        day = say_date(at, year=False)
        said = _("Said no on %(day)s") if state == ProposalState.DECLINED else _("Did not answer in time, %(day)s")
        found[str(request_id)][str(peer_id)] = said % {"day": day}
    return found


def _towns(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Towns are sealed: they are opened only when someone asked « not from my town »."""
    people = list(Person.objects.filter(pk__in=set(person_ids)).only("pk", "vault_id", "town"))
    vault.preload(person.vault_id for person in people)
    return {person.pk: person.town.strip().casefold() for person in people if person.town}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(one) for one in value]
    return value
