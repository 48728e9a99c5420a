"""Ready or not, per site: charter, confidentiality, training and insurance of a peer, presence in supervision groups
where it is asked, convention of the site.

Nobody is proposed where not ready. What is missing is said with its kind, why, and since or from when.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal, TypeVar
from uuid import UUID

from django.db.models import CharField, FilteredRelation, Q, UUIDField
from django.utils import timezone

from vecu.core.prepared import Asked, Prepared, any_of
from vecu.peers.enums import ENTERED, ClearanceKind, Profile
from vecu.peers.models import Clearance, Peer, SiteAgreement
from vecu.people.models import Organisation, Site

AGREEMENT = "agreement"
Why = Literal["absent", "expired", "not_yet"]
Period = tuple[date, date | None]
K = TypeVar("K", bound=Hashable)

PROOFS = Prepared(
    lambda: (
        Clearance.objects.filter(any_of("peer_id", "ids", UUIDField()))
        .order_by()
        .values_list("peer_id", "kind", "obtained_on", "expires_on")
    )
)

# Where the organisation of each differs from the rule for a profile: what it does not ask, and what it asks besides.
# Each of these peers first, then what their organisation says, if it says something: asked for both at once, the
# database would begin with the organisation and all of its peers.
OTHERWISE = Prepared(
    lambda: (
        Peer.objects.filter(any_of("pk", "ids", UUIDField()))
        .order_by()
        .annotate(
            said=FilteredRelation(
                "organisation__requirements",
                condition=Q(
                    Q(organisation__requirements__is_asked=False) | ~Q(organisation__requirements__kind__in=ENTERED),
                    organisation__requirements__profile=Asked("profile", CharField()),
                ),
            )
        )
        .values_list("pk", "said__kind", "said__is_asked")
    )
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing not in order. `kind` is a ClearanceKind or AGREEMENT; `on` is when it ended or will begin."""

    kind: str
    code: Why
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether somebody may be proposed at a site, and everything that is missing."""

    missing: tuple[Missing, ...] = ()

    @property
    def is_ready(self) -> bool:
        return not self.missing


def readiness(peer: Peer, site: Site | None, on: date | None = None) -> Readiness:
    """Ready at this site that day? Without a site (a talk by phone), the peer's own proofs are enough."""
    found = readiness_of([peer], [site] if site else [], on)
    return found[peer.pk, site.pk if site else None]


def readiness_of(
    peers: Iterable[Peer], sites: Iterable[Site], on: date | None = None
) -> dict[tuple[UUID, UUID | None], Readiness]:
    """The readiness of each peer at each site, and anywhere (None), in three queries."""
    site_ids = [site.pk for site in sites]
    by_organisation: dict[UUID, list[UUID]] = {}
    for peer in peers:
        by_organisation.setdefault(peer.organisation_id, []).append(peer.pk)
    peer_ids = [peer_id for group in by_organisation.values() for peer_id in group]
    proofs = personal(peer_ids, on)
    conventions = at_sites(by_organisation, site_ids, on)
    found: dict[tuple[UUID, UUID | None], Readiness] = {}
    for organisation_id, group in by_organisation.items():
        at_each = [(site_id, conventions[organisation_id, site_id]) for site_id in site_ids]
        for peer_id in group:
            own = proofs[peer_id]
            # The same answer for all the sites that lack the same: thousands of peers on hundreds of sites.
            said: dict[tuple[Missing, ...], Readiness] = {(): Readiness(own)}
            found[peer_id, None] = said[()]
            for site_id, lacking in at_each:
                if lacking not in said:
                    said[lacking] = Readiness(own + lacking)
                found[peer_id, site_id] = said[lacking]
    return found


def personal(
    peer_ids: Iterable[UUID], on: date | None = None, profile: str = Profile.COMPANION
) -> dict[UUID, tuple[Missing, ...]]:
    """What is missing among each peer's own proofs, for what they would do, in two queries. One proof serves every
    profile; what their organisation does not ask for this one is not missing."""
    day = on or timezone.localdate()
    periods: dict[tuple[UUID, str], list[Period]] = {}
    ids = list(peer_ids)
    if not ids:
        return {}
    for peer_id, kind, start, end in PROOFS.rows(ids=ids):
        periods.setdefault((peer_id, kind), []).append((start, end))
    otherwise = {(peer_id, kind): is_asked for peer_id, kind, is_asked in OTHERWISE.rows(ids=ids, profile=profile)}
    return {
        peer_id: tuple(
            missing
            for kind in ClearanceKind.values
            if otherwise.get((peer_id, kind), kind in ENTERED)
            and (missing := _missing(kind, periods.get((peer_id, kind), []), day))
        )
        for peer_id in ids
    }


def sites_with_agreement(organisation: Organisation, on: date | None = None) -> frozenset[UUID]:
    """The sites whose convention is in force that day."""
    rows = _agreements(on or timezone.localdate()).rows(organisation_id=organisation.pk)
    return frozenset(site_id for (site_id,) in rows)


@lru_cache(maxsize=4)
def _agreements(day: date) -> Prepared:
    here = Asked("organisation_id", UUIDField())
    return Prepared(lambda: SiteAgreement.objects.in_force(day).filter(organisation_id=here).values_list("site_id"))


def at_sites(
    organisation_ids: Iterable[UUID], site_ids: Iterable[UUID], on: date | None = None
) -> dict[tuple[UUID, UUID], tuple[Missing, ...]]:
    """What is missing among the conventions of organisations with sites, in one query."""
    day = on or timezone.localdate()
    organisations, sites = list(organisation_ids), list(site_ids)
    periods: dict[tuple[UUID, UUID], list[Period]] = {}
    rows = SiteAgreement.objects.filter(organisation_id__in=organisations, site_id__in=sites)
    for organisation_id, site_id, start, end in rows.values_list("organisation_id", "site_id", "starts_on", "ends_on"):
        periods.setdefault((organisation_id, site_id), []).append((start, end))
    found: dict[tuple[UUID, UUID], tuple[Missing, ...]] = {}
    for organisation_id in organisations:
        for site_id in sites:
            missing = _missing(AGREEMENT, periods.get((organisation_id, site_id), []), day)
            found[organisation_id, site_id] = (missing,) if missing else ()
    return found


def _missing(kind: str, periods: list[Period], day: date) -> Missing | None:
    """Nothing if one period holds that day; else the last one over, else the first to come, else absent."""
    if any(start <= day and (end is None or end >= day) for start, end in periods):
        return None
    to_come = [start for start, _end in periods if start > day]
    if to_come:
        return Missing(kind, "not_yet", min(to_come))
    over = [end for _start, end in periods if end is not None and end < day]
    return Missing(kind, "expired", max(over)) if over else Missing(kind, "absent")
