"""No cell under the smallest group is shown, nor can one be found by subtraction."""

from collections.abc import Sequence
from itertools import permutations, product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vecu.core.crowds import SMALLEST_GROUP
from vecu.impact.masking import Branch, addable, is_few, masked, may_show, share, tree_of

counts = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=8)


def test_a_single_small_group_hides_a_second_one() -> None:
    assert masked({"a": 40, "b": 12, "c": 2}) == {"a": 40, "b": None, "c": None}


def test_hidden_groups_together_are_not_a_small_group() -> None:
    """Two ones hidden beside a shown total would tell that they sum to two."""
    assert masked({"a": 40, "b": 1, "c": 1}) == {"a": None, "b": None, "c": None}


def test_nothing_small_nothing_hidden() -> None:
    assert masked({"a": 5, "b": 6}) == {"a": 5, "b": 6}


@given(counts)
def test_no_small_cell_is_shown_and_none_can_be_subtracted(cells: dict[str, int]) -> None:
    shown = masked(cells)
    assert all(count is None or count >= SMALLEST_GROUP for count in shown.values())
    hidden = [cells[key] for key, count in shown.items() if count is None]
    if hidden:
        everything_hidden = len(hidden) == len(shown)
        assert everything_hidden or (len(hidden) >= 2 and sum(hidden) >= SMALLEST_GROUP)


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_share_never_tells_of_a_small_group(part: int, more: int) -> None:
    whole = part + more
    value = share(part, whole)
    if value is not None:
        assert whole >= SMALLEST_GROUP
        assert part == 0 or part >= SMALLEST_GROUP
        assert more == 0 or more >= SMALLEST_GROUP
        assert value == pytest.approx(100 * part / whole)


# -- sums over organisations


def flat(*counts: int) -> tuple[tuple[Branch, ...], dict[UUID, tuple[int]]]:
    """A head with committees below it, each with its count."""
    keys = [UUID(int=n) for n in range(len(counts) + 1)]
    places = [(keys[0], None), *((key, keys[0]) for key in keys[1:])]
    return tree_of(places), {key: (count,) for key, count in zip(keys[1:], counts, strict=True)}


def added(counts: Sequence[int]) -> tuple[int, bool]:
    """The sum printed for them together, and whether it is all of it."""
    tree, parts = flat(*counts)
    kept = addable(tree, parts, lambda key: may_show(parts[key]))
    return sum(parts[key][0] for key in kept if key in parts), set(parts) <= kept


def test_a_network_less_its_committee_is_not_a_small_group() -> None:
    assert added((34, 2)) == (34, False)


def test_a_network_of_large_committees_is_their_sum() -> None:
    assert added((34, 12, 0)) == (46, True)


def test_many_small_committees_are_added_together() -> None:
    assert added((34, 2, 3, 2, 3)) == (44, True)


def test_small_committees_all_alike_would_be_found() -> None:
    """Four fours make sixteen: no other four small numbers do."""
    assert added((34, 4, 4, 4, 4)) == (34, False)


def test_a_region_already_told_hides_nothing_of_the_network() -> None:
    """The region's four small ones are told together; the network's own small one cannot hide among them."""
    head, region, *small = (UUID(int=n) for n in range(6))
    tree = tree_of([(head, None), (region, head), *((key, region) for key in small)])
    parts = {head: (2,), **dict(zip(small, ((2,), (3,), (2,), (3,)), strict=True))}
    kept = addable(tree, parts, lambda key: may_show(parts[key]))
    assert kept == {region, *small}


@given(st.lists(st.integers(0, 7), min_size=1, max_size=6))
def test_no_hidden_part_is_found_from_a_sum_even_by_one_of_the_hidden(counts: list[int]) -> None:
    printed, is_whole = added(counts)
    hidden = [count for count in counts if is_few(count)]
    if not is_whole or not hidden:
        assert printed == sum(count for count in counts if not is_few(count))
        return
    left = printed - sum(count for count in counts if not is_few(count))
    worlds = [world for world in product(range(1, SMALLEST_GROUP), repeat=len(hidden)) if sum(world) == left]
    for knower, target in permutations(range(len(hidden)), 2):
        possible = {world[target] for world in worlds if world[knower] == hidden[knower]}
        assert possible == {1, 2, 3, 4}
