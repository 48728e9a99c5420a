"""What ends within ninety days, or has ended and was not renewed: proofs of patient partners, attestations,
conventions with sites."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import DateField, Exists, OuterRef, Q, QuerySet, UUIDField
from django.utils import timezone

from vecu.core.prepared import Asked, Prepared
from vecu.peers.models import Clearance, Convention, Peer, SiteAgreement
from vecu.training.models import Attestation

AHEAD = timedelta(days=90)
# Longer ago, nobody is waiting for it any more: readiness still says it.
BEHIND = timedelta(days=180)
Lines = QuerySet[Any]
HERE, DAY = Asked("organisation_id", UUIDField()), Asked("day", DateField())
WITHIN = (Asked("first", DateField()), Asked("last", DateField()))
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
    """Those of these organisations, the nearest end first, in four queries for each; at most so many of each sort."""
    day = today or timezone.localdate()
    asked = {"day": day, "first": day - BEHIND, "last": day + ahead}
    part = slice(0, most) if most is not None else None
    found = [
        Ending(kind, *line)
        for organisation_id in organisation_ids
        for kind, query in LINES.items()
        for line in query.rows(part, organisation_id=organisation_id, **asked)
    ]
    return sorted(found, key=lambda ending: (ending.ends_on, str(ending.pk)))


def _clearances() -> Lines:
    """Of those engaged, unless another line of the same kind lasts longer; those an attestation gave are said by it."""
    lasting = Q(expires_on=None) | Q(expires_on__gt=OuterRef("expires_on"))
    longer = Clearance.objects.filter(lasting, peer=OuterRef("peer"), kind=OuterRef("kind"))
    from_attestation = Attestation.objects.filter(clearance=OuterRef("pk"))
    # Asked of each line in the order of their ends: the first few are found without reading all the others.
    engaged = Peer.objects.engaged(DAY).filter(pk=OuterRef("peer"))
    rows = Clearance.objects.filter(
        ~Exists(longer), ~Exists(from_attestation), Exists(engaged), organisation_id=HERE, expires_on__range=WITHIN
    )
    ordered = rows.order_by("expires_on", "pk")
    return ordered.values_list("organisation_id", "pk", "peer_id", "kind", "expires_on", "peer__person_id")


def _attestations() -> Lines:
    """The newest of each: one that was renewed ends nothing any more."""
    rows = Attestation.objects.newest().filter(
        organisation_id=HERE, person__erased_at=None, person__stopped_at=None, expires_on__range=WITHIN
    )
    return rows.order_by("expires_on", "pk").values_list(
        "organisation_id", "pk", "pk", "title", "expires_on", "person_id"
    )


def _agreements() -> Lines:
    """Dates without a paper, unless another line with the same site lasts longer."""
    rows = _last_of_their_site().filter(organisation_id=HERE, convention=None, ends_on__range=WITHIN)
    return rows.order_by("ends_on", "pk").values_list("organisation_id", "pk", "pk", "site__name", "ends_on")


def _conventions() -> Lines:
    """Those not renewed, and that nothing outlasts at one of their sites at least."""
    last = _last_of_their_site().filter(convention=OuterRef("pk"))
    rows = Convention.objects.filter(Exists(last), renewals=None, organisation_id=HERE, ends_on__range=WITHIN)
    return rows.order_by("ends_on", "pk").values_list("organisation_id", "pk", "pk", "partner", "ends_on")


def _last_of_their_site() -> Lines:
    lasting = Q(ends_on=None) | Q(ends_on__gt=OuterRef("ends_on"))
    longer = SiteAgreement.objects.filter(lasting, site=OuterRef("site"), organisation=OuterRef("organisation"))
    return SiteAgreement.objects.filter(~Exists(longer), site__is_open=True)


# Asked on the first screen of those who coordinate: written once.
LINES = {
    CLEARANCE: Prepared(_clearances),
    ATTESTATION: Prepared(_attestations),
    AGREEMENT: Prepared(_agreements),
    CONVENTION: Prepared(_conventions),
}
