"""Money: whole cents. A length of road times a rate is rounded once, at the end, to the nearest cent (half a cent up)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.translation import gettext as _

from vecu.core import moments

CENTS = Decimal(100)
TYPED = re.compile(r"-?\d{1,7}(?:[.,]\d{1,2})?")
RATE = re.compile(r"\d{1,2}(?:[.,]\d{1,3})?")


def mileage_cents(km: int, already: int, steps: Iterable[tuple[int, Decimal]]) -> int:
    """What `km` come to when `already` kilometres of the year were asked for; `steps` are « above so many kilometres of
    the year, so much each ». A journey over a step is paid at both rates."""
    ordered = sorted(steps)
    total = Decimal(0)
    for place, (start, per_km) in enumerate(ordered):
        end = ordered[place + 1][0] if place + 1 < len(ordered) else already + km
        inside = min(already + km, end) - max(already, start)
        total += max(inside, 0) * per_km
    return int((total * CENTS).quantize(Decimal(1), ROUND_HALF_UP))


def say_euros(cents: int) -> str:
    """« 1 234,50 € », « €1,234.50 »."""
    whole, rest = divmod(abs(cents), 100)
    sign = "−" if cents < 0 else ""
    if moments.is_french():
        grouped = f"{whole:,}".replace(",", "\u202f")
        return f"{sign}{grouped},{rest:02d}{moments.NBSP}€"
    return f"{sign}€{whole:,}.{rest:02d}"


def say_rate(per_km: Decimal) -> str:
    """« 0,636 € par km »."""
    amount = f"{per_km:.3f}"
    words = amount.replace(".", ",") if moments.is_french() else amount
    return _("%(amount)s € per km") % {"amount": words}


def read_cents(typed: str) -> int | None:
    """Cents of « 12,50 », « 12.5 € », « -3 »; None when it is no amount."""
    plain = re.sub(r"\s", "", re.sub(r"\s*(?:€|euros?)$", "", typed.strip().lower()))
    return int(Decimal(plain.replace(",", ".")) * CENTS) if TYPED.fullmatch(plain) else None


def read_rate(typed: str) -> Decimal | None:
    """Euros per kilometre, three decimals at most: « 0,636 »."""
    plain = re.sub(r"[\s\u00a0\u202f€]", "", typed)
    try:
        return Decimal(plain.replace(",", ".")) if RATE.fullmatch(plain) else None
    except InvalidOperation:
        return None


def plain_euros(cents: int) -> str:
    """As it is typed again in a form: « 12,50 »."""
    words = f"{cents // 100}.{cents % 100:02d}"
    return words.replace(".", ",") if moments.is_french() else words
