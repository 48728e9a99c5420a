"""From counts of each organisation to what may be printed of all of them together."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from uuid import UUID

from vecu.impact.definitions import BOOK, Definition
from vecu.impact.masking import (
    Parts,
    addable,
    is_few,
    masked,
    may_show,
    never,
    share,
    tree_of,
)
from vecu.impact.periods import Period
from vecu.people.models import Organisation

ROUNDED_TO = 5


@dataclass(frozen=True)
class Figure:
    """One number of the book. `value` None: hidden, or nothing to count yet (n = 0); `n` None: hidden too.

    `at_least`: the value leaves out a part too small to be told. `n_at_least`: n does, or it is rounded down because
    what is missing to the whole it is taken from is too few. `about`: someone is counted in two places. `few`: hidden
    because it is under the smallest group, and that much may be said.
    """

    definition: Definition
    value: float | int | None
    n: int | None
    period: Period
    at_least: bool = False
    n_at_least: bool = False
    about: bool = False
    few: bool = False

    @property
    def is_hidden(self) -> bool:
        return self.value is None and self.n != 0


@dataclass(frozen=True)
class Cell:
    """A line of a table; None: hidden."""

    label: str
    count: int | None
    at_least: bool = False


@dataclass(frozen=True)
class Table:
    """A one-way table. `n` None: so few in all that not even the lines are given."""

    title: str
    rows: list[Cell]
    n: int | None
    n_at_least: bool = False


class Pool:
    """The organisations looked at together, over one period."""

    def __init__(self, organisations: Sequence[Organisation], period: Period) -> None:
        self.period = period
        self.keys = [organisation.pk for organisation in organisations]
        self._tree = tree_of((organisation.pk, organisation.parent_id) for organisation in organisations)

    def count(self, code: str, counts: Mapping[UUID, int]) -> Figure:
        """How many; its n is itself."""
        total, at_least = self._sum({place: (count,) for place, count in counts.items()}, 0)
        few = total is None and len(self.keys) == 1
        return Figure(BOOK[code], total, total, self.period, at_least=at_least, n_at_least=at_least, few=few)

    def some(self, code: str, parts: Mapping[UUID, tuple[int, int]]) -> Figure:
        """(so many, of so many): told when neither they nor the others are few."""
        both = {place: (part, whole - part) for place, (part, whole) in parts.items()}
        value, at_least = self._sum(both, 0)
        n, n_at_least = self._sum({place: (whole,) for place, (_part, whole) in parts.items()}, 0)
        return Figure(BOOK[code], value, n, self.period, at_least=at_least, n_at_least=n_at_least)

    def share(
        self, code: str, parts: Mapping[UUID, tuple[int, int]], among: Mapping[UUID, int] | None = None
    ) -> Figure:
        """A percentage, over the organisations which may show theirs."""
        both = {place: (part, whole - part) for place, (part, whole) in parts.items()}
        kept = self._addable(both, lambda place: parts[place][1] == 0 or share(*parts[place]) is not None)
        kept = kept & parts.keys()
        part, whole = (sum(parts[place][column] for place in kept) for column in (0, 1))
        if kept != parts.keys() and not whole:
            # Nothing can be told; how many there are can, as it is told elsewhere, when they are not few.
            return self._hidden(code, {place: whole for place, (_part, whole) in parts.items()}, among)
        sizes = {place: parts[place][1] for place in kept}
        return self._with_n(code, share(part, whole), whole, sizes, among)

    def average(
        self, code: str, values: Mapping[UUID, Sequence[float]], among: Mapping[UUID, int], rank: int | None = None
    ) -> Figure:
        """A median or a percentile, over the organisations which have enough of them."""
        sizes = {place: len(found) for place, found in values.items()}
        kept = self._addable({place: (size,) for place, size in sizes.items()}, lambda place: not is_few(sizes[place]))
        pooled = [value for place in kept & values.keys() for value in values[place]]
        if not pooled and any(sizes.values()):
            return self._hidden(code, sizes, among)
        value = None
        if pooled and not is_few(len(pooled)):
            value = nearest_rank(pooled, rank) if rank is not None else median(pooled)
        return self._with_n(code, value, len(pooled), {place: sizes[place] for place in kept & sizes.keys()}, among)

    def people(self, code: str, persons: Mapping[UUID, set[UUID]]) -> Figure:
        """Persons, each counted once wherever they are."""
        figure = self.count(code, {place: len(found) for place, found in persons.items()})
        once = len(set().union(*persons.values())) if persons else 0
        twice = sum(map(len, persons.values())) - once
        if figure.value is None or figure.at_least or is_few(twice):
            # Very few in two places would be found by adding up the places: then the places are added up.
            return replace(figure, about=bool(twice))
        return replace(figure, value=once, n=once)

    def some_people(self, code: str, some: Mapping[UUID, set[UUID]], persons: Mapping[UUID, set[UUID]]) -> Figure:
        """Persons of whom something is said, of all those who are there, each counted once."""
        sizes = {place: (len(some.get(place, set())), len(found)) for place, found in persons.items()}
        told, everyone = self.some(code, sizes), self.people(code, persons)
        value, once = told.value, len(set().union(*some.values())) if some else 0
        if value is not None and not told.at_least and not is_few(sum(map(len, some.values())) - once):
            value = once
        return replace(told, value=value, n=everyone.n, n_at_least=everyone.at_least)

    def table(self, title: str, counts: Mapping[UUID, Mapping[str, int]]) -> Table:
        """A table of each organisation masked by itself, then added line by line."""
        n, at_least = self._sum({place: (sum(lines.values()),) for place, lines in counts.items()}, 0)
        if not n:
            return Table(title, [], n)
        rows = self._lines(counts, blurs=True)
        if sum(row.at_least or row.count is None for row in rows) == 1:
            # One line alone that leaves something out is the total less the others.
            rows = self._lines(counts, blurs=False)
        order = sorted(rows, key=lambda row: (row.count is None, -(row.count or 0), row.label))
        return Table(title, order, n, at_least)

    def _lines(self, counts: Mapping[UUID, Mapping[str, int]], *, blurs: bool) -> list[Cell]:
        shown = {place: masked(lines) for place, lines in counts.items()}
        small = {place for place, lines in counts.items() if is_few(sum(lines.values()))}
        rows = []
        for label in sorted({label for lines in counts.values() for label in lines}):
            parts: dict[UUID, Parts] = {place: (lines.get(label, 0),) for place, lines in counts.items()}

            def is_shown(place: UUID, label: str = label) -> bool:
                return label not in shown[place] or (place not in small and shown[place][label] is not None)

            kept = addable(self._tree, parts, is_shown, blurs=None if blurs else never)
            total = sum(parts[place][0] for place in kept & parts.keys())
            is_whole = parts.keys() <= kept
            if total or not is_whole:
                rows.append(Cell(label, total or None, at_least=bool(total) and not is_whole))
        return rows

    def _sum(self, parts: Mapping[UUID, Parts], column: int) -> tuple[int | None, bool]:
        """(what may be told of their sum, whether something is left out of it)."""
        kept = self._addable(parts, lambda place: may_show(parts[place]))
        total = sum(parts[place][column] for place in kept & parts.keys())
        is_whole = parts.keys() <= kept
        return (total, not is_whole) if total or is_whole else (None, False)

    def _addable(self, parts: Mapping[UUID, Parts], is_shown: Callable[[UUID], bool]) -> frozenset[UUID]:
        return addable(self._tree, parts, is_shown)

    def _hidden(self, code: str, sizes: Mapping[UUID, int], among: Mapping[UUID, int] | None) -> Figure:
        total, at_least = self._sum({place: (size,) for place, size in sizes.items()}, 0)
        if total is None or at_least:
            return Figure(BOOK[code], None, None, self.period)
        return self._with_n(code, None, total, sizes, among)

    def _with_n(
        self,
        code: str,
        value: float | None,
        n: int,
        sizes: Mapping[UUID, int],
        among: Mapping[UUID, int] | None,
    ) -> Figure:
        """n is told to the unit unless too few are missing to the whole it is taken from."""
        is_near = among is not None and any(is_few(among.get(place, 0) - size) for place, size in sizes.items())
        told = n - n % ROUNDED_TO if is_near else n
        return Figure(BOOK[code], value, told, self.period, n_at_least=is_near)


def nearest_rank(values: Sequence[float], percent: int) -> float:
    """The smallest value at or below which `percent` % of the values lie."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]
