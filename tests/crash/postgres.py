"""A PostgreSQL server of our own, to be killed, crashed and deprived of its disk; and what is left afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import pytest

from bench import server
from tests.crash import trials

BIN = Path(os.environ.get("VECU_PG_BIN", ""))
UNPRIVILEGED = "vecu-tests"  # made by tests/run.sh: PostgreSQL refuses to run as root
WAYS = ("backend", "server", "immediate")
STARTS_WITHIN = 60


def is_here() -> bool:
    return bool(os.environ.get("VECU_PG_BIN")) and (BIN / "initdb").exists()


needed = pytest.mark.skipif(not is_here(), reason="make test finds or installs a PostgreSQL server")


@dataclass
class Cluster:
    """One server; every durable setting is PostgreSQL's default."""

    folder: Path
    port: int = field(default_factory=server.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def make(self, *options: str) -> None:
        command = [str(BIN / "initdb"), "-D", str(self.folder / "db"), "-U", server.USER, "--auth=trust", "--locale=C"]
        subprocess.run([*command, "--encoding=UTF8", *options], **self._as(), check=True, capture_output=True)

    def start(self, *options: str) -> None:
        """Start it, and wait until it answers."""
        own = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder}
        given = [word for name, value in own.items() for word in ("-c", f"{name}={value}")]
        command = [str(BIN / "postgres"), "-D", str(self.folder / "db"), *given, *options]
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(command, **self._as(), stdout=quiet, stderr=quiet, start_new_session=True)
        self.wait()

    def wait(self, seconds: float = STARTS_WITHIN) -> None:
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            if self.answers():
                return
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError("PostgreSQL ended while starting")
            time.sleep(0.05)
        raise TimeoutError("PostgreSQL does not answer")

    def answers(self) -> bool:
        try:
            with closing(self.line()) as line:
                line.execute("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def line(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user=server.USER, dbname=database, autocommit=True, connect_timeout=2
        )

    def crash(self, way: str, dice: random.Random) -> None:
        """One way to die in mid-write, then back.

        backend: kill -9 of a process that serves somebody; the server drops everybody and recovers by itself.
        server: kill -9 of the whole server. immediate: the shutdown that leaves everything to the recovery.
        """
        if self.process is None:
            raise RuntimeError("nothing to kill")
        if way == "backend":
            victims = [child for child in psutil.Process(self.process.pid).children() if _serves(child)]
            if victims:
                dice.choice(victims).kill()
            return
        if way == "server":
            for one in [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children()]:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
        else:
            self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)
        self.start()

    def start_again(self) -> None:
        """What an init system does when the server has given up."""
        if self.process is not None and self.process.poll() is not None:
            self.start()
        self.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def _as(self) -> dict[str, object]:
        """As somebody who is not root, in a folder they may enter."""
        who = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}
        return {**who, "cwd": self.folder}


def _serves(process: psutil.Process) -> bool:
    try:
        return any("127.0.0.1" in word for word in process.cmdline())
    except psutil.NoSuchProcess:
        return False


@contextmanager
def cluster(folder: Path | None = None, *options: str) -> Iterator[Cluster]:
    """A server on default settings but for `options`, in a folder of its own."""
    with TemporaryDirectory(prefix="vecu-pg-") as name:
        own = Cluster(folder or Path(name))
        if os.geteuid() == 0:
            subprocess.run(["chown", UNPRIVILEGED, str(own.folder)], check=True)
        own.make("--wal-segsize=1")
        own.start(*options)
        try:
            yield own
        finally:
            own.stop()


def kill(kills: int, seed: int = 5) -> tuple[trials.Outcome, dict[int, int]]:
    """Kill the database at random moments under six writers; the web stays. Also the answers people got."""
    outcome, dice, stop = trials.Outcome(), random.Random(seed), threading.Event()
    with cluster() as own, trials.instance(own.address) as env:
        port = server.free_port()
        process = server.start(trials.PAGES, env, port, is_quiet=True)
        writers = trials.Writers(port, stop)
        try:
            for number in range(kills):
                time.sleep(0.4 + dice.random())
                start, before = time.monotonic(), len(writers.acknowledged)
                own.crash(WAYS[number % len(WAYS)], dice)
                outcome.kills += 1
                _wait_for_writes(writers, before)
                outcome.slowest_return = max(outcome.slowest_return, time.monotonic() - start)
            time.sleep(0.5)
        finally:
            stop.set()
            writers.join()
            trials.kill(process)
        outcome.acknowledged = writers.acknowledged
        outcome.found = trials.count(env)
    return outcome, dict(writers.statuses)


def _wait_for_writes(writers: trials.Writers, before: int, seconds: float = STARTS_WITHIN) -> None:
    """Until everybody has been answered again: the web recovers without being started anew."""
    limit = time.monotonic() + seconds
    while len(writers.acknowledged) < before + trials.WRITERS:
        if time.monotonic() > limit:
            raise TimeoutError("nothing is written any more")
        time.sleep(0.05)
