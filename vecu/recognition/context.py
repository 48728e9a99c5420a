"""What the pages of hours and expenses show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import moments, vault
from vecu.core.access import visible
from vecu.people.actor import Actor
from vecu.people.models import Person
from vecu.people.policy import Can
from vecu.recognition import accounts, money, terms
from vecu.recognition.accounts import name_of
from vecu.recognition.actions import claims as claim_actions
from vecu.recognition.actions import rows as rows_actions
from vecu.recognition.enums import ENDED, ClaimState, Status, Vehicle
from vecu.recognition.models import Activity, Claim, Rate, Scale
from vecu.recognition.words import say_minutes

TONES = {
    ClaimState.DRAFT: "mirabelle",
    ClaimState.SENT: "prune",
    ClaimState.REFUSED: "alert",
    ClaimState.APPROVED: "sauge",
    ClaimState.PAID: "sauge",
    ClaimState.GIVEN: "sauge",
    ClaimState.WITHDRAWN: "plain",
    ClaimState.CANCELLED: "plain",
}
FILTERS = ("to_decide", "to_pay", "all")


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One activity, with its claim when there is one."""

    row: Activity
    day: str
    length: str
    added: str
    claim: Claim | None
    tone: str
    may_claim: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of a claim: what, and how much."""

    what: str
    how: str
    euros: str


# -- one's own


def year_tabs(current: int) -> list[tuple[str, str, None, bool]]:
    url = reverse("own_hours")
    return [(str(year), f"{url}?year={year}", None, year == current) for year in accounts.known_years()[:3]]


def year_asked(asked: str) -> int:
    """The year of an address, this year when it makes no sense."""
    known = accounts.known_years()
    return int(asked) if asked.isdecimal() and int(asked) in known else known[0]


def own_activities(rows: Iterable[Activity], actor: Actor) -> list[ActivityLine]:
    """The lines of one page, with their claims in one more query."""
    found = list(rows)
    claims = visible(Claim, actor, Can.SEE_HOURS).filter(activity__in=found).exclude(state__in=ENDED)
    by_activity = {claim.activity_id: claim for claim in claims}
    may = actor.may(Can.CLAIM_EXPENSES)
    return [_activity_line(row, by_activity.get(row.pk), may) for row in found]


def _activity_line(row: Activity, claim: Claim | None, may: bool) -> ActivityLine:
    added = []
    if row.preparation_minutes:
        added.append(_("preparation %(length)s") % {"length": say_minutes(row.preparation_minutes)})
    if row.travel_minutes:
        added.append(_("travel %(length)s") % {"length": say_minutes(row.travel_minutes)})
    return ActivityLine(
        row,
        moments.say_date(row.happened_on, weekday=True),
        say_minutes(row.minutes),
        ", ".join(added),
        claim,
        TONES[ClaimState(claim.state)] if claim else "",
        may and row.is_held and claim is None,
    )


def own_year(actor: Actor, year: int) -> dict[str, Any]:
    """The hours and the money of a year, in words."""
    if actor.person_id is None or actor.organisation_id is None:
        return {}
    found = accounts.year_of(actor.person_id, actor.organisation_id, year)
    return {"figures": found, **told(found)}


def told(found: accounts.Year) -> dict[str, Any]:
    """A year, ready to print."""
    return {
        "kinds": [(kind, count, say_minutes(minutes)) for kind, count, minutes in found.by_kind],
        "preparation": say_minutes(found.preparation),
        "travel": say_minutes(found.travel),
        "supervision": say_minutes(found.supervision),
        "in_all": say_minutes(found.volunteered),
        "employed": say_minutes(found.employed) if found.employed else "",
        "sessions": [
            (row, moments.say_date(row.happened_on), say_minutes(row.minutes), money.say_euros(cents))
            for row, cents in found.paid_sessions
        ],
        "paid": [(row, moments.say_date(row.happened_on), money.say_euros(row.total_cents)) for row in found.paid],
        "given": [(row, moments.say_date(row.happened_on), money.say_euros(row.total_cents)) for row in found.given],
        "paid_total": money.say_euros(found.paid_cents),
        "given_total": money.say_euros(found.given_cents),
    }


def statement(person: Person, organisation: Any, year: int) -> dict[str, Any]:
    """What the PDF of the year says."""
    found = accounts.year_of(person.pk, organisation.pk, year)
    return {
        "who": name_of(person),
        "organisation": organisation,
        "year": year,
        "today": timezone.localdate(),
        "figures": found,
        **told(found),
    }


# -- a claim


def amounts(claim: Claim) -> list[Amount]:
    """Each cost with how it was reckoned; kilometres times the rate of that day."""
    lines = []
    if claim.km:
        how = _("%(km)s km, %(vehicle)s") % {"km": claim.km, "vehicle": claim.get_vehicle_display()}
        rate = _first_rate(claim)
        how = f"{how}, {rate}" if rate else how
        lines.append(Amount(_("Kilometres"), how, money.say_euros(claim.mileage_cents)))
    for label, cents in (
        (_("Tolls and parking"), claim.tolls_cents),
        (_("Tickets"), claim.tickets_cents),
        (_("Other"), claim.other_cents),
    ):
        if cents:
            lines.append(Amount(label, "", money.say_euros(cents)))
    return lines


def _first_rate(claim: Claim) -> str:
    """The rate, when there was only one for this claim."""
    if claim.scale is None:
        return ""
    rates = [rate.per_km for rate in claim.scale.rates.all() if rate.vehicle == claim.vehicle]
    exact = [rate for rate in rates if money.mileage_cents(claim.km, 0, [(0, rate)]) == claim.mileage_cents]
    return money.say_rate(exact[0]) if exact else ""


def vehicles(organisation_id: UUID, on: date) -> list[tuple[str, str]]:
    """What the scale of that day knows, with what it pays: choices of a form. Nothing without a scale."""
    scale = Scale.objects.in_force(organisation_id, on).first()
    if scale is None:
        return []
    rates = {rate.vehicle: rate.per_km for rate in Rate.objects.filter(scale=scale, from_km=0)}
    known = [vehicle for vehicle in Vehicle if vehicle in rates]
    return [(vehicle.value, f"{vehicle.label} ({money.say_rate(rates[vehicle])})") for vehicle in known]


def own_claim(claim: Claim, actor: Actor) -> dict[str, Any]:
    """One's own claim: what it comes to, its receipts, and how it may be sent."""
    vault.preload([claim.vault_id])
    is_open = claim_actions.is_own_open(claim, actor.person_id)
    scale = Scale.objects.in_force(claim.organisation_id, claim.happened_on).first()
    takes_gifts = scale is not None and scale.accepts_gifts
    is_volunteer = claim.activity is not None and claim.activity.status == Status.VOLUNTEER
    return {
        "claim": claim,
        "day": moments.say_date(claim.happened_on, weekday=True),
        "tone": TONES[ClaimState(claim.state)],
        "amounts": amounts(claim),
        "total": money.say_euros(claim.total_cents),
        "receipts": list(enumerate(claim.receipts.defer("file"), start=1)),
        "is_open": is_open,
        "is_missed": claim.activity is not None and not claim.activity.is_held,
        "may_withdraw": is_open or claim.state == ClaimState.SENT,
        "may_give": is_open and takes_gifts and is_volunteer,
        "law": terms.LAW,
    }


