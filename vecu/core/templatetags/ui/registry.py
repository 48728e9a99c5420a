"""The library all tags register in, and the checks they share: a misspelt variant is an error, never a shrug."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from pathlib import Path

from django.template import Library, TemplateSyntaxError

library = Library()

TONES = ("plain", "prune", "mirabelle", "sauge", "alert")
ICONS = Path(__file__).resolve().parents[2] / "static" / "core" / "icons.txt"


def one_of(tag: str, what: str, value: str, allowed: Collection[str]) -> str:
    """`value`, if the component knows it; else an error that names what it knows."""
    if value not in allowed:
        raise TemplateSyntaxError(f"{{% {tag} %}}: {what} {value!r} is not one of {', '.join(sorted(allowed))}")
    return value


@cache
def icon_names() -> frozenset[str]:
    return frozenset(ICONS.read_text().split())
