"""A year in figures: of one person, for their statement; of an organisation, for whoever keeps its accounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.core.spreadsheet import Cell, Sheet
from vecu.people.models import Person
from vecu.recognition.enums import IN_ACCOUNTS, SETTLED, SUPERVISED, ActivityKind, ClaimState, Status
from vecu.recognition.models import Activity, Claim

HOUR, CENTS = Decimal(60), Decimal(100)
SHOWN_YEARS = 11  # as long as the accounts are kept


@dataclass(frozen=True, slots=True)
class Year:
    """Minutes given as a volunteer, by what they were; sessions paid; expenses paid back and left as a gift."""

    by_kind: tuple[tuple[str, int, int], ...]  # kind, how many, minutes there
    preparation: int
    travel: int
    supervision: int
    paid_sessions: tuple[tuple[Activity, int], ...]  # with what each comes to
    employed: int
    paid: tuple[Claim, ...]
    given: tuple[Claim, ...]

    @property
    def there(self) -> int:
        return sum(minutes for _kind, _count, minutes in self.by_kind)

    @property
    def volunteered(self) -> int:
        """Everything given, as the accounts of an association value it."""
        return self.there + self.preparation + self.travel

    @property
    def paid_cents(self) -> int:
        return sum(claim.total_cents for claim in self.paid)

    @property
    def given_cents(self) -> int:
        return sum(claim.total_cents for claim in self.given)


def known_years() -> list[int]:
    """This year and those before, as far as accounts are asked for; the last first."""
    last = timezone.localdate().year
    return list(range(last, last - SHOWN_YEARS, -1))


def year_of(person_id: UUID, organisation_id: UUID, year: int) -> Year:
    """Activities count in the year of their day; so do their expenses. Two queries."""
    did = Activity.objects.held().in_year(year).filter(person_id=person_id, organisation_id=organisation_id)
    asked = Claim.objects.in_year(year).filter(person_id=person_id, organisation_id=organisation_id)
    held = list(did.order_by("happened_on"))
    given = [row for row in held if row.status == Status.VOLUNTEER]
    claims = list(asked.filter(state__in=SETTLED).order_by("happened_on"))
    return Year(
        by_kind=tuple(_by_kind(given)),
        preparation=sum(row.preparation_minutes for row in given),
        travel=sum(row.travel_minutes for row in given),
        supervision=sum(row.minutes for row in given if row.kind in SUPERVISED),
        paid_sessions=tuple((row, row.fee_cents) for row in held if row.status == Status.PAID_SESSION),
        employed=sum(row.minutes for row in held if row.status == Status.EMPLOYEE),
        paid=tuple(claim for claim in claims if claim.state == ClaimState.PAID),
        given=tuple(claim for claim in claims if claim.state == ClaimState.GIVEN),
    )


def _by_kind(rows: Iterable[Activity]) -> Iterator[tuple[str, int, int]]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.kind, []).append(row.minutes)
    for kind in ActivityKind:
        if kind in found:
            yield str(kind.label), len(found[kind]), sum(found[kind])


# -- for whoever keeps the accounts


def sheets(organisation_id: UUID, year: int, *, is_whole: bool) -> list[Sheet]:
    """The claims of a year, one a line, and its hours by status. Amounts are in euros, as numbers.

    `is_whole`, for whoever decides: all claims that were sent, and the hours of each person. Whoever keeps the accounts
    and decides nothing has the claims that were accepted, and hours as sums: who did what is no matter of accounts.
    """
    return [_claims_sheet(organisation_id, year, is_whole), _hours_sheet(organisation_id, year, is_whole)]


def _claims_sheet(organisation_id: UUID, year: int, is_whole: bool) -> Sheet:
    header = [
        _("Number"), _("Day of the activity"), _("Activity"), _("Who"), _("Status"), _("From where to where"),
        _("Kilometres"), _("Vehicle"), _("Scale of"), _("For the kilometres"), _("Tolls and parking"), _("Tickets"),
        _("Other"), _("In all"), _("State"), _("Gift"), _("Decided on"), _("Paid on"), _("Cancelled on"),
    ]  # fmt: skip
    rows = Claim.objects.in_year(year).filter(organisation_id=organisation_id).exclude(number=None)
    if not is_whole:
        rows = rows.filter(state__in=IN_ACCOUNTS)
    claims = list(rows.select_related("scale", "activity").order_by("number"))
    vault.preload(claim.vault_id for claim in claims)
    return Sheet(_("Claims"), header, [_claim_row(claim) for claim in claims])


def _claim_row(claim: Claim) -> list[Cell]:
    return [
        claim.number,
        claim.happened_on,
        claim.get_kind_display(),
        str(claim.claimant),
        claim.activity.get_status_display() if claim.activity else "",
        str(claim.journey),
        claim.km,
        claim.get_vehicle_display(),
        claim.scale.starts_on if claim.scale else None,
        *(_euros(cents) for cents in (claim.mileage_cents, claim.tolls_cents, claim.tickets_cents)),
        *(_euros(cents) for cents in (claim.other_cents, claim.total_cents)),
        claim.get_state_display(),
        _("yes") if claim.is_gift else _("no"),
        timezone.localdate(claim.decided_at) if claim.decided_at else None,
        claim.paid_on,
        timezone.localdate(claim.cancelled_at) if claim.cancelled_at else None,
    ]


def _hours_sheet(organisation_id: UUID, year: int, is_whole: bool) -> Sheet:
    header = [
        _("Status"), _("Activity"), _("Hours there"), _("Hours of preparation"), _("Hours of travel"),
        _("Hours in all"), _("Fees"), _("Paid by"),
    ]  # fmt: skip
    held = Activity.objects.held().in_year(year).filter(organisation_id=organisation_id)
    summed: dict[tuple[Any, ...], list[int]] = {}
    ordered = held.order_by("status", "kind", "payer")
    for row in held.order_by("person_id", "status", "kind", "payer") if is_whole else ordered:
        whose = row.person_id if is_whole else None
        told = summed.setdefault((whose, row.status, row.kind, row.payer), [0, 0, 0, 0])
        lengths = (row.minutes, row.preparation_minutes, row.travel_minutes, row.fee_cents)
        told[:] = [old + new for old, new in zip(told, lengths, strict=True)]
    if not is_whole:
        return Sheet(_("Hours"), header, [_hours_row(*key[1:], told) for key, told in summed.items()])
    names = _names({key[0] for key in summed})
    lines = [[names[key[0]], *_hours_row(*key[1:], told)] for key, told in summed.items()]
    return Sheet(_("Hours"), [_("Who"), *header], lines)


def _hours_row(status: str, kind: str, payer: str, told: list[int]) -> list[Cell]:
    there, before, way, fees = told
    return [
        str(Status(status).label),
        str(ActivityKind(kind).label),
        *(_hours(length) for length in (there, before, way, there + before + way)),
        _euros(fees) if status == Status.PAID_SESSION else None,
        payer,
    ]


def as_text(sheet: Sheet) -> Sheet:
    """The same for a CSV: « 21,00 », as French spreadsheets read it."""

    def written(cell: Cell) -> Cell:
        return f"{cell:.2f}".replace(".", ",") if isinstance(cell, float) else cell

    return Sheet(sheet.name, sheet.header, [[written(cell) for cell in row] for row in sheet.rows])


def _names(people: set[UUID]) -> dict[UUID, str]:
    found = list(Person.objects.filter(pk__in=people))
    vault.preload(person.vault_id for person in found)
    return {person.pk: name_of(person) for person in found}


def name_of(person: Person) -> str:
    return f"{person.given_name} {person.family_name}".strip() if person.erased_at is None else person.pseudonym


def _euros(cents: int) -> float:
    """Exact to the cent as a number of a spreadsheet: money is reckoned before, never here."""
    return float(Decimal(cents) / CENTS)


def _hours(minutes: int) -> float:
    return float((Decimal(minutes) / HOUR).quantize(Decimal("0.01")))
