"""The maintained list of what people have lived through: illnesses, treatments and after-effects, situations.

The list is data (`data/experiences.csv`, families in `data/families.csv`), in French and English, with words
people also use. A code is never removed nor given another meaning: it stands in files and in past requests.
`since_year` is the year a treatment that changed things came into use in France or Europe; what was lived
before it stays of value (the announcement, work, the body), and matching says so instead of hiding it.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vecu.core.moments import is_french
from vecu.peers.enums import TermKind

DATA = Path(__file__).resolve().parent / "data"
COLUMNS = ("code", "kind", "family", "fr", "en", "also", "since_year", "since_fr", "since_en")
FAMILY_COLUMNS = ("code", "kind", "fr", "en")
CODE_LENGTH = 40


class WrongList(Exception):
    """The list on disk breaks one of its own rules."""


@dataclass(frozen=True, slots=True)
class Family:
    """Things near one another: the same family is a partial match."""

    code: str
    kind: str
    fr: str
    en: str

    @property
    def label(self) -> str:
        return self.fr if is_french() else self.en


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the list. `also` holds other words by which people look for it."""

    code: str
    kind: str
    family: str
    fr: str
    en: str
    also: str = ""
    since_year: int | None = None
    since_fr: str = ""
    since_en: str = ""

    @property
    def label(self) -> str:
        return self.fr if is_french() else self.en

    @property
    def since(self) -> str:
        """What came in that year, in the reader's language: « l’immunothérapie »."""
        return self.since_fr if is_french() else self.since_en


def term(code: str) -> Term:
    """The term of this code; KeyError when there is none."""
    return _terms()[code]


def is_known(code: str, kind: str | None = None) -> bool:
    """Whether the list has this code (of this kind, when one is given)."""
    found = _terms().get(code)
    return found is not None and kind in (None, found.kind)


def label(code: str) -> str:
    """How the code reads in the current language."""
    return _terms()[code].label


def family(code: str) -> str:
    """The family of a code; two codes of one family are near."""
    return _terms()[code].family


def family_label(code: str) -> str:
    """How a family reads in the current language."""
    return _families()[code].label


def all_terms(kind: str | None = None) -> tuple[Term, ...]:
    """Every term, of one kind when asked, in the order of the list."""
    return tuple(found for found in _terms().values() if kind in (None, found.kind))


def families() -> dict[str, str]:
    """Every code with its family, for matching."""
    return {found.code: found.family for found in _terms().values()}


def since_years() -> dict[str, int]:
    """Codes of what is treated otherwise since a year, with that year, for matching."""
    return {found.code: found.since_year for found in _terms().values() if found.since_year is not None}


def changed_since(code: str, year_from: int | None, year_to: int | None) -> int | None:
    """The year treatment changed, when this was lived wholly before; what is shared otherwise remains."""
    since = term(code).since_year
    last = year_to if year_to is not None else year_from
    return since if since is not None and last is not None and last < since else None


def choices(kind: str | None = None) -> list[tuple[str, str]]:
    """(code, label) in the order of the list, for a field."""
    return [(found.code, found.label) for found in all_terms(kind)]


def grouped_choices(kind: str | None = None) -> list[tuple[str, list[tuple[str, str]]]]:
    """(family label, [(code, label)…]) in the order of the list, for a field with groups."""
    groups: dict[str, list[tuple[str, str]]] = {code: [] for code in _families()}
    for found in all_terms(kind):
        groups[found.family].append((found.code, found.label))
    return [(_families()[code].label, members) for code, members in groups.items() if members]


def search(text: str, kind: str | None = None, limit: int = 20) -> list[Term]:
    """Terms holding every word typed, accents and case aside; those whose label starts with it come first."""
    words = plain(text).split()
    if not words:
        return []
    first, *others = words
    found = []
    for place, one in enumerate(all_terms(kind)):
        known = _index()[one.code]
        if first in known and all(word in known for word in others):
            starts = any(plain(name).startswith(first) for name in (one.fr, one.en))
            found.append((not starts, place, one))
    return [one for _starts, _place, one in sorted(found, key=lambda row: row[:2])[:limit]]


def named(text: str) -> Term | None:
    """The one term meant by a code, a French or an English label, whatever the accents; else None."""
    return _names().get(plain(text))


def read_families(path: Path) -> dict[str, Family]:
    """The families of a file. Raises WrongList on a duplicate or an empty label."""
    found: dict[str, Family] = {}
    for row in _rows(path, FAMILY_COLUMNS):
        if row["code"] in found:
            raise WrongList(f"family {row['code']} is there twice")
        if row["kind"] not in TermKind.values or not row["fr"] or not row["en"]:
            raise WrongList(f"family {row['code']}: kind, fr and en are needed")
        found[row["code"]] = Family(row["code"], row["kind"], row["fr"], row["en"])
    return found


def read_terms(path: Path, known: dict[str, Family]) -> dict[str, Term]:
    """The terms of a file. Raises WrongList on a duplicate, an unknown family or an empty label."""
    found: dict[str, Term] = {}
    labels: dict[tuple[str, str], str] = {}
    for row in _rows(path, COLUMNS):
        code = row["code"]
        if not code or len(code) > CODE_LENGTH or code in found:
            raise WrongList(f"code {code!r} is empty, too long or there twice")
        if row["family"] not in known or known[row["family"]].kind != row["kind"]:
            raise WrongList(f"{code}: family {row['family']!r} is not a family of kind {row['kind']!r}")
        for language in ("fr", "en"):
            other = labels.setdefault((language, plain(row[language])), code)
            if not row[language] or other != code:
                raise WrongList(f"{code}: the label in {language} is empty or already that of {other}")
        year = int(row["since_year"]) if row["since_year"] else None
        if (year is None) == bool(row["since_fr"] and row["since_en"]):
            raise WrongList(f"{code}: since_year goes with since_fr and since_en")
        found[code] = Term(**{**row, "since_year": year})  # type: ignore[arg-type]
    return found


def _rows(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, restval="")
        if tuple(reader.fieldnames or ()) != columns:
            raise WrongList(f"{path.name}: the columns are {columns}")
        rows = list(reader)
    if any(None in row for row in rows):
        raise WrongList(f"{path.name}: a line has too many cells")
    return [{name: value.strip() for name, value in row.items()} for row in rows]


@cache
def _families() -> dict[str, Family]:
    return read_families(DATA / "families.csv")


@cache
def _terms() -> dict[str, Term]:
    return read_terms(DATA / "experiences.csv", _families())


@cache
def _index() -> dict[str, str]:
    return {one.code: plain(f"{one.fr} {one.en} {one.also}") for one in _terms().values()}


@cache
def _names() -> dict[str, Term]:
    return {plain(name): one for one in _terms().values() for name in (one.en, one.fr, one.code)}


def plain(text: str) -> str:
    """Without accents, case, ligatures nor punctuation, so that « coeur » finds « Cœur »."""
    folded = text.casefold().replace("œ", "oe").replace("æ", "ae")
    split = unicodedata.normalize("NFKD", folded)
    kept = "".join(sign if sign.isalnum() else " " for sign in split if not unicodedata.combining(sign))
    return " ".join(kept.split())
