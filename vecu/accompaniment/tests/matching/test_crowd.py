"""Peers kept as columns give the shortlist that looking at each of them gives, to the last reason."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from vecu.accompaniment.matching import Crowd, Need, Settings, shortlist
from vecu.accompaniment.tests.matching.people import ALL_SETTINGS, crowd


@pytest.mark.parametrize("chosen", ALL_SETTINGS, ids=["anywhere", "neighbours"])
@pytest.mark.parametrize("seed", range(3))
def test_the_same_shortlist(seed: int, chosen: Settings) -> None:
    rng = Random(seed)
    for _ in range(12):
        needs, peers = crowd(rng, 6, 14)
        kept = Crowd(peers, chosen)
        for need in needs:
            for share in (0.2, 1):  # those recruited are ranked among themselves too
                asked = replace(need, recruited=frozenset(peer.id for peer in peers if rng.random() < share))
                assert kept.shortlist(asked) == shortlist(asked, peers, chosen)


def test_words_that_no_peer_has_are_asked_in_vain() -> None:
    """What only the need says is neither unknown nor shared."""
    needs, peers = crowd(Random(5), 6, 14)
    kept = Crowd(peers, ALL_SETTINGS[0])
    for need in needs:
        other = frozenset({"unheard of"})
        asked = replace(
            need, conditions=other, situations=other, relation="neighbour", territory="Atlantis", stage="no"
        )
        for one in (asked, replace(asked, gender_wish="other", languages=other)):
            assert kept.shortlist(one) == shortlist(one, peers, ALL_SETTINGS[0])


def test_nobody_is_a_crowd_too() -> None:
    need = Need("nadia", conditions=frozenset({"ms"}), territory="21")
    assert Crowd([], ALL_SETTINGS[0]).shortlist(need) == shortlist(need, [], ALL_SETTINGS[0])
