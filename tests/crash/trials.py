"""The trials themselves, for the short suite and for `python -m tests.crash`."""

from __future__ import annotations

import asyncio
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

import psycopg
from aiosmtpd.controller import Controller
from pysqlite3 import dbapi2 as sqlite

from bench import server

WRITERS = 6
# Loaded once, then forked: what is tried is the writing, not the start of Python.
PAGES = [*server.PAGES, "--preload"]
IN_HAND = 0.02  # seconds: what a job of bench.site.work takes
SETTLED = 0.1  # seconds: what a server does with the last word of a client that died
LEASE = "1"
OURS = "kind IN ('bench.keep', 'mail')"  # not the periodic jobs of the instance
ENQUEUE = """
import django, sys; django.setup()
from django.db import transaction
from vecu.core import jobs, mail
with transaction.atomic():
    for number in range(int(sys.argv[2])):
        if sys.argv[1] == "keep":
            jobs.enqueue("bench.keep", payload={"label": str(number)})
        else:
            mail.post(f"p{number}@exemple.example", "Vous avez une information", "Bonjour")
"""


@dataclass
class Outcome:
    """What was acknowledged, and what is there."""

    acknowledged: list[str] = field(default_factory=list)
    kills: int = 0
    found: dict[str, Any] = field(default_factory=dict)
    slowest_return: float = 0.0

    @property
    def lost(self) -> set[str]:
        return set(self.acknowledged) - set(self.found["facts"])

    @property
    def doubled(self) -> list[str]:
        return [label for label, count in Counter(self.found["facts"]).items() if count > 1]

    @property
    def is_counted(self) -> bool:
        return len(self.found["facts"]) == self.found["counter"]

    @property
    def is_right(self) -> bool:
        return not self.lost and not self.doubled and self.is_counted

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {len(self.acknowledged)} acknowledged, {len(self.lost)} lost, "
            f"{len(self.doubled)} doubled, counter {'equal' if self.is_counted else 'WRONG'}, "
            f"back in at most {self.slowest_return:.1f} s"
        )


@contextmanager
def instance(postgres: str, folder: Path | None = None, **extra: str) -> Iterator[dict[str, str]]:
    """The environment of a fresh instance."""
    with TemporaryDirectory(prefix="vecu-crash-") as name, server.database(postgres) as own:
        env = {**server.environment(folder or Path(name), postgres), **own, "BENCH_LEASE": LEASE, **extra}
        server.prepare(env)
        yield env


def run(code: str, env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=server.ROOT, env=env, check=True, capture_output=True, text=True).stdout


@contextmanager
def line_to(env: dict[str, str]) -> Iterator[Any]:
    """The database itself, without Django."""
    if env["BENCH_PG"]:
        host, _, port = env["BENCH_PG"].rpartition(":")
        opened: Any = psycopg.connect(host=host, port=port, user=server.USER, dbname=env["BENCH_PG_NAME"])
    else:
        opened = sqlite.connect(f"file:{env['BENCH_FOLDER']}/vecu.sqlite3?mode=ro", uri=True)
    with closing(opened):
        yield opened


def count(env: dict[str, str]) -> dict[str, Any]:
    with line_to(env) as line:
        return {
            "facts": [label for (label,) in line.execute("SELECT label FROM sample_fact").fetchall()],
            "counter": sum(value for (value,) in line.execute("SELECT value FROM bench_site_counter").fetchall()),
            "jobs": line.execute(f"SELECT state, attempts FROM core_job WHERE {OURS}").fetchall(),  # noqa: S608
        }


def counted(env: dict[str, str], state: str) -> int:
    """How many of our jobs are in a state."""
    with line_to(env) as line:
        found = line.execute(f"SELECT count(*) FROM core_job WHERE state = '{state}' AND {OURS}").fetchone()  # noqa: S608
        return int(found[0])


def kill(process: subprocess.Popen[bytes]) -> None:
    """The whole process group, at once, without a word."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def send(port: int, path: str, label: str, key: str) -> int:
    """One form; 0 when nobody answered."""
    return ask(port, path, label, key)[0]


def ask(port: int, path: str, label: str, key: str) -> tuple[int, str]:
    """One form, and the page that answers it."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    body = urlencode({"label": label, "_once": key})
    try:
        line.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
        response = line.getresponse()
        return response.status, response.read().decode()
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        line.close()


class Writers:
    """People who press again, with the same form, until they are answered."""

    def __init__(self, port: int, stop: threading.Event, acknowledged: list[str] | None = None) -> None:
        self.port, self.stop = port, stop
        self.acknowledged = [] if acknowledged is None else acknowledged
        self.statuses: Counter[int] = Counter()
        self.threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def _write(self) -> None:
        while not self.stop.is_set():
            label, key = uuid.uuid4().hex, str(uuid.uuid4())
            while not self.stop.is_set():
                status = send(self.port, "/keep/", label, key)
                self.statuses[status] += 1
                if status == 303:
                    self.acknowledged.append(label)
                    break
                time.sleep(0.05)

    def join(self) -> None:
        for thread in self.threads:
            thread.join()


