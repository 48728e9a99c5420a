"""Invented people for the matching bench, as columns: territories of 25 peers, uneven needs.

Capacity 0..5 (mean 2.4), 92 % of peers qualified; a need reaches the peers of its territory and, by
phone or video, those of the two neighbouring ones, when they share a language.
"""

from __future__ import annotations

import numpy as np

from vecu.accompaniment.matching import POINTS, Settings
from vecu.accompaniment.matching.columns import (
    CHANNEL_BITS,
    UNKNOWN,
    Columns,
    NeedColumns,
    PeerColumns,
    SharedColumns,
)

#: As in the measured instances: no price on load, neighbouring territories only.
SETTINGS = Settings(fair_load=0, remote_reach="neighbours")
PEERS_A_TERRITORY = 25
LANGUAGES = np.array([0.83, 0.06, 0.04, 0.03, 0.02, 0.02])
ILLNESSES, FAMILIES, TREATMENTS, CONCERNS, STAGES = 24, 6, 8, 16, 5
IN_PERSON, PHONE, VIDEO = (CHANNEL_BITS[name] for name in ("in_person", "phone", "video"))


def people(peers: int, needs: int, seed: int = 7) -> Columns:
    """The columns of an instance; the same for the same seed."""
    draw = np.random.default_rng(seed)
    territories = max(2, peers // PEERS_A_TERRITORY)
    crowding = draw.lognormal(0, 0.5, territories)
    homes = np.sort(draw.choice(territories, needs, p=crowding / crowding.sum()))
    asking = _shared(draw, "n", np.sort(homes), remote=0.7)
    offering = _shared(draw, "p", np.arange(peers) * territories // peers, remote=0.5)
    return Columns(_needs(draw, asking), _peers(draw, offering), _ring(territories))


def _ring(territories: int) -> list[np.ndarray]:
    return [np.unique([(t - 1) % territories, (t + 1) % territories]) for t in range(territories)]


def _bits(draw: np.random.Generator, count: int, codes: int, most: int) -> np.ndarray:
    """One to `most` codes each, as masks of one word."""
    masks = np.zeros((count, 1), np.uint64)
    for k in range(most):
        there = (draw.random(count) < 0.6) | (k == 0)
        masks[:, 0] |= np.where(there, np.uint64(1) << draw.integers(0, codes, count).astype(np.uint64), np.uint64(0))
    return masks


def _shared(draw: np.random.Generator, prefix: str, homes: np.ndarray, remote: float) -> dict:
    count = len(homes)
    unknown = np.full(count, UNKNOWN, np.int32)
    nothing = np.zeros((count, 1), np.uint64)
    one = np.uint64(1)
    illness = draw.integers(0, ILLNESSES, count).astype(np.uint64)
    language = draw.choice(len(LANGUAGES), count, p=LANGUAGES).astype(np.uint64)
    second = draw.choice(len(LANGUAGES), count, p=LANGUAGES).astype(np.uint64)
    channels = np.full(count, IN_PERSON, np.int64)
    channels |= np.where(draw.random(count) < remote, PHONE, 0) | np.where(draw.random(count) < 0.35, VIDEO, 0)
    columns = {
        "languages": (one << language | np.where(draw.random(count) < 0.15, one << second, 0).astype(np.uint64))[
            :, None
        ],
        "conditions": (one << illness)[:, None],
        "families": (one << illness % np.uint64(FAMILIES))[:, None],
        "concerns": _bits(draw, count, CONCERNS, 3 if prefix == "n" else 6),
        "situations": nothing,
        "treatments": _bits(draw, count, TREATMENTS, 2 if prefix == "n" else 3),
        "stages": _bits(draw, count, STAGES, 1 if prefix == "n" else 3),
        "slots": nothing,
        "sites": nothing,
        "topics": nothing,
    }
    return columns | {
        "ids": [f"{prefix}{at}" for at in range(count)],
        "role": (draw.random(count) < 0.15).astype(np.int32),
        "territory": homes.astype(np.int32),
        "channels": channels,
        "relation": unknown,
        "gender": draw.integers(0, 2, count).astype(np.int32),
        "age": draw.integers(18, 85, count).astype(np.int32),
        "age_at_diagnosis": draw.integers(18, 80, count).astype(np.int32),
        "place_of_care": draw.integers(0, 4, count).astype(np.int32),
        "town": unknown,
        "employer": unknown,
        "told": {name: np.bitwise_count(masks[:, 0]).astype(np.int32) for name, masks in columns.items()},
    }


def _needs(draw: np.random.Generator, shared: SharedColumns | dict) -> NeedColumns:
    count = len(shared["ids"])
    unknown = np.full(count, UNKNOWN, np.int32)
    waited = np.minimum(draw.exponential(60, count), 400).astype(np.int64)
    not_same = np.zeros((count, 3), bool)
    not_same[:, 0] = draw.random(count) < 0.1
    return NeedColumns(
        **shared,
        waiting=SETTINGS.waiting_base + SETTINGS.waiting_per_day * waited,
        gender_wish=np.where(draw.random(count) < 0.3, draw.integers(0, 2, count), UNKNOWN).astype(np.int32),
        age_low=unknown,
        age_high=unknown,
        refused_genders=np.zeros((count, 1), np.uint64),
        not_same=not_same,
        asked=np.zeros((count, len(POINTS)), bool),
        excluded=np.zeros((0, 2), np.int64),
    )


def _peers(draw: np.random.Generator, shared: dict) -> PeerColumns:
    count = len(shared["ids"])
    return PeerColumns(
        **shared,
        capacity=draw.integers(0, 6, count) * (draw.random(count) < 0.96),
        load=draw.integers(0, 3, count),
        paused=draw.random(count) >= 0.92,
        old_treatments=np.zeros((count, 1), np.uint64),
        pairs_12_months=draw.integers(0, 5, count).astype(np.int32),
        days_since_last_pair=draw.integers(0, 200, count).astype(np.int32),
        also_in=np.zeros((0, 2), np.int64),
    )
