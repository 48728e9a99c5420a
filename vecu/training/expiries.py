"""What ends within ninety days, or has ended and was not renewed: proofs of patient partners, attestations,
conventions with sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from vecu.peers.models import Clearance, Peer, SiteAgreement
from vecu.training.models import Attestation

AHEAD = timedelta(days=90)
# Longer ago, nobody is waiting for it any more: readiness still says it.
BEHIND = timedelta(days=180)
Part = tuple[QuerySet[Any], str, tuple[str, ...], str]
CLEARANCE, ATTESTATION, AGREEMENT = "clearance", "attestation", "agreement"


@dataclass(frozen=True, slots=True)
class Ending:
    """One thing that ends: `kind` says what it is, `what` its code or title, `row_id` where it is renewed."""

    kind: str
    organisation_id: UUID
    pk: UUID
    row_id: UUID
    what: str
    ends_on: date
    person_id: UUID | None = None

    def is_over(self, today: date) -> bool:
        return self.ends_on < today


def endings(
    organisation_ids: Iterable[UUID], today: date | None = None, *, ahead: timedelta = AHEAD, most: int | None = None
) -> list[Ending]:
    """Those of these organisations, the nearest end first, in three queries; at most so many of each sort."""
    day, here = today or timezone.localdate(), list(organisation_ids)
    found: list[Ending] = []
    for rows, end, columns, kind in (_clearances(here, day), _attestations(here, day), _agreements(here, day)):
        within = {f"{end}__gte": day - BEHIND, f"{end}__lte": day + ahead}
        lines = rows.filter(**within).order_by(end, "pk").values_list("organisation_id", *columns)
        found += [Ending(kind, *line) for line in lines[:most]]
    return sorted(found, key=lambda ending: (ending.ends_on, str(ending.pk)))


def _longer(name: str) -> Q:
    return Q(**{name: None}) | Q(**{f"{name}__gt": OuterRef(name)})


def _clearances(here: list[UUID], day: date) -> Part:
    """Of those engaged, unless another line of the same kind lasts longer; those an attestation gave are said by it."""
    longer = Clearance.objects.filter(_longer("expires_on"), peer=OuterRef("peer"), kind=OuterRef("kind"))
    from_attestation = Attestation.objects.filter(clearance=OuterRef("pk"))
    engaged = Peer.objects.engaged(day).filter(organisation__in=here)
    rows = Clearance.objects.filter(~Exists(longer), ~Exists(from_attestation), peer__in=engaged.values("pk"))
    return rows, "expires_on", ("pk", "peer_id", "kind", "expires_on", "peer__person_id"), CLEARANCE


def _attestations(here: list[UUID], day: date) -> Part:
    """The newest of each: one that was renewed ends nothing any more."""
    rows = Attestation.objects.newest().filter(organisation__in=here, person__erased_at=None, person__stopped_at=None)
    return rows, "expires_on", ("pk", "pk", "title", "expires_on", "person_id"), ATTESTATION


def _agreements(here: list[UUID], day: date) -> Part:
    longer = SiteAgreement.objects.filter(_longer("ends_on"), site=OuterRef("site"))
    rows = SiteAgreement.objects.filter(~Exists(longer), organisation__in=here)
    return rows, "ends_on", ("pk", "site_id", "site__name", "ends_on"), AGREEMENT
