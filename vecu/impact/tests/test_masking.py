"""No cell under the smallest group is shown, nor can one be found by subtraction."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vecu.impact.masking import SMALLEST_GROUP, masked, share

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
