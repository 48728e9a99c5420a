"""What is paid per kilometre, from which day, and where that comes from: data, dated, never changed afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Refused
from vecu.core.spreadsheet import Sheet
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recognition import accounts
from vecu.recognition.actions import rows
from vecu.recognition.enums import Vehicle
from vecu.recognition.models import Rate, Scale

OFFICIAL = Path(__file__).resolve().parents[1] / "data" / "scale.json"
FURTHEST = timedelta(days=366)
DEAREST = Decimal(5)
Steps = Mapping[str, Sequence[tuple[int, Decimal]]]


@transaction.atomic
def add_scale(
    organisation: Organisation,
    *,
    actor: Actor,
    starts_on: date,
    source: str,
    rates: Steps,
    accepts_gifts: bool = False,
) -> Scale:
    """A scale that holds from a day until the next one begins. One rate for any vehicle, or one for each. What was
    already sent keeps the amount it was sent with."""
    rows.require_in(actor, Can.MANAGE_SCALES, organisation)
    _refuse_strange(starts_on, source, rates)
    # Held, so that two people do not begin two scales on the same day.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Scale.objects.filter(organisation=organisation, starts_on=starts_on).exists():
        raise Refused("same_day", _("Another scale already begins on that day. Take it off first, or change the day."))
    scale = Scale(organisation=organisation, starts_on=starts_on, source=source.strip(), accepts_gifts=accepts_gifts)
    rows.checked(scale)
    scale.save(force_insert=True)
    for vehicle, steps in rates.items():
        for from_km, per_km in steps:
            rate = Rate(organisation=organisation, scale=scale, vehicle=vehicle, from_km=from_km, per_km=per_km)
            rows.checked(rate)
            rate.save(force_insert=True)
    journal.write(actor, "scale.add", scale)
    return scale


@transaction.atomic
def take_official_scale(organisation: Organisation, *, actor: Actor, accepts_gifts: bool = False) -> Scale:
    """The scale of the tax office, by vehicle, with its day of effect and its source; whoever takes it over checks that
    it is still the one in force."""
    known = official()
    rates = {
        vehicle: [(int(start), Decimal(per_km)) for start, per_km in steps] for vehicle, steps in known["rates"].items()
    }
    day = date.fromisoformat(known["starts_on"])
    told = {"starts_on": day, "source": known["source"], "rates": rates, "accepts_gifts": accepts_gifts}
    return add_scale(organisation, actor=actor, **told)


def official() -> dict[str, Any]:
    """The scale that comes with Vécu."""
    found: dict[str, Any] = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def remove_scale(scale: Scale, *, actor: Actor) -> None:
    """Entered by mistake, as long as nothing was reckoned by it."""
    require(actor, Can.MANAGE_SCALES, scale)
    journal.write(actor, "scale.remove", scale)
    try:
        scale.delete()
    except ProtectedError as error:
        raise Refused(
            "used", _("Claims were reckoned by this scale: it stays. Add another one that begins on another day.")
        ) from error


@transaction.atomic
def export_accounts(organisation: Organisation, year: int, *, actor: Actor) -> list[Sheet]:
    """Claims and hours of a year, for whoever keeps the accounts. Names are in it: the export is journaled."""
    rows.require_in(actor, Can.KEEP_ACCOUNTS, organisation, least=Scope.ASSIGNED)
    journal.write(actor, "accounts.export", organisation, reason=str(year))
    return accounts.sheets(organisation.pk, year, is_whole=actor.may(Can.DECIDE_CLAIM))


def _refuse_strange(starts_on: date, source: str, rates: Steps) -> None:
    if starts_on.year < 2000 or starts_on > timezone.localdate() + FURTHEST:
        raise Refused("strange_date", _("Check the day from which it holds: after 2000, and within a year from now."))
    if not source.strip():
        raise Refused("no_source", _("Say where this scale comes from: a decision of your board, an official text."))
    if not rates:
        raise Refused("no_rate", _("Write at least one amount per kilometre."))
    if Vehicle.ANY in rates and len(rates) > 1:
        raise Refused("two_ways", _("Either one amount for any vehicle, or one for each: not both."))
    for per_km in (per_km for steps in rates.values() for _from, per_km in steps):
        if not 0 < per_km <= DEAREST:
            raise Refused("strange_rate", _("Check the amounts: each is between 0 and 5 euros per kilometre."))
