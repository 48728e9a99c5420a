"""French départements: their names, and which touch. Codes are those of the Code officiel géographique."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data" / "departements.csv"


def name(code: str) -> str:
    """« Haute-Vienne »; the code itself when it is no département."""
    return _names().get(code, code)


def is_known(code: str) -> bool:
    return code in _names()


def choices() -> list[tuple[str, str]]:
    """(code, « Haute-Vienne (87) »), in the order of the codes, for a field."""
    return [(code, f"{label} ({code})") for code, label in _names().items()]


def neighbours() -> dict[str, frozenset[str]]:
    """Each département with those it touches, for matching."""
    return {row["code"]: frozenset(row["neighbours"].split()) for row in _rows()}


def near(code: str) -> list[str]:
    """A département and those it touches; none when it is unknown."""
    return sorted({code, *neighbours()[code]}) if is_known(code) else []


def of_postcode(postcode: str) -> str:
    """The département of a five-digit postcode or of a code typed as is; empty when it is neither."""
    typed = postcode.strip().upper().replace(" ", "")
    if is_known(typed):
        return typed
    if typed.isdecimal() and len(typed) == 1:
        return f"0{typed}" if is_known(f"0{typed}") else ""
    if len(typed) != 5 or not typed.isdecimal():
        return ""
    if typed.startswith("20"):
        return "2A" if typed < "20200" else "2B"
    found = typed[:3] if typed.startswith(("97", "98")) else typed[:2]
    return found if is_known(found) else ""


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
