"""Money is whole cents, rounded once, half a cent up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from vecu.recognition import money
from vecu.recognition.actions.scales import official

FIVE = [(0, Decimal("0.636")), (5000, Decimal("0.357")), (20000, Decimal("0.427"))]


@pytest.mark.parametrize(
    ("km", "already", "cents"),
    [
        (0, 0, 0),
        (42, 0, 2671),  # 26.712
        (5000, 0, 318000),
        (5001, 0, 318036),  # 3180 + 0.357
        (100, 4950, 4965),  # 50 × 0.636 + 50 × 0.357
        (100, 5000, 3570),
        (20000, 0, 853500),  # as the official formula: 20 000 × 0.357 + 1 395
        (10, 20000, 427),
    ],
)
def test_a_journey_over_a_step_is_paid_at_both_rates(km: int, already: int, cents: int) -> None:
    assert money.mileage_cents(km, already, FIVE) == cents


def test_half_a_cent_is_rounded_up_and_once() -> None:
    assert money.mileage_cents(1, 0, [(0, Decimal("0.125"))]) == 13
    assert money.mileage_cents(3, 0, [(0, Decimal("0.125"))]) == 38  # 37.5, not three times 13
    assert money.mileage_cents(1, 0, [(0, Decimal("0.124"))]) == 12


@given(st.integers(0, 9000), st.integers(0, 9000), st.integers(0, 9000))
def test_cutting_a_journey_in_two_moves_one_cent_at_most(first: int, second: int, already: int) -> None:
    whole = money.mileage_cents(first + second, already, FIVE)
    parts = money.mileage_cents(first, already, FIVE) + money.mileage_cents(second, already + first, FIVE)
    assert abs(whole - parts) <= 1


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("12", 1200), ("12,5", 1250), ("12.50 €", 1250), (" 1 234,56 ", 123456), ("0,1", 10), ("-3", -300),
        ("12,505", None), ("douze", None), ("1e3", None), ("", None), ("NaN", None), ("12€50", None),
    ],
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(typed: str, cents: int | None) -> None:
    assert money.read_cents(typed) == cents


def test_a_rate_has_three_decimals_at_most() -> None:
    assert money.read_rate("0,636") == Decimal("0.636")
    assert money.read_rate("0,6361") is None and money.read_rate("-1") is None and money.read_rate("x") is None


def test_amounts_are_said_in_each_language() -> None:
    with translation.override("fr"):
        assert money.say_euros(123450) == "1\u202f234,50\u00a0€"
        assert money.plain_euros(705) == "7,05"
    with translation.override("en"):
        assert money.say_euros(123450) == "€1,234.50"
        assert money.say_euros(-5) == "−€0.05"


def test_the_official_scale_is_whole() -> None:
    rates = official()["rates"]
    assert len(rates) == 9
    for steps in rates.values():
        starts = [start for start, _per_km in steps]
        assert starts[0] == 0 and starts == sorted(starts)
        assert all(0 < Decimal(per_km) < 1 for _start, per_km in steps)
