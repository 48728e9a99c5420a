"""Clocks promised to people."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from vecu.core import dates

PARIS = ZoneInfo("Europe/Paris")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-11-16 09:30", 2, "2026-11-18 09:30"),  # Monday to Wednesday
        ("2026-11-20 22:10", 2, "2026-11-24 22:10"),  # Friday evening, over a weekend
        ("2026-11-21 10:00", 1, "2026-11-23 10:00"),  # Saturday: Monday is the first working day
        ("2026-11-10 10:00", 1, "2026-11-12 10:00"),  # 11 November does not count
        ("2026-04-03 10:00", 1, "2026-04-07 10:00"),  # Easter Monday does not count
        ("2026-12-24 10:00", 2, "2026-12-29 10:00"),  # Christmas on a Friday
        ("2026-11-16 09:30", 0, "2026-11-16 09:30"),
    ],
)
def test_working_days_skip_weekends_and_holidays(start, days, expected):
    assert dates.add_working_days(at(start), days) == at(expected)


def test_the_hour_on_the_wall_is_kept_when_clocks_change():
    later = dates.add_working_days(at("2026-10-23 18:00"), 1)  # winter time starts on 25 October
    assert later.strftime("%Y-%m-%d %H:%M %z") == "2026-10-26 18:00 +0100"


def test_moments_in_utc_are_read_in_local_time():
    sunday_night_in_utc = datetime(2026, 11, 15, 23, 30, tzinfo=UTC)  # Monday 0:30 in Paris
    assert dates.add_working_days(sunday_night_in_utc, 1) == at("2026-11-17 00:30")


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5)), (2027, date(2027, 3, 28)),
     (2038, date(2038, 4, 25)), (1961, date(1961, 4, 2))],
)  # fmt: skip
def test_easter(year, sunday):
    assert dates.easter(year) == sunday


def test_eleven_holidays_a_year():
    assert len(dates.holidays(2026)) == 11
    assert date(2026, 5, 14) in dates.holidays(2026)  # Ascension
    assert date(2026, 5, 25) in dates.holidays(2026)  # Whit Monday


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 11, 21), 12, date(2027, 11, 21)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 15), 0, date(2026, 5, 15)),
    ],
)
def test_months_end_on_the_last_day(day, months, expected):
    assert dates.add_months(day, months) == expected


def test_full_days_are_local_and_never_negative():
    assert dates.full_days_between(at("2026-11-20 23:50"), at("2026-11-21 00:10")) == 1
    assert dates.full_days_between(at("2026-11-21 10:00"), at("2026-11-20 10:00")) == 0
