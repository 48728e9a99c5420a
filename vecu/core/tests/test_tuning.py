"""SQLite knows how large its tables are."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from vecu.core import vault
from vecu.core.tuning import measure_tables


@pytest.mark.django_db
def test_it_works() -> None:
    vault.new_keys("test", 3)
    measure_tables(timezone.now())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = 'core_datakey'")
            assert int(cursor.fetchone()[0].split()[0]) >= 3
