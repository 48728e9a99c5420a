"""Swap in a SQLite without the WAL corruption bug, before Django loads its own.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write or checkpoint at once
(sqlite.org/wal.html#walresetbug). The pysqlite3 wheel brings a newer one. Where no wheel exists (macOS), the
system's SQLite is used if it is new enough; `vecu.core.checks` refuses to start otherwise.
"""

import sys

FIRST_SAFE = (3, 51, 3)


def use_safe_sqlite() -> None:
    try:
        import pysqlite3
    except ImportError:
        return
    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
