"""Weights and prices: all the numbers of matching, as data.

The evidence behind the defaults is in the design's domain notes, 6.3: of 436 young adults 88.4 %
asked for the same cancer type, 86.1 % for the same specific concerns, 86.1 % for a near age at
diagnosis. So these three weigh nearly the same, and everything else weighs less.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Literal

from vecu.accompaniment.matching.instance import Need, Reference

#: The dearest primary waiting price; keeps scaled prices far from 63 bits.
HIGHEST_WAITING_PRICE = 100_000


@dataclass(frozen=True, slots=True)
class Weights:
    """The weight of each soft point (any non-negative integers; only their proportions count)."""

    condition: int = 88
    concerns: int = 86
    age_at_diagnosis: int = 86
    treatments: int = 60
    situation: int = 50
    stage: int = 40
    relation: int = 40
    wish_gender: int = 40
    wish_age: int = 30
    age: int = 20
    slots: int = 30
    place: int = 20
    load: int = 30
    rest: int = 30

    def __post_init__(self) -> None:
        values = [getattr(self, f.name) for f in fields(self)]
        if min(values) < 0 or sum(values) == 0:
            raise ValueError("weights cannot be negative, nor all zero")


#: The soft points, in the order of the default weights.
POINTS: tuple[str, ...] = tuple(f.name for f in fields(Weights))


@dataclass(frozen=True, slots=True)
class Settings:
    """How to match.

    `waiting_base` + `waiting_per_day` x days waited is the price of leaving a person waiting;
    `dated_bonus` is added in full on the fixed date and fades to nothing `dated_days` before it.
    `fair_load` is the convex price of the k-th place of a peer who carries n: fair_load x (n + k).
    `asked_factor` multiplies the weight of the points a person said matter most.
    `remote_reach`: by phone, video or writing, a peer may live "anywhere" or only in the same or a
    neighbouring territory ("neighbours", the choice for a national run).
    `best` is the number of candidates kept per need; the cut is proven afterwards.
    """

    weights: Weights = field(default_factory=Weights)
    reference: Reference = field(default_factory=Reference)
    waiting_base: int = 1200
    waiting_per_day: int = 4
    dated_bonus: int = 400
    dated_days: int = 30
    fair_load: int = 40
    asked_factor: int = 2
    remote_reach: Literal["anywhere", "neighbours"] = "anywhere"
    best: int = 50

    def waiting_price(self, need: Need) -> int:
        """The price of leaving this need waiting: grows with days waited and with a near fixed date."""
        price = self.waiting_base + self.waiting_per_day * need.waited_days
        if need.priority_in_days is not None:
            left = min(max(need.priority_in_days, 0), self.dated_days)
            price += self.dated_bonus * (self.dated_days - left) // max(self.dated_days, 1)
        return min(price, HIGHEST_WAITING_PRICE)
