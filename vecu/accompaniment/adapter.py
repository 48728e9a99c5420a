"""From rows to the matching engine and back: who waits, who can give what, in a fixed number of queries.

What a person or a peer did not say stays unsaid here (None or empty): it is neutral for the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment import matching as m
from vecu.accompaniment import newcomers
from vecu.accompaniment.enums import ProposalState, RequestRole
from vecu.accompaniment.known import ANYWHERE, Peers, known_peers, settings_of
from vecu.accompaniment.matching import Explanation
from vecu.accompaniment.models import Proposal, SupportRequest
from vecu.core import vault
from vecu.core.moments import say_date
from vecu.core.prepared import Prepared, any_of
from vecu.peers.offers import Offer
from vecu.people.models import Organisation, Person

NEAR_AGE = 10
# Saying no, or nothing, to a request: not asked again about the same one.
ANSWERED_NO = (ProposalState.DECLINED, ProposalState.EXPIRED)

# Read each time somebody is looked for: written once.
SAID_NO = Prepared(
    lambda: (
        Proposal.objects.filter(any_of("request_id", "ids", UUIDField()), state__in=ANSWERED_NO)
        .order_by("answered_at")
        .values_list("request_id", "peer_id", "state", "answered_at")
    )
)


@dataclass(frozen=True)
class Instance:
    """What the engine looks at, by string keys."""

    needs: dict[str, m.Need]
    offers: dict[str, m.PeerOffer]
    settings: m.Settings

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
        best = [one.peer for one in self.listed.best]
        return best.index(peer) + 1 if peer in best else self._others.get(peer)

    @cached_property
    def _others(self) -> dict[str, int]:
        return {peer: rank for rank, peer in enumerate(self.listed.others.peers, len(self.listed.best) + 1)}

    @property
    def nobody_lived_it(self) -> bool:
        """None of those who could be proposed has lived the illness of this request."""
        return self.listed.nobody_lived_it

    def explanation(self, peer: str) -> Explanation | None:
        shown = next((one for one in self.listed.best if one.peer == peer), None)
        rest = self.listed.rest
        return shown or (rest[rest.peers.index(peer)] if peer in rest.peers else None)


def look_at(request: SupportRequest, now: datetime) -> Look:
    """The peers for one request, best first, with those a hard rule sets aside."""
    today, key = timezone.localdate(now), str(request.pk)
    peers, said_no = known_peers(request.organisation_id, today, with_places=asks_town(request)), _said_no([request])
    came = newcomers.recruited_for(request.organisation_id, [request])
    need = _needs([request], today, peers, said_no, came)[key]
    listed = peers.crowd(request.programme).shortlist(need)
    return Look(listed, peers.offers, peers.facts, said_no.get(key, {}), came.get(key, {}))


def instance(organisation: Organisation, requests: Iterable[SupportRequest], now: datetime) -> Instance:
    """Everyone who waits and everyone who can give, as the engine reads them."""
    rows, today = list(requests), timezone.localdate(now)
    peers = known_peers(organisation.pk, today, with_places=any(asks_town(row) for row in rows))
    said_no, came = _said_no(rows), newcomers.recruited_for(organisation.pk, rows)
    return Instance(
        needs=_needs(rows, today, peers, said_no, came),
        offers=peers.offers,
        settings=settings_of(rows[0].programme if rows else None),
    )


def _needs(
    rows: list[SupportRequest],
    today: date,
    peers: Peers,
    said_no: Mapping[str, Mapping[str, str]],
    came: Mapping[str, Mapping[str, int]],
) -> dict[str, m.Need]:
    vault.preload(row.vault_id for row in rows)
    towns = _towns(row.person_id for row in rows if row.person_id) if any(map(asks_town, rows)) else {}
    needs = {
        str(row.pk): need_of(row, today, peers.of_person(row.person_id), towns, said_no.get(str(row.pk), {}))
        for row in rows
    }
    return {key: replace(need, recruited=frozenset(came.get(key, ()))) for key, need in needs.items()}


def need_of(
    row: SupportRequest,
    today: date,
    herself: Iterable[str],
    towns: Mapping[UUID, str],
    said_no: Mapping[str, str],
) -> m.Need:
    """A request as the engine reads it. Never the person themselves, nor a peer who already said no to it."""
    needs: dict[str, Any] = row.needs or {}
    wishes: dict[str, Any] = row.wishes or {}
    age = today.year - row.birth_year if row.birth_year else None
    left = (row.fixed_on - today).days if row.fixed_on else -1
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
        excluded_peers=frozenset(wishes.get("excluded_peers", ())) | set(herself) | said_no.keys(),
        waited_days=max(0, (today - timezone.localdate(row.received_at)).days),
        priority_in_days=left if left >= 0 else None,  # a day that has passed presses no more
        asked_points=_asked_points(wishes),
    )


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


def _said_no(rows: list[SupportRequest]) -> dict[str, dict[str, str]]:
    """For each request, the peers who said no or nothing, with the sentence that says so."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for request_id, peer_id, state, at in SAID_NO.rows(ids=[row.pk for row in rows]):
        day = say_date(at, year=False)
        said = _("Said no on %(day)s") if state == ProposalState.DECLINED else _("Did not answer in time, %(day)s")
        found[str(request_id)][str(peer_id)] = said % {"day": day}
    return found


def asks_town(row: SupportRequest) -> bool:
    """Somebody who wishes no one from their town: towns are opened for them only."""
    return bool((row.wishes or {}).get("not_same_town"))


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
