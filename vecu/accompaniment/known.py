"""The peers of an organisation as the matching engine reads them, kept in memory between two looks.

Nothing that was written meanwhile is missed (`vecu.core.marks`): the database says about whom, and they are read
again. Only codes, years and days are kept; towns and employers stay sealed, and whoever wishes nobody from their town
has everyone read anew. What is kept of somebody erased goes with the next look, or with the process.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Count, DateTimeField, UUIDField
from django.utils import timezone

from vecu.accompaniment import matching as m
from vecu.accompaniment.enums import Stage
from vecu.accompaniment.models import Pair, Programme
from vecu.core import marks
from vecu.core.prepared import Asked, Prepared, any_of
from vecu.peers import terms, territory
from vecu.peers.enums import PeerKind
from vecu.peers.offers import Offer, offers
from vecu.people.models import Organisation

ANYWHERE = ""
YEAR = timedelta(days=365)
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

HERE, SINCE = Asked("organisation_id", UUIDField()), Asked("since", DateTimeField())
OPENED = Prepared(
    lambda: (
        Pair.objects.filter(organisation_id=HERE, opened_at__gte=SINCE)
        .order_by()
        .values_list("peer_id")
        .annotate(Count("pk"))
    )
)
OPENED_OF = Prepared(
    lambda: (
        Pair.objects.filter(any_of("peer_id", "ids", UUIDField()), organisation_id=HERE, opened_at__gte=SINCE)
        .order_by()
        .values_list("peer_id")
        .annotate(Count("pk"))
    )
)


@dataclass(frozen=True, slots=True)
class KnownPeer:
    """What is known of a peer on a day: the facts, and how the engine reads them."""

    facts: Offer
    offer: m.PeerOffer


class Peers:
    """Those of an organisation who may be proposed on a day."""

    def __init__(self, known: Mapping[UUID, KnownPeer]) -> None:
        self.offers = {one.offer.id: one.offer for one in known.values()}
        self.facts = {one.offer.id: one.facts for one in known.values()}
        self._own = {one.facts.person_id: one.offer.id for one in known.values()}
        self._crowds: dict[int | None, m.Crowd] = {}

    def of_person(self, person_id: UUID | None) -> tuple[str, ...]:
        """The person as a peer, who is never proposed to themselves."""
        return (self._own[person_id],) if person_id in self._own else ()

    def crowd(self, programme: Programme) -> m.Crowd:
        """All of them, ready to be ranked for one need after another."""
        year = programme.protocol_year  # all that settings take from a programme
        if year not in self._crowds:
            self._crowds[year] = m.Crowd(self.offers.values(), settings_of(programme))
        return self._crowds[year]

    def mended(self, known: Mapping[UUID, KnownPeer], changed: Collection[UUID]) -> Peers:
        """Those of today, when only some of them were written about. These here stay as they are: another may be
        looking at them."""
        peers, ids = copy(self), [str(key) for key in changed]
        peers.offers, peers.facts, peers._own = dict(self.offers), dict(self.facts), dict(self._own)
        for gone in ids:
            peers.offers.pop(gone, None)
            facts = peers.facts.pop(gone, None)
            if facts is not None:
                del peers._own[facts.person_id]
        now = [known[key] for key in changed if key in known]
        peers.offers |= {one.offer.id: one.offer for one in now}
        peers.facts |= {one.offer.id: one.facts for one in now}
        peers._own |= {one.facts.person_id: one.offer.id for one in now}
        offers = [one.offer for one in now]
        crowds = self._crowds.copy()  # another thread may be adding one
        peers._crowds = {year: crowd.mended(ids, offers) for year, crowd in crowds.items()}
        return peers


def known_peers(organisation_id: UUID, day: date, with_places: bool = False) -> Peers:
    """As they are now. With places, everyone is read anew and nothing is kept."""
    if with_places:
        return Peers(_read(organisation_id, None, day, with_places=True))
    known = PEERS.of(organisation_id, day)
    found: Peers = known.mended(
        "peers", lambda: Peers(known.facts), lambda peers, changed: peers.mended(known.facts, changed)
    )
    return found


def _read(
    organisation_id: UUID, peer_ids: Collection[UUID] | None, day: date, with_places: bool = False
) -> dict[UUID, KnownPeer]:
    here = Organisation(pk=organisation_id)  # only its key is read
    rows = offers(here, on=day, peer_ids=peer_ids, with_places=with_places)
    since = timezone.make_aware(datetime.combine(day, time.min)) - YEAR
    asked = {"organisation_id": organisation_id, "since": since}
    recent = dict(OPENED.rows(**asked) if peer_ids is None else OPENED_OF.rows(**asked, ids=list(peer_ids)))
    return {
        one.peer_id: KnownPeer(one, offer_of(str(one.peer_id), one, recent.get(one.peer_id, 0), day)) for one in rows
    }


PEERS = marks.Kept(_read)
marks.watch(Pair._meta.db_table, "SELECT {row}.organisation_id, {row}.peer_id")


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