def kill_web(postgres: str, kills: int, seed: int = 1) -> Outcome:
    """Kill the web processes at random moments under six writers."""
    outcome, dice, stop = Outcome(), random.Random(seed), threading.Event()
    with instance(postgres) as env:
        port = server.free_port()
        process = server.start(PAGES, env, port, is_quiet=True)
        writers = Writers(port, stop)
        try:
            for _ in range(kills):
                time.sleep(0.4 + dice.random())
                kill(process)
                outcome.kills += 1
                start = time.monotonic()
                process = server.start(PAGES, env, port, is_quiet=True)
                outcome.slowest_return = max(outcome.slowest_return, time.monotonic() - start)
            time.sleep(1)
        finally:
            stop.set()
            writers.join()
            kill(process)
        outcome.acknowledged = writers.acknowledged
        outcome.found = count(env)
        outcome.found["integrity"] = integrity(env)
    return outcome


def integrity(env: dict[str, str]) -> str:
    """SQLite looks through the whole file; PostgreSQL has checked each page it read."""
    if env["BENCH_PG"]:
        return "ok"
    with line_to(env) as line:
        return str(line.execute("PRAGMA integrity_check").fetchone()[0])


def start_worker(env: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "manage.py", "worker", "--pause", "0.05"]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=server.ROOT, env=env, start_new_session=True, stderr=quiet)


def kill_worker(postgres: str, kills: int, seed: int = 2) -> Outcome:
    """Two workers on the same table, both killed again and again while they work."""
    outcome, jobs = Outcome(), kills * 20 + 20
    with instance(postgres) as env:
        run(ENQUEUE, env, "keep", str(jobs))
        outcome.acknowledged = [str(number) for number in range(jobs)]
        outcome.kills = _kill_workers(env, kills, jobs, random.Random(seed))
        outcome.found = count(env)
    return outcome


def _kill_workers(env: dict[str, str], kills: int, jobs: int, dice: random.Random) -> int:
    """Kill both each time another share of the jobs is done, at any moment of one that is in somebody's hands.

    Only what the dead really left in the middle counts as a kill: an end that was on its way to the disk when they
    were stopped may still be found there, and then nothing was tried.
    """
    done, limit = 0, time.monotonic() + 60 + 20 * kills
    workers = [start_worker(env), start_worker(env)]
    try:
        while time.monotonic() < limit:
            finished = counted(env, "done")
            if finished == jobs:
                return done
            is_time = done < kills and finished > (done + 1) * jobs // (kills + 2)
            if is_time and _held_with_a_job(env, workers, dice):
                for worker in workers:
                    kill(worker)
                time.sleep(SETTLED)
                done += counted(env, "running") > 0
                workers = [start_worker(env), start_worker(env)]
            time.sleep(0.002 if is_time else 0.01)
    finally:
        for worker in workers:
            kill(worker)
    return done


def _held_with_a_job(env: dict[str, str], workers: list[subprocess.Popen[bytes]], dice: random.Random) -> bool:
    """Stop both where they stand; let them go on if neither has a job in its hands, or if nobody can tell."""
    time.sleep(dice.random() * IN_HAND)
    for worker in workers:
        os.killpg(worker.pid, signal.SIGSTOP)
    try:
        if counted(env, "running"):
            return True
    except sqlite.OperationalError as error:
        if "locking protocol" not in str(error):  # stopped while it held the lock of SQLite's own log
            raise
    for worker in workers:
        os.killpg(worker.pid, signal.SIGCONT)
    return False


class Postbox:
    """A mail server that counts each Message-ID."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()

    async def handle_DATA(self, server_: Any, session: Any, envelope: Any) -> str:
        await asyncio.sleep(0.02)
        text = envelope.content.decode()
        self.received[text.split("Message-ID: ", 1)[1].split("\n", 1)[0].strip()] += 1
        return "250 OK"


def kill_postman(postgres: str, kills: int, letters: int = 60) -> tuple[Counter[str], int]:
    """Letters while the worker is killed: each arrives; one in the hands of the dead may arrive twice."""
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=server.free_port())
    controller.start()
    try:
        with instance(postgres, BENCH_SMTP=str(controller.port)) as env:
            run(ENQUEUE, env, "mail", str(letters))
            done = _kill_workers(env, kills, letters, random.Random(3))
    finally:
        controller.stop()
    return postbox.received, done


def same_form_forty_times(postgres: str = "", keys: int = 5) -> tuple[list[int], dict[str, Any]]:
    """Forty identical forms at once, for several keys, against two processes."""
    statuses: list[int] = []
    with instance(postgres) as env:
        port = server.free_port()
        process = server.start(PAGES, env, port, is_quiet=True)
        try:
            for number in range(keys):
                start, key = threading.Barrier(40), str(uuid.uuid4())

                def press(number: int = number, start: threading.Barrier = start, key: str = key) -> None:
                    start.wait()
                    statuses.append(send(port, "/keep/", str(number), key))

                threads = [threading.Thread(target=press) for _ in range(40)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        finally:
            kill(process)
        return statuses, count(env)
