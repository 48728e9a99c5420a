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

from vecu.peers.models import Clearance, Convention, Peer, SiteAgreement
from vecu.training.models import Attestation

AHEAD = timedelta(days=90)
# Longer ago, nobody is waiting for it any more: readiness still says it.
BEHIND = timedelta(days=180)
Lines = QuerySet[Any]
Period = tuple[date, date]
CLEARANCE, ATTESTATION, AGREEMENT, CONVENTION = "clearance", "attestation", "agreement", "convention"


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
    """Those of these organisations, the nearest end first, in four queries; at most so many of each sort."""
    day, here = today or timezone.localdate(), list(organisation_ids)
    within = (day - BEHIND, day + ahead)
    parts = (
        (CLEARANCE, _clearances(here, day, within)),
        (ATTESTATION, _attestations(here, within)),
        (AGREEMENT, _agreements(here, within)),
        (CONVENTION, _conventions(here, within)),
    )
    found = [Ending(kind, *line) for kind, rows in parts for line in rows[:most]]
    return sorted(found, key=lambda ending: (ending.ends_on, str(ending.pk)))


def _clearances(here: list[UUID], day: date, within: Period) -> Lines:
    """Of those engaged, unless another line of the same kind lasts longer; those an attestation gave are said by it."""
    lasting = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
    longer = Clearance.objects.filter(lasting, peer=OuterRef("peer"), kind=OuterRef("kind"))
    from_attestation = Attestation.objects.filter(clearance=OuterRef("pk"))
    engaged = Peer.objects.engaged(day).filter(organisation__in=here).values("pk")
    rows = Clearance.objects.filter(
        ~Exists(longer), ~Exists(from_attestation), peer__in=engaged, expires_on__range=within
    )
    ordered = rows.order_by("expires_on", "pk")
    return ordered.values_list("organisation_id", "pk", "peer_id", "kind", "expires_on", "peer__person_id")


def _attestations(here: list[UUID], within: Period) -> Lines:
    """The newest of each: one that was renewed ends nothing any more."""
    rows = Attestation.objects.newest().filter(
        organisation__in=here, person__erased_at=None, person__stopped_at=None, expires_on__range=within
    )
    return rows.order_by("expires_on", "pk").values_list(
        "organisation_id", "pk", "pk", "title", "expires_on", "person_id"
    )


def _agreements(here: list[UUID], within: Period) -> Lines:
    """Dates without a paper, unless another line with the same site lasts longer."""
    rows = _last_of_their_site().filter(organisation__in=here, convention=None, ends_on__range=within)
    return rows.order_by("ends_on", "pk").values_list("organisation_id", "pk", "pk", "site__name", "ends_on")


def _conventions(here: list[UUID], within: Period) -> Lines:
    """Those not renewed, and that nothing outlasts at one of their sites at least."""
    last = _last_of_their_site().filter(convention=OuterRef("pk"))
    rows = Convention.objects.filter(Exists(last), renewals=None, organisation__in=here, ends_on__range=within)
    return rows.order_by("ends_on", "pk").values_list("organisation_id", "pk", "pk", "partner", "ends_on")


def _last_of_their_site() -> Lines:
    lasting = Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on"))
    longer = SiteAgreement.objects.filter(lasting, site=OuterRef("site"), organisation=OuterRef("organisation"))
    return SiteAgreement.objects.filter(~Exists(longer))
