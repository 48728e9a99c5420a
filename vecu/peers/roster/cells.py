"""How one cell of the spreadsheet reads: its value, or `Bad` with what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from vecu.peers import languages, terms, territory
from vecu.peers.roster.problems import Bad

SPLIT = re.compile(r"[;|\n]+")
YEARS = re.compile(r"^(?P<what>.*?)[\s,(\[]*(?P<start>\d{4})(?:\s*(?P<dash>[-–—/à]|to)\s*(?P<end>\d{4})?)?[)\]\s]*$")
PHONE = re.compile(r"^\+?[0-9][0-9 ().-]{5,24}$")
DATES = (
    re.compile(r"^(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})$"),
    re.compile(r"^(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>\d{4})$"),
)
LONGEST = {
    "given_name": 80,
    "family_name": 80,
    "town": 80,
    "care_site": 120,
    "site": 120,
    "site_town": 80,
    "presentation": 2000,
}
FIRST_YEAR = 1900
MOST_PAIRS = 20


def read_text(code: str) -> Callable[[str], str]:
    def read(typed: str) -> str:
        if len(typed) > LONGEST[code]:
            raise Bad("too_long", typed=typed[:30], most=LONGEST[code])
        if code == "given_name" and not typed:
            raise Bad("no_given_name")
        return typed

    return read


def read_birth_year(typed: str) -> int | None:
    if not typed:
        return None
    year = (
        typed[-4:]
        if re.fullmatch(r"(\d{1,2}[/.]){2}\d{4}", typed)
        else typed[:4]
        if re.fullmatch(r"\d{4}-\d\d-\d\d", typed)
        else typed
    )
    if not (year.isdecimal() and len(year) == 4 and FIRST_YEAR <= int(year) <= timezone.localdate().year):
        raise Bad("year", typed=typed[:30])
    return int(year)


def read_one_of(choices: Any, words: dict[str, str], bad: str = "choice", default: str = "") -> Callable[[str], str]:
    """A value, its label in the reader's language, or one of the usual words for it."""

    def read(typed: str) -> str:
        if not typed:
            return default
        wanted = terms.plain(typed)
        named = {terms.plain(str(label)): value for value, label in choices.choices} | words
        found = named.get(wanted) or (wanted if wanted in choices.values else "")
        if not found:
            raise Bad(bad, typed=typed[:30], choices=", ".join(str(label) for label in choices.labels))
        return str(found)

    return read


def read_several(one: Callable[[str], str]) -> Callable[[str], list[str]]:
    def read(typed: str) -> list[str]:
        parts = [part.strip() for part in re.split(r"[;|,\n]+", typed) if part.strip()]
        return list(dict.fromkeys(one(part) for part in parts))

    return read


def read_language(typed: str) -> str:
    found = languages.named(typed)
    if not found:
        raise Bad("language", typed=typed[:30])
    return found


def read_languages(typed: str) -> list[str]:
    return read_several(read_language)(typed) or [languages.USUAL]


def read_departement(typed: str) -> str:
    found = territory.of_postcode(typed)
    if typed and not found:
        raise Bad("departement", typed=typed[:30])
    return found


def read_email(typed: str) -> str:
    if not typed:
        return ""
    try:
        validate_email(typed)
    except ValidationError as error:
        raise Bad("email", typed=typed[:60]) from error
    return typed.lower()


def read_phone(typed: str) -> str:
    """A spreadsheet drops the zero in front of a number: it is put back."""
    if typed and not PHONE.match(typed):
        raise Bad("phone", typed=typed[:30])
    return f"0{typed}" if re.fullmatch(r"[1-9]\d{8}", typed) else typed


def read_experiences(typed: str) -> list[tuple[str, int | None, int | None]]:
    found = [read_experience(part.strip()) for part in SPLIT.split(typed) if part.strip()]
    if not found:
        raise Bad("no_experience")
    once: set[tuple[str, int | None]] = set()
    for code, start, _end in found:
        if (code, start) in once:
            raise Bad("experience_twice", typed=terms.label(code))
        once.add((code, start))
    return found


def read_experience(typed: str) -> tuple[str, int | None, int | None]:
    """« Cancer du sein (2011-2014) », « sep 2018- », « Fatigue »."""
    one, start, end = terms.named(typed), None, None
    years = YEARS.match(typed)
    if one is None and years:
        one, start = terms.named(years["what"]), int(years["start"])
        # « 2011 » alone is that year; « 2011- » goes on.
        end = int(years["end"]) if years["end"] else None if years["dash"] else start
    if one is not None:
        return one.code, start, end
    what = (years["what"] if years else typed).strip() or typed
    near = terms.search(what, limit=3)
    if near:
        raise Bad("near", typed=what[:60], choices=" / ".join(found.label for found in near))
    raise Bad("experience", typed=what[:60])


def read_date(typed: str) -> str:
    if not typed:
        return ""
    match = next((found for shape in DATES if (found := shape.match(typed))), None)
    try:
        if match:
            day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        elif re.fullmatch(r"\d{4}", typed):
            day = date(int(typed), 1, 1)
        else:
            raise Bad("date", typed=typed[:30])
    except ValueError as error:
        raise Bad("date", typed=typed[:30]) from error
    if not FIRST_YEAR <= day.year <= timezone.localdate().year + 30:
        raise Bad("date", typed=typed[:30])
    return day.isoformat()


def read_started(typed: str) -> str:
    found = read_date(typed)
    if found > timezone.localdate().isoformat():
        raise Bad("date_to_come", typed=typed[:30])
    return found


def read_number(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isdecimal() and len(typed) <= 9 and int(typed) <= MOST_PAIRS):
        raise Bad("number", typed=typed[:30], most=MOST_PAIRS)
    return int(typed)
