"""A disk that fills up: writes are refused with a sentence, reads go on, nothing is lost, and it ends by itself."""

from __future__ import annotations

import http.client
import subprocess
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import server
from tests.crash import postgres, trials

READS = 10
RESUMES_WITHIN = 60


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system that fills up. Needs the right to mount."""
    with TemporaryDirectory(prefix="vecu-disk-") as name:
        options = f"size={megabytes}m,mode=711"
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", name], check=True, capture_output=True)
        try:
            yield Path(name)
        finally:
            subprocess.run(["umount", "-l", name], check=True, capture_output=True)


@dataclass
class FullDisk:
    """What happened before, while and after the disk was full."""

    acknowledged: int = 0
    refused: list[int] = field(default_factory=list)
    page: str = ""
    reads: list[int] = field(default_factory=list)
    resumed: int = 0
    found: dict[str, Any] = field(default_factory=dict)
    integrity: str = ""

    def __str__(self) -> str:
        return (
            f"{self.acknowledged} acknowledged, {len(set(self.found['facts']))} there, counter {self.found['counter']}, "
            f"answers while full {sorted(set(self.refused))}, reads {sorted(set(self.reads))}, "
            f"{self.resumed} of 10 written once there was room, integrity {self.integrity}"
        )


Trial = Callable[[], FullDisk]


def sqlite(megabytes: int = 6) -> FullDisk:
    """The database, its log and everything else of the instance on the small disk."""
    with small_disk(megabytes) as disk, trials.instance("", disk) as env:
        return _fill_and_free(disk / "stone", env)


def postgresql(megabytes: int = 112) -> FullDisk:
    """The server's data and log on the small disk. A server that gave up is started again, as an init system does."""
    with small_disk(megabytes) as disk:
        (disk / "pg").mkdir()
        with postgres.cluster(disk / "pg") as cluster, trials.instance(cluster.address) as env:
            return _fill_and_free(disk / "stone", env, cluster.start_again)


def _fill_and_free(stone: Path, env: dict[str, str], mend: Callable[[], None] = lambda: None) -> FullDisk:
    found, port = FullDisk(), server.free_port()
    process = server.start(trials.PAGES, env, port, is_quiet=True)
    try:
        found.acknowledged = sum(_keep(port, f"before{number}") == 303 for number in range(20))
        fill(stone)
        found.refused = [_keep(port, f"full{number}-" + "x" * 80) for number in range(40)]
        found.acknowledged += found.refused.count(303)
        found.page = _page_of(port)
        found.reads = [_read(port, "/count/") for _ in range(READS)]
        stone.unlink()
        mend()
        found.resumed = sum(_keep_at_last(port, f"after{number}") for number in range(10))
        found.acknowledged += found.resumed
    finally:
        trials.kill(process)
    found.found, found.integrity = trials.count(env), trials.integrity(env)
    return found


def fill(stone: Path) -> None:
    with stone.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError:
            return


def _keep(port: int, label: str) -> int:
    return trials.send(port, "/keep/", label, str(uuid.uuid4()))


def _keep_at_last(port: int, label: str) -> bool:
    """The same form again and again, as the page invites to."""
    key, limit = str(uuid.uuid4()), time.monotonic() + RESUMES_WITHIN
    while time.monotonic() < limit:
        if trials.send(port, "/keep/", label, key) == 303:
            return True
        time.sleep(0.1)
    return False


def _page_of(port: int) -> str:
    """What somebody reads whose form could not be recorded."""
    for number in range(400):
        status, page = trials.ask(port, "/keep/", f"page{number}-" + "y" * 80, str(uuid.uuid4()))
        if status == 503:
            return page
    return ""


def _read(port: int, path: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", path)
        return line.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        line.close()
