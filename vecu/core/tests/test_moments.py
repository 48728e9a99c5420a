"""Dates in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from vecu.core.moments import say_ago, say_date, say_datetime, say_time

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)  # 15:00 in Paris
NBSP = "\u00a0"


@pytest.fixture(params=["fr", "en"])
def language(request: pytest.FixtureRequest):
    with override(request.param):
        yield request.param


def test_french_dates() -> None:
    with override("fr"):
        assert say_date(date(2026, 3, 1)) == f"1er{NBSP}mars 2026"
        assert say_date(date(2026, 3, 3), weekday=True, year=False) == f"mardi 3{NBSP}mars"
        assert say_time(datetime(2026, 3, 3, 8, 5, tzinfo=UTC)) == f"9{NBSP}h{NBSP}05"
        assert say_time(datetime(2026, 3, 3, 8, 0, tzinfo=UTC)) == f"9{NBSP}h"
        assert say_datetime(datetime(2026, 3, 3, 8, 30, tzinfo=UTC)) == f"3{NBSP}mars 2026 à 9{NBSP}h{NBSP}30"


def test_english_dates() -> None:
    with override("en"):
        assert say_date(date(2026, 3, 1)) == f"1{NBSP}March 2026"
        assert say_datetime(datetime(2026, 3, 3, 8, 30, tzinfo=UTC)) == f"3{NBSP}March 2026 at 9:30"


def test_day_is_the_local_one_around_midnight() -> None:
    with override("en"):
        assert say_date(datetime(2026, 3, 3, 23, 30, tzinfo=UTC)).startswith(f"4{NBSP}March")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (NOW - timedelta(seconds=20), "à l’instant"),
        (NOW - timedelta(minutes=1), "il y a 1 minute"),
        (NOW - timedelta(hours=3), "il y a 3 heures"),
        (NOW + timedelta(minutes=40), "dans 40 minutes"),
        (NOW - timedelta(hours=20), "hier"),
        (NOW - timedelta(days=3), "il y a 3 jours"),
        (NOW - timedelta(days=13), "il y a 13 jours"),
        (NOW - timedelta(days=14), "il y a 2 semaines"),
        (NOW - timedelta(days=62), "il y a 8 semaines"),
        (NOW - timedelta(days=63), "il y a 2 mois"),
        (NOW - timedelta(days=800), "il y a 2 ans"),
        (NOW.date(), "aujourd’hui"),
        (NOW.date() + timedelta(days=1), "demain"),
        (NOW.date() + timedelta(days=5), "dans 5 jours"),
    ],
)
def test_ago(moment: date | datetime, words: str) -> None:
    with override("fr"):
        assert say_ago(moment, NOW) == words


def test_every_unit_has_words_in_both_languages(language: str) -> None:
    for days in (0, 1, 5, 20, 100, 1000, -1, -5, -20, -100, -1000):
        words = say_ago(NOW.date() - timedelta(days=days), NOW)
        assert words and "%" not in words
