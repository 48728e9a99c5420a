"""The soft points over arrays of pairs: the same levels and costs as `points` and `rules`, in bulk."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vecu.accompaniment.matching import points
from vecu.accompaniment.matching.columns import UNKNOWN, NeedColumns, PeerColumns
from vecu.accompaniment.matching.points import NEUTRAL
from vecu.accompaniment.matching.rules import HIGHEST_COST, LOWEST_COST
from vecu.accompaniment.matching.weights import POINTS, Settings

Level = np.ndarray | int


class PairLevels:
    """The levels of many pairs (need[k], peer[k]); `place` is known from the block they come from."""

    def __init__(
        self, needs: NeedColumns, peers: PeerColumns, need: np.ndarray, peer: np.ndarray, place: np.ndarray
    ) -> None:
        self.needs, self.peers, self.need, self.peer, self._place = needs, peers, need, peer, place

    def _untold(self, name: str) -> bool:
        """Whether one side told nothing at all: the point is neutral for every pair."""
        return not (self.needs.told[name].any() and self.peers.told[name].any())

    def _known(self, name: str) -> np.ndarray:
        return (self.needs.told[name] > 0)[self.need] & (self.peers.told[name] > 0)[self.peer]

    def _shared(self, asked: np.ndarray, lived: np.ndarray) -> np.ndarray:
        """How many codes are shared, pair by pair."""
        count = np.zeros(len(self.need), np.int32)
        for word in range(asked.shape[1]):
            count += np.bitwise_count(asked[:, word][self.need] & lived[:, word][self.peer])
        return count

    def condition(self) -> Level:
        """Level of `points.condition`."""
        if self._untold("conditions"):
            return NEUTRAL
        same = self._shared(self.needs.conditions, self.peers.conditions) > 0
        near = self._shared(self.needs.families, self.peers.families) > 0
        level = np.where(same, 0, np.where(near, points.NEAR_FAMILY, 100))
        return np.where(self._known("conditions"), level, NEUTRAL)

    def _share(self, name: str, asked: np.ndarray, lived: np.ndarray) -> Level:
        if self._untold(name):
            return NEUTRAL
        total = np.maximum(self.needs.told[name], 1)[self.need]
        level = 100 - 100 * self._shared(asked, lived) // total
        return np.where(self._known(name), level, NEUTRAL)

    def concerns(self) -> Level:
        """Level of `points.concerns`."""
        return self._share("concerns", self.needs.concerns, self.peers.concerns)

    def situation(self) -> Level:
        """Level of `points.situation`."""
        return self._share("situations", self.needs.situations, self.peers.situations)

    def treatments(self) -> Level:
        """Level of `points.treatments`: an outdated one counts for half."""
        if self._untold("treatments"):
            return NEUTRAL
        total = np.maximum(self.needs.told["treatments"], 1)[self.need]
        worth = 100 * self._shared(self.needs.treatments, self.peers.treatments)
        if self.peers.old_treatments.any():
            worth -= 50 * self._shared(self.needs.treatments, self.peers.old_treatments)
        return np.where(self._known("treatments"), 100 - worth // total, NEUTRAL)

    def stage(self) -> Level:
        """Level of `points.stage`."""
        if self._untold("stages"):
            return NEUTRAL
        been = self._shared(self.needs.stages, self.peers.stages) > 0
        return np.where(self._known("stages"), np.where(been, 0, 100), NEUTRAL)

    def slots(self) -> Level:
        """Level of `points.slots`."""
        if self._untold("slots"):
            return NEUTRAL
        by_count = np.array([100, points.ONE_SLOT, 0], np.int32)
        shared = np.minimum(self._shared(self.needs.slots, self.peers.slots), 2)
        return np.where(self._known("slots"), by_count[shared], NEUTRAL)

    def _equal(self, asked: np.ndarray, lived: np.ndarray) -> Level:
        if (asked < 0).all() or (lived < 0).all():
            return NEUTRAL
        one, other = asked[self.need], lived[self.peer]
        return np.where((one >= 0) & (other >= 0), np.where(one == other, 0, 100), NEUTRAL)

    def relation(self) -> Level:
        """Level of `points.relation`."""
        return self._equal(self.needs.relation, self.peers.relation)

    def wish_gender(self) -> Level:
        """Level of `points.wish_gender`."""
        return self._equal(self.needs.gender_wish, self.peers.gender)

    def wish_age(self) -> Level:
        """Level of `points.wish_age`."""
        if (self.needs.age_low < 0).all() or (self.peers.age < 0).all():
            return NEUTRAL
        low, high, age = (
            self.needs.age_low[self.need],
            self.needs.age_high[self.need],
            self.peers.age[self.peer],
        )
        outside = np.maximum(np.maximum(low - age, age - high), 0)
        level = np.minimum(100, points.WISH_PER_YEAR * outside)
        return np.where((low != UNKNOWN) & (age >= 0), level, NEUTRAL)

    def _years(self, asked: np.ndarray, lived: np.ndarray, free: int, per_year: int) -> Level:
        if (asked < 0).all() or (lived < 0).all():
            return NEUTRAL
        one, other = asked[self.need], lived[self.peer]
        level = np.minimum(100, per_year * np.maximum(0, np.abs(one - other) - free))
        return np.where((one >= 0) & (other >= 0), level, NEUTRAL)

    def age_at_diagnosis(self) -> Level:
        """Level of `points.age_at_diagnosis`."""
        return self._years(
            self.needs.age_at_diagnosis,
            self.peers.age_at_diagnosis,
            points.DIAGNOSIS_FREE_YEARS,
            points.DIAGNOSIS_PER_YEAR,
        )

    def age(self) -> Level:
        """Level of `points.age`."""
        return self._years(self.needs.age, self.peers.age, points.AGE_FREE_YEARS, points.AGE_PER_YEAR)

    def place(self) -> Level:
        """Level of `points.place`."""
        return self._place

    def load(self) -> Level:
        """Level of `points.load` (a matter of the peer alone)."""
        peers = self.peers
        places = np.maximum(peers.load + peers.capacity, 1)
        level = points.LOAD_SHARE * peers.load // places + points.LOAD_PER_PAIR * peers.pairs_12_months
        return np.minimum(100, level).astype(np.int32)[self.peer]

    def rest(self) -> Level:
        """Level of `points.rest` (a matter of the peer alone)."""
        days = self.peers.days_since_last_pair
        most = points.RESTED_AFTER_DAYS
        level = np.where(days < 0, NEUTRAL, 100 * (most - np.minimum(days, most)) // most)
        return level.astype(np.int32)[self.peer]


def costs(levels: PairLevels, settings: Settings) -> np.ndarray:
    """The cost of each pair, equal to `rules.cost`."""
    asked, need = levels.needs.asked, levels.need
    weighted = np.zeros(len(need), np.int64)
    totals = np.zeros(len(levels.needs.ids), np.int64)
    constant = 0
    for k, point in enumerate(POINTS):
        weight = getattr(settings.weights, point)
        judge: Callable[[], Level] = getattr(levels, point)
        level = judge() if weight else 0
        if asked[:, k].any():
            weights = np.where(asked[:, k], weight * settings.asked_factor, weight)
            totals += weights
            weighted += weights[need] * level
        else:
            totals += weight
            if isinstance(level, int):
                constant += weight * level
            else:
                weighted += weight * level
    weighted += constant
    return (LOWEST_COST + (HIGHEST_COST - LOWEST_COST) * weighted // (100 * totals)[need]).astype(np.int32)
