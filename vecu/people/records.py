"""What someone gave and learnt, area by area, for papers they show: a portfolio, an attestation of engagement. Areas
above register their part in `apps.ready`:

    from vecu.people import records
    records.register(my_part)      # def my_part(person, organisation_id) -> list[Record]

A part counts. It never says who was followed, what was lived through, nor what anybody said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from vecu.people.models import Person


class Chapter(IntEnum):
    """In the order of the paper."""

    ENGAGEMENT = 1
    ACCOMPANIMENT = 2
    GROUPS = 3
    TRAINING = 4


@dataclass(frozen=True)
class Record:
    """One line: `key` names it in forms, `proof` is how whoever reads the paper can check it."""

    chapter: Chapter
    key: str
    what: str
    detail: str = ""
    proof: str = ""


Part = Callable[[Person, UUID | None], list[Record]]
PARTS: list[Part] = []


def register(part: Part) -> Part:
    if part not in PARTS:
        PARTS.append(part)
    return part


def of(person: Person, organisation_id: UUID | None = None) -> list[Record]:
    """Everything that was given and learnt, here or everywhere, in the order of the paper."""
    found = [record for part in PARTS for record in part(person, organisation_id)]
    return sorted(found, key=lambda record: record.chapter)
