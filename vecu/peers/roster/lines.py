"""Every line of a spreadsheet of peers, checked alone and against the others. The database is not touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from vecu.core.errors import Refused
from vecu.core.spreadsheet import Read
from vecu.peers import terms
from vecu.peers.roster.cells import FIRST_YEAR
from vecu.peers.roster.columns import BY_CODE, COLUMNS, REQUIRED, TITLES
from vecu.peers.roster.problems import Bad, Problem


@dataclass(slots=True)
class Roster:
    """What a file says: people to add, problems, and the refused lines as they were."""

    header: list[str]
    ignored: list[str]
    cells: dict[int, list[str]]
    total: int
    people: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """To be kept until confirmed: of the lines as they were, only the refused ones."""
        return asdict(self) | {"cells": {line: self.cells[line] for line in self.refused}}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Roster:
        problems = [Problem(**problem) for problem in kept["problems"]]
        cells = {int(line): row for line, row in kept["cells"].items()}
        return cls(**{**kept, "problems": problems, "cells": cells})

    @property
    def refused(self) -> list[int]:
        """The numbers of the lines with a problem, in order."""
        return sorted({problem.line for problem in self.problems})


def parse(read: Read) -> Roster:
    """Every line, checked one by one and against one another. Raises Refused when the columns are not ours."""
    places, ignored = _places(read.header)
    cells = {line: list(row) for line, row in read.rows}
    roster = Roster(list(read.header), ignored, cells, len(read.rows))
    seen: dict[tuple[Any, ...], int] = {}
    for line, row in read.rows:
        person, problems = _person(line, {code: row[place] for code, place in places.items()})
        problems = problems or list(_met_before(person, line, seen))
        roster.problems += problems
        if not problems:
            roster.people.append(person)
    return roster


def refuse_known(
    roster: Roster,
    years_by_name: dict[str, set[int | None]],
    addresses: frozenset[str],
    name_mark: Callable[[str, str], str],
) -> None:
    """Move to the problems those who are already here, by name and year of birth or by address."""
    kept = []
    for person in roster.people:
        line, year = person["line"], person["birth_year"]
        years = years_by_name.get(name_mark(person["given_name"], person["family_name"]), set())
        if years and (year is None or None in years or year in years):
            roster.problems.append(Problem(line, "family_name", "known"))
        elif person["contact_email"] and person["contact_email"] in addresses:
            roster.problems.append(Problem(line, "email", "known_address"))
        else:
            kept.append(person)
    roster.people = kept
    roster.problems.sort(key=lambda problem: problem.line)


def place_at_sites(roster: Roster, sites: dict[str, str]) -> None:
    """The place of care of each person becomes the key of a site of here (name → key), or a problem."""
    keys = {terms.plain(name): key for name, key in sites.items()}
    choices = ", ".join(sorted(sites))
    kept = []
    for person in roster.people:
        typed = person["care_site"]
        if typed and terms.plain(typed) not in keys:
            code = "care_site" if sites else "no_site"
            roster.problems.append(
                Problem(person["line"], "care_site", code, {"typed": typed[:60], "choices": choices})
            )
            continue
        kept.append({**person, "care_site": keys.get(terms.plain(typed), "")})
    roster.people = kept
    roster.problems.sort(key=lambda problem: problem.line)


def _places(header: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Where each of our columns stands; a first line that is not ours is refused with what to do."""
    found: dict[str, int] = {}
    ignored: list[str] = []
    for place, title in enumerate(header):
        code = TITLES.get(terms.plain(title))
        if code is None:
            ignored += [title] if title else []
        elif code in found:
            raise Refused(
                "column_twice", gettext("The column “%(title)s” is there twice. Keep one.") % {"title": title}
            )
        else:
            found[code] = place
    absent = [BY_CODE[code].title for code in REQUIRED if code not in found]
    if absent:
        raise Refused(
            "no_column",
            gettext("The first line must hold the titles of the columns. Not found: %(titles)s. Start from the model.")
            % {"titles": ", ".join(absent)},
        )
    return found, ignored


def _person(line: int, cells: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    person: dict[str, Any] = {"line": line}
    problems = []
    for column in COLUMNS:
        typed = cells.get(column.code, "")
        try:
            person[column.code] = column.read(typed)
        except Bad as bad:
            problems.append(Problem(line, column.code, bad.code, bad.params))
    problems = problems or list(_together(person))
    person["contact_email"] = person.pop("email", "")
    return person, problems


def _together(person: dict[str, Any]) -> Iterable[Problem]:
    """What only shows when the cells of a line are read together."""
    line, birth = person["line"], person["birth_year"]
    if person["insurance_on"] and person["insurance_until"] and person["insurance_on"] > person["insurance_until"]:
        yield Problem(line, "insurance_until", "insurance")
    if person["training_on"] and person["training_until"] and person["training_on"] > person["training_until"]:
        yield Problem(line, "training_until", "training")
    start, end = person["agreement_on"], person["agreement_until"]
    if (start or end) and not person["site"]:
        yield Problem(line, "site", "agreement_nowhere")
    elif end and not start:
        yield Problem(line, "agreement_on", "agreement_undated")
    elif start and end and start > end:
        yield Problem(line, "agreement_until", "agreement")
    for code, start, end in person["experiences"]:
        years = [year for year in (start, end) if year is not None]
        are_true = all((birth or FIRST_YEAR) <= year <= timezone.localdate().year for year in years)
        if not are_true or years != sorted(years):
            yield Problem(line, "experiences", "experience_years", {"typed": terms.label(code)})


def _met_before(person: dict[str, Any], line: int, seen: dict[tuple[Any, ...], int]) -> Iterable[Problem]:
    name = (terms.plain(person["given_name"]), terms.plain(person["family_name"]), person["birth_year"])
    first = seen.setdefault(name, line)
    if first != line:
        yield Problem(line, "given_name", "same_line", {"line": first})
        return
    if person["contact_email"]:
        first = seen.setdefault(("@", person["contact_email"]), line)
        if first != line:
            yield Problem(line, "email", "same_address", {"line": first})
