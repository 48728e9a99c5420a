"""How large the tables have become is told to SQLite once a night: it chooses by it which index to read.

Without it, it takes every organisation for a small one, and reads thousands of peers where three keys were asked.
PostgreSQL does the same by itself (autovacuum).
"""

from __future__ import annotations

from datetime import datetime, time

from django.db import connection

from vecu.core import jobs

# Rows of an index at most: enough to choose by, and done in a moment. Above all, with a limit no sample of the values
# is kept (sqlite_stat4), which would outlive whoever is erased.
LOOKED_AT = 400
EVERY_TABLE = 0x10002  # of those that changed much since the last time


@jobs.periodic("core.measure_tables", at=time(4, 10), atomic=False)
def measure_tables(now: datetime) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
            cursor.execute(f"PRAGMA optimize={EVERY_TABLE}")
