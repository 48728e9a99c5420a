"""The power goes: what a disk may hold at that moment, played from a record of what SQLite asked for.

`bench/site/power.py` writes down each write, cut and sync of the database and of its log, and `acknowledged` each
answer a person got, in one list. The list is then stopped at many places. At each, every file holds what was synced,
and of what was written since, any part: a write whole, missing, or torn between two sectors, whatever its order.
The database is opened on that, as after the power is back.

What this proves: nothing is acknowledged before it is on the disk, and SQLite finds its way out of any such state.
What it does not: that the disk keeps what it says it has synced, and that names of files are there (the folder is
taken as synced). PostgreSQL is not played this way; its server is killed instead (`trials.kill_postgres`).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from bench import server
from bench.site import power
from tests.crash import trials

SECTOR = 512
DATABASE, LOG = b"vecu.sqlite3", b"vecu.sqlite3-wal"


@dataclass(frozen=True)
class Event:
    kind: bytes
    name: bytes
    data: bytes
    at: int


@dataclass
class Cut:
    """A file between two syncs: what is on the disk for sure, and what may be."""

    durable: bytearray
    pending: list[tuple[int, Event]] = field(default_factory=list)

    def settle(self, until: int) -> None:
        """A sync that began at event `until` has ended."""
        for number, event in self.pending:
            if number < until:
                _put(self.durable, event)
        self.pending = [(number, event) for number, event in self.pending if number >= until]

    def left(self, dice: random.Random) -> bytes:
        """What is found once the power is back."""
        found = bytearray(self.durable)
        for _number, event in dice.sample(self.pending, len(self.pending)):
            fate = dice.choice(("there", "missing", "torn"))
            if fate == "there":
                _put(found, event)
            elif fate == "torn" and event.kind == b"w":
                _tear(found, event, dice)
        return bytes(found)


def _put(held: bytearray, event: Event) -> None:
    if event.kind == b"t":
        del held[event.at :]
        return
    held.extend(bytes(max(0, event.at + len(event.data) - len(held))))
    held[event.at : event.at + len(event.data)] = event.data


def _tear(held: bytearray, event: Event, dice: random.Random) -> None:
    """Some sectors of this write, not the others."""
    start = 0
    while start < len(event.data):
        end = min(len(event.data), start + SECTOR - (event.at + start) % SECTOR)
        if dice.random() < 0.5:
            _put(held, Event(b"w", event.name, event.data[start:end], event.at + start))
        start = end


def events(record: Path) -> Iterator[Event]:
    content, place = record.read_bytes(), 0
    while place < len(content):
        kind, name, length, at = power.HEAD.unpack_from(content, place)
        place += power.HEAD.size
        yield Event(kind, content[place : place + name], content[place + name : place + name + length], at)
        place += name + length


@dataclass
class PowerCuts:
    """What was found after each cut."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    damaged: int = 0
    pending: int = 0

    def __str__(self) -> str:
        return (
            f"{self.cuts} cuts ({self.pending} of them with writes on their way), {self.acknowledged} acknowledged, "
            f"{self.lost} lost, {self.doubled} doubled, {self.damaged} damaged"
        )


def cut(cuts: int, seconds: float = 3, synchronous: str = "FULL", seed: int = 4) -> PowerCuts:
    """Six writers for a few seconds, recorded; then the power goes at `cuts` moments of these seconds."""
    with TemporaryDirectory(prefix="vecu-power-") as name:
        folder, record = Path(name) / "var", Path(name) / "record"
        folder.mkdir()
        with trials.instance("", folder, BENCH_POWER=str(record), BENCH_SYNCHRONOUS=synchronous) as env:
            before = {DATABASE: (folder / DATABASE.decode()).read_bytes()}
            _write_for(seconds, env, record)
        return _play(before, list(events(record)), cuts, random.Random(seed), Path(name))


def _write_for(seconds: float, env: dict[str, str], record: Path) -> None:
    port, stop = server.free_port(), threading.Event()
    process = server.start(trials.PAGES, env, port, is_quiet=True)
    writers = trials.Writers(port, stop, Told(record))
    time.sleep(seconds)
    trials.kill(process)
    stop.set()
    writers.join()


class Told(list[str]):
    """Answers people got, written into the same list as what SQLite asked for."""

    def __init__(self, record: Path) -> None:
        super().__init__()
        self.record = record

    def append(self, label: str) -> None:
        with self.record.open("ab", buffering=0) as file:
            file.write(power.line(b"a", label.encode()))


def _play(before: dict[bytes, bytes], told: list[Event], cuts: int, dice: random.Random, folder: Path) -> PowerCuts:
    found, acknowledged = PowerCuts(acknowledged=sum(event.kind == b"a" for event in told)), set[str]()
    first = next(number for number, event in enumerate(told) if event.kind == b"a")
    moments = set(dice.sample(range(first, len(told)), min(cuts, len(told) - first)))
    files = {name: Cut(bytearray(before.get(name, b""))) for name in (DATABASE, LOG)}
    begun: dict[int, int] = {}
    for number, event in enumerate(told):
        if event.kind == b"a":
            acknowledged.add(event.name.decode())
        elif event.kind == b"b":
            begun[event.at] = number
        elif event.kind == b"s":
            files[event.name].settle(begun.pop(event.at))
        else:
            files[event.name].pending.append((number, event))
        if number in moments:
            _look(found, files, acknowledged, dice, folder)
    return found


def _look(found: PowerCuts, files: dict[bytes, Cut], acknowledged: set[str], dice: random.Random, folder: Path) -> None:
    """The power is back: open what is on the disk."""
    found.cuts += 1
    found.pending += any(file.pending for file in files.values())
    with TemporaryDirectory(dir=folder) as name:
        for file, held in files.items():
            (Path(name) / file.decode()).write_bytes(held.left(dice))
        try:
            labels, counter = _read(Path(name) / DATABASE.decode())
        except sqlite.DatabaseError:
            found.damaged += 1
            return
    found.lost += len(acknowledged - set(labels))
    found.doubled += len(labels) - len(set(labels))
    found.damaged += len(labels) != counter


def _read(path: Path) -> tuple[list[str], int]:
    with closing(sqlite.connect(str(path))) as line:
        checked: list[Any] = line.execute("PRAGMA integrity_check").fetchall()
        if checked != [("ok",)]:
            raise sqlite.DatabaseError(checked[0][0])
        labels = [label for (label,) in line.execute("SELECT label FROM sample_fact")]
        return labels, sum(value for (value,) in line.execute("SELECT value FROM bench_site_counter"))
