"""What becomes of each thing held about someone who asks to be erased. Areas above register their part:

    from vecu.people import erasures
    erasures.register(erasures.Part(preview=my_preview, erase=my_erase))

`preview(person)` says line by line what goes, what stays and why; `erase(person)` does it, within the
transaction that erases everything. Parts run from the top of the house down; people's own comes last.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vecu.people.models import Person


@dataclass(frozen=True)
class Fate:
    """One line of the preview. `why` is only for what stays."""

    what: str
    is_erased: bool = True
    why: str = ""


@dataclass(frozen=True)
class Part:
    preview: Callable[[Person], list[Fate]]
    erase: Callable[[Person], None]


PARTS: list[Part] = []


def register(part: Part) -> Part:
    if part not in PARTS:
        PARTS.append(part)
    return part


def preview(person: Person) -> list[Fate]:
    """What goes and what stays, areas above first."""
    return [fate for part in reversed(PARTS) for fate in part.preview(person)]
