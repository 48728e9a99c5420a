"""Cells of a list, typed by anyone in any way: a value or a sentence, never a crash."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from vecu.peers.roster.cells import Bad, read_birth_year, read_number


@pytest.mark.parametrize(("typed", "value"), [("", None), ("2", 2), ("02", 2), ("0", 0)])
def test_a_number_reads(typed: str, value: int | None) -> None:
    assert read_number(typed) == value


@pytest.mark.parametrize(("typed", "value"), [("", None), ("1966", 1966), ("12/03/1966", 1966), ("1966-03-12", 1966)])
def test_a_year_of_birth_reads(typed: str, value: int | None) -> None:
    assert read_birth_year(typed) == value


@pytest.mark.parametrize("read", [read_number, read_birth_year])
@pytest.mark.parametrize("typed", ["²", "-1", "99999", "9" * 5000, "0" * 9 + "7", "0" * 5000, "deux"])
def test_what_makes_no_sense_is_told(read: Callable[[str], int | None], typed: str) -> None:
    with pytest.raises(Bad):
        read(typed)
