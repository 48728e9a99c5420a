"""Small groups are hidden, and so is the second cell that would give them away by subtraction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

SMALLEST_GROUP = 5
K = TypeVar("K")


def masked(counts: Mapping[K, int], smallest: int = SMALLEST_GROUP) -> dict[K, int | None]:
    """One-way table whose total is known: None for each cell under `smallest`, and one more if only one was.

    Empty groups are left out (the list of groups is public, who is in them is not). With a known total a single
    hidden cell is the total less the others, so the smallest cell shown is hidden with it; with two hidden cells
    only their sum is known, and it is at least the smallest group.
    """
    present = {key: count for key, count in counts.items() if count > 0}
    hidden = {key for key, count in present.items() if count < smallest}
    while (
        hidden and len(hidden) < len(present) and (len(hidden) == 1 or sum(present[key] for key in hidden) < smallest)
    ):
        shown = [key for key in present if key not in hidden]
        hidden.add(min(shown, key=lambda key: (present[key], str(key))))
    return {key: None if key in hidden else count for key, count in present.items()}


def share(part: int, whole: int, smallest: int = SMALLEST_GROUP) -> float | None:
    """A percentage (0 to 100), or None when it rests on, or would tell of, fewer than `smallest` people."""
    if whole < smallest or 0 < part < smallest or 0 < whole - part < smallest:
        return None
    return 100 * part / whole
