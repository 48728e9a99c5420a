"""Peers kept as columns give the shortlist that looking at each of them gives, to the last reason."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from vecu.accompaniment.matching import Crowd, Need, Settings, shortlist
from vecu.accompaniment.tests.matching.people import ALL_SETTINGS, crowd, peer


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


@pytest.mark.parametrize("chosen", ALL_SETTINGS, ids=["anywhere", "neighbours"])
@pytest.mark.parametrize("seed", range(3))
def test_some_come_change_and_go(seed: int, chosen: Settings) -> None:
    """The crowd mended time after time ranks as those who are there now, and the one before stays as it was."""
    rng = Random(seed)
    needs, peers = crowd(rng, 6, 14)
    there, kept = {one.id: one for one in peers}, Crowd(peers, chosen)
    for turn in range(20):
        gone = rng.sample(sorted(there), min(len(there), rng.randint(0, 3)))
        back = [name for name in gone if rng.random() < 0.6]
        came = [peer(rng, name) for name in (*back, *(f"n{turn}{at}" for at in range(rng.randint(0, 2))))]
        before, was = kept, dict(there)
        there = {name: one for name, one in there.items() if name not in gone} | {one.id: one for one in came}
        kept = before.mended([*gone, "nobody"], came)
        for need in needs:
            assert kept.shortlist(need) == shortlist(need, there.values(), chosen)
            assert before.shortlist(need) == shortlist(need, was.values(), chosen)


def test_a_word_that_nobody_had() -> None:
    needs, peers = crowd(Random(2), 6, 14)
    kept = Crowd(peers, ALL_SETTINGS[0])
    new = replace(peers[0], territory="Ys", languages=frozenset({"breton"}), sites_ready=frozenset({"harbour"}))
    now = [new, *peers[1:]]
    for need in (*needs, replace(needs[0], territory="Ys", languages=new.languages, site="harbour")):
        assert kept.mended([new.id], [new]).shortlist(need) == shortlist(need, now, ALL_SETTINGS[0])
