"""What was erased stays erased after a restore.

Each erasure leaves the hash of an identifier in a file outside the database, a copy of which lies beside the
backups; `restore` erases again whatever the backup brings back. Areas register what they erase:

    tombstones.grave("person", identifiers, erase, erased)

where `identifiers()` gives all present ones, `erase(identifier)` erases one again, and `erased()` gives those the
database knows to be gone: a process killed between the erasure and its line leaves none, `complete` writes it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from vecu.core import keys

NAME = "tombstones.txt"
PARTS, MARK = 3, 64
Identifiers = Callable[[], Iterable[Any]]
Erase = Callable[[Any], object]


@dataclass(frozen=True)
class Grave:
    """How things of a kind are found, erased again, and known to be erased."""

    identifiers: Identifiers
    erase: Erase
    erased: Identifiers


GRAVES: dict[str, Grave] = {}


def grave(kind: str, identifiers: Identifiers, erase: Erase, erased: Identifiers) -> None:
    """Register a kind of thing that can be erased."""
    GRAVES[kind] = Grave(identifiers, erase, erased)


def bury(kind: str, identifier: Any) -> None:
    """Remember, once this transaction is committed, that something was erased."""
    line = _line(kind, _mark(kind, identifier))
    transaction.on_commit(lambda: _append(file(), line))


def complete() -> int:
    """Write the lines that are missing; returns how many. Each backup does it first."""
    buried = _read(file())
    marks = [(kind, _mark(kind, identifier)) for kind, each in GRAVES.items() for identifier in each.erased()]
    missing = [mark for mark in marks if mark not in buried]
    if missing:
        _append(file(), "".join(_line(*mark) for mark in missing))
    return len(missing)


def copy_beside(backups: Path) -> None:
    """The whole list, where the backups are: it goes where they go."""
    if not file().exists():
        return
    draft = backups / f".{NAME}"
    keys.make_private_folder(backups)
    draft.unlink(missing_ok=True)
    _append(draft, file().read_text(encoding="ascii"))
    draft.replace(backups / NAME)


def learn_from(backups: Path) -> int:
    """Take over what the list beside the backups knows more than ours, on another machine all of it."""
    known = _read(file())
    learnt = sorted(_read(backups / NAME) - known)
    if learnt:
        _append(file(), "".join(_line(*mark) for mark in learnt))
    return len(learnt)


def apply() -> int:
    """Erase again everything buried that is present, areas above before keys; returns how many things were."""
    buried = _read(file())
    count = 0
    for kind, each in reversed(GRAVES.items()):
        found = [identifier for identifier in each.identifiers() if (kind, _mark(kind, identifier)) in buried]
        for identifier in found:
            each.erase(identifier)
        count += len(found)
    return count


def file() -> Path:
    return Path(settings.VAR) / NAME


def _append(path: Path, lines: str) -> None:
    """Whole lines, on the disk before this returns; a line cut by a crash is left as it is, on its own."""
    keys.make_private_folder(path.parent)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, keys.PRIVATE_FILE)
    try:
        size = os.fstat(handle).st_size
        is_cut = size and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, (("\n" if is_cut else "") + lines).encode("ascii"))
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> set[tuple[str, str]]:
    if not path.exists():
        return set()
    # A line cut by a crash is no line: `complete` writes it again.
    lines = (line.split(" ") for line in path.read_text(encoding="ascii").splitlines())
    return {(line[1], line[2]) for line in lines if len(line) == PARTS and len(line[2]) == MARK}


def _line(kind: str, mark: str) -> str:
    return f"{datetime.now(UTC).date().isoformat()} {kind} {mark}\n"


def _mark(kind: str, identifier: Any) -> str:
    return hashlib.sha256(f"{kind}|{identifier}".encode()).hexdigest()
