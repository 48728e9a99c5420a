"""Languages people talk in here, in the reader's words. Codes are ISO 639-1, else 639-3."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

DATA = Path(__file__).resolve().parent / "data" / "languages.csv"
USUAL = "fr"


def label(code: str) -> str:
    """« Arabe », “Arabic”; the code itself when the list does not have it."""
    row = _rows().get(code)
    return row[_reader()] if row else code


def is_known(code: str) -> bool:
    return code in _rows()


def choices() -> list[tuple[str, str]]:
    """(code, label), the most spoken first, for a field."""
    return [(code, row[_reader()]) for code, row in _rows().items()]


def named(text: str) -> str:
    """The code somebody means by a code or a name in French or English; empty when unknown."""
    return _named().get(text.strip().casefold(), "")


@cache
def _rows() -> dict[str, dict[str, str]]:
    with DATA.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


@cache
def _named() -> dict[str, str]:
    return {name.casefold(): code for code, row in _rows().items() for name in row.values()}


def _reader() -> str:
    return "en" if (get_language() or "fr").startswith("en") else "fr"
