"""Sites and conventions written on the lines of people: each site once, the same on all its lines."""

from __future__ import annotations

from dataclasses import dataclass

from vecu.peers import terms
from vecu.peers.roster.lines import Roster
from vecu.peers.roster.problems import Problem

TOLD = ("site_town", "site_departement", "agreement_on", "agreement_until")


@dataclass(frozen=True)
class Place:
    """One site of the file: its name as first written, where it is when it is new, and its convention."""

    name: str
    town: str
    departement: str
    starts_on: str
    ends_on: str


def places(roster: Roster) -> list[Place]:
    """Every site named, with what its lines say of it together."""
    told: dict[str, dict[str, str]] = {}
    for person in roster.people:
        if person["site"]:
            kept = told.setdefault(terms.plain(person["site"]), {"name": person["site"]})
            for name in TOLD:
                kept[name] = kept.get(name) or person[name]
    return [Place(one["name"], *(one[name] for name in TOLD)) for one in told.values()]


def check_places(roster: Roster, known: dict[str, str]) -> None:
    """Lines that say two things of one site, and sites that are neither here nor told, become problems."""
    here = {terms.plain(name) for name in known}
    told: dict[tuple[str, str], tuple[str, int]] = {}
    refused: list[Problem] = []
    for person in roster.people:
        for name in TOLD if person["site"] else ():
            if not person[name]:
                continue
            said, line = told.setdefault((terms.plain(person["site"]), name), (person[name], person["line"]))
            if said != person[name]:
                refused.append(
                    Problem(person["line"], name, "site_differs", {"line": line, "typed": person["site"][:60]})
                )
    for person in roster.people:
        site = terms.plain(person["site"])
        if site and site not in here and not all((site, name) in told for name in ("site_town", "site_departement")):
            refused.append(Problem(person["line"], "site", "site_unknown", {"typed": person["site"][:60]}))
    lines = {problem.line for problem in refused}
    roster.people = [person for person in roster.people if person["line"] not in lines]
    roster.problems = sorted([*roster.problems, *refused], key=lambda problem: problem.line)
