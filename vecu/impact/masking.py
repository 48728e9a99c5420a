"""Small groups are hidden, and so is whatever would give them away by subtraction: another cell, or a sum.

Each organisation's figures are masked first. A sum over several organisations then adds an organisation that hid its
part only when so many did that nothing can be learnt of any one of them; otherwise that part is left out and the sum
says « au moins ». So no reader gains anything by comparing the network's page with a committee's.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from vecu.core.crowds import SMALLEST_GROUP

FEWEST_HIDDEN = 4
K = TypeVar("K")
Parts = tuple[int, ...]  # counts which go together: (those who did, those who did not)


def is_few(count: int) -> bool:
    """So few that they could be pointed at. Nobody is not few."""
    return 0 < count < SMALLEST_GROUP


def may_show(parts: Parts) -> bool:
    """Counts printed side by side: none of them is few."""
    return not any(is_few(count) for count in parts)


def masked(counts: Mapping[K, int]) -> dict[K, int | None]:
    """One-way table whose total is known: None for each small cell, and one more if only one was.

    Empty groups are left out (the list of groups is public, who is in them is not). With a known total a single
    hidden cell is the total less the others, so the smallest cell shown is hidden with it; with two hidden cells
    only their sum is known, and it is at least the smallest group.
    """
    present = {key: count for key, count in counts.items() if count > 0}
    hidden = {key for key, count in present.items() if is_few(count)}
    while hidden and len(hidden) < len(present) and (len(hidden) == 1 or is_few(sum(present[key] for key in hidden))):
        shown = [key for key in present if key not in hidden]
        hidden.add(min(shown, key=lambda key: (present[key], str(key))))
    return {key: None if key in hidden else count for key, count in present.items()}


def share(part: int, whole: int) -> float | None:
    """A percentage (0 to 100), or None when it rests on, or would tell of, fewer people than the smallest group."""
    if whole == 0 or is_few(whole) or not may_show((part, whole - part)):
        return None
    return 100 * part / whole


# -- sums over organisations


@dataclass(frozen=True)
class Branch:
    """An organisation that is looked at, and those below it that are looked at too."""

    key: UUID
    below: tuple[Branch, ...] = ()


def tree_of(places: Iterable[tuple[UUID, UUID | None]]) -> tuple[Branch, ...]:
    """The branches of these (organisation, the one above it): whoever has nobody above here stands alone."""
    parents = dict(places)
    below: dict[UUID | None, list[UUID]] = {}
    for key, parent in parents.items():
        below.setdefault(parent if parent in parents else None, []).append(key)

    def grow(key: UUID) -> Branch:
        return Branch(key, tuple(grow(child) for child in below.get(key, ())))

    return tuple(grow(key) for key in below.get(None, ()))


def addable(
    branches: Sequence[Branch],
    parts: Mapping[UUID, Parts],
    is_shown: Callable[[UUID], bool],
    *,
    blurs: Callable[[Collection[Parts]], bool] | None = None,
) -> frozenset[UUID]:
    """The organisations that may be added up into a printed sum.

    Sums are printed for every branch, so each branch is settled by itself, from the bottom: what a lower sum gave
    away already cannot hide anything higher up.
    """
    blurs = blurs or blur
    kept, left = _settled(branches, parts, is_shown, blurs)
    return frozenset(kept | left) if blurs([parts[key] for key in left]) else frozenset(kept)


def _settled(
    branches: Sequence[Branch],
    parts: Mapping[UUID, Parts],
    is_shown: Callable[[UUID], bool],
    blurs: Callable[[Collection[Parts]], bool],
) -> tuple[set[UUID], set[UUID]]:
    """(those that may be added, those that may not) of these branches, each branch settled."""
    kept: set[UUID] = set()
    left: set[UUID] = set()
    for branch in branches:
        added, hidden = _settled(branch.below, parts, is_shown, blurs)
        if branch.key not in parts or is_shown(branch.key):
            added.add(branch.key)
        else:
            hidden.add(branch.key)
        if hidden and blurs([parts[key] for key in hidden]):
            added, hidden = added | hidden, set()
        kept |= added
        left |= hidden
    return kept, left


def blur(hidden: Collection[Parts]) -> bool:
    """Whether the sum of these hidden parts tells nothing of any one of them, even to whoever knows another one.

    Each must still be able to be anything from none to the largest small group.
    """
    return len(hidden) >= FEWEST_HIDDEN and all(_blurs(column) for column in zip(*hidden, strict=True))


def _blurs(column: Sequence[int]) -> bool:
    total, others, most = sum(column), len(column) - 1, SMALLEST_GROUP - 1
    low = min(total - count for count in column)
    high = max(total - count for count in column)
    return low >= others + most - 1 and (max(column) > most or high <= most * (others - 1))


def never(hidden: Collection[Parts]) -> bool:
    """Nothing hidden is ever added."""
    return False