# -- for whoever decides


@dataclass(frozen=True, slots=True)
class ClaimLine:
    row: Claim
    name: str
    day: str
    total: str
    tone: str


def filters(actor: Actor) -> tuple[str, ...]:
    """Whoever keeps the accounts decides nothing."""
    return FILTERS if actor.may(Can.DECIDE_CLAIM) else FILTERS[1:]


def counts(actor: Actor) -> dict[str, int]:
    rows: Any = visible(Claim, actor, Can.KEEP_ACCOUNTS)
    return {"to_decide": rows.to_decide().count(), "to_pay": rows.to_pay().count(), "all": rows.sent().count()}


def tabs(shown: tuple[str, ...], held: dict[str, int], current: str) -> list[tuple[str, str, int, bool]]:
    everything = _("All claims sent") if "to_decide" in shown else _("All claims accepted")
    words = {"to_decide": _("To decide"), "to_pay": _("To pay"), "all": everything}
    url = reverse("claim_list")
    return [(words[name], f"{url}?show={name}", held[name], name == current) for name in shown]


def listed(actor: Actor, name: str) -> Any:
    rows: Any = visible(Claim, actor, Can.KEEP_ACCOUNTS).select_related("person")
    return rows.to_decide() if name == "to_decide" else rows.to_pay() if name == "to_pay" else rows.sent()


def claim_lines(rows: Iterable[Claim]) -> list[ClaimLine]:
    """Names come sealed with the claim: one query for the keys of a page."""
    found = list(rows)
    vault.preload(row.vault_id for row in found if row.person.erased_at is None)
    return [
        ClaimLine(
            row,
            _claimant(row),
            moments.say_date(row.happened_on),
            money.say_euros(row.total_cents),
            TONES[ClaimState(row.state)],
        )
        for row in found
    ]


def _claimant(claim: Claim) -> str:
    """Somebody erased is named in the accounts only, whose export is journaled."""
    return str(claim.claimant) if claim.person.erased_at is None else claim.person.pseudonym


def claim_page(claim: Claim, actor: Actor) -> dict[str, Any]:
    """What is decided on, and what else was asked for the same day."""
    same_day = (
        visible(Claim, actor, Can.KEEP_ACCOUNTS).standing().exclude(state=ClaimState.DRAFT).select_related("person")
    )
    others = same_day.filter(person_id=claim.person_id, happened_on=claim.happened_on).exclude(pk=claim.pk)
    return {
        **own_claim(claim, actor),
        "version": rows_actions.version_of(claim),
        "who": _claimant(claim),
        "is_erased": claim.person.erased_at is not None,
        "as_what": claim.activity.get_status_display() if claim.activity else "",
        "time_there": say_minutes(claim.activity.minutes) if claim.activity else "",
        "is_own": claim.person_id == actor.person_id,
        "may_decide": actor.may(Can.DECIDE_CLAIM),
        "others": claim_lines(others),
        "official": claim.scale.source if claim.scale else "",
    }


def activity_lines(rows: Iterable[Activity]) -> list[tuple[Activity, str, str, str]]:
    found = list(rows)
    vault.preload(row.person.vault_id for row in found)
    return [(row, name_of(row.person), moments.say_date(row.happened_on), say_minutes(row.minutes)) for row in found]


def scale_lines(rows: Iterable[Scale]) -> list[tuple[Scale, list[tuple[str, str]]]]:
    """Each scale with its rates in words; further steps of the year after the first."""
    made = []
    for scale in rows:
        lines = []
        for rate in sorted(
            scale.rates.all(), key=lambda rate: (list(Vehicle).index(Vehicle(rate.vehicle)), rate.from_km)
        ):
            label = str(Vehicle(rate.vehicle).label)
            if rate.from_km:
                label = _("the same, above %(km)s km in the year") % {"km": rate.from_km}
            lines.append((label, money.say_rate(rate.per_km)))
        made.append((scale, lines))
    return made
