"""What was erased stays erased after a restore.

Each erasure leaves the hash of an identifier in a file outside the database; `restore` erases again whatever
the backup brings back. Areas register what they erase:

    tombstones.grave("person", identifiers, erase)

where `identifiers()` gives all present ones and `erase(identifier)` erases one again.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from vecu.core import keys

Identifiers = Callable[[], Iterable[Any]]
Erase = Callable[[Any], object]
GRAVES: dict[str, tuple[Identifiers, Erase]] = {}


def grave(kind: str, identifiers: Identifiers, erase: Erase) -> None:
    """Register how things of a kind are found and erased again."""
    GRAVES[kind] = (identifiers, erase)


def bury(kind: str, identifier: Any) -> None:
    """Remember, once this transaction is committed, that something was erased."""
    line = f"{datetime.now(UTC).date().isoformat()} {kind} {_mark(kind, identifier)}\n"
    transaction.on_commit(lambda: _append(line))


def apply() -> int:
    """Erase again everything buried that is present, areas above before keys; returns how many things were."""
    buried = _read()
    count = 0
    for kind, (identifiers, erase) in reversed(GRAVES.items()):
        found = [identifier for identifier in identifiers() if (kind, _mark(kind, identifier)) in buried]
        for identifier in found:
            erase(identifier)
        count += len(found)
    return count


def file() -> Path:
    return Path(settings.VAR) / "tombstones.txt"


def _append(line: str) -> None:
    keys.make_private_folder(file().parent)
    handle = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, keys.PRIVATE_FILE)
    with os.fdopen(handle, "a", encoding="ascii") as opened:
        opened.write(line)
        opened.flush()
        os.fsync(opened.fileno())


def _read() -> set[tuple[str, str]]:
    if not file().exists():
        return set()
    lines = (line.split(" ") for line in file().read_text(encoding="ascii").splitlines())
    return {(kind, mark) for _day, kind, mark in lines}


def _mark(kind: str, identifier: Any) -> str:
    return hashlib.sha256(f"{kind}|{identifier}".encode()).hexdigest()
