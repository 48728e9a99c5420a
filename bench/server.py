"""Starts the bare site in a folder of its own, on a free port, and stops it."""

from __future__ import annotations

import atexit
import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

USER = "vecu"
ROOT = Path(__file__).resolve().parent.parent
PREPARE = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, run_syncdb=True)
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.db import transaction
with transaction.atomic():
    for number in range(120):
        user = User.objects.create(username=f"u{number}", password="x")
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        print(session.session_key)
"""


@dataclass
class Site:
    """A running server and what is needed to speak to it."""

    port: int
    process: subprocess.Popen[bytes]
    sessions: list[str]
    folder: Path
    environment: dict[str, str]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def environment(folder: Path, postgres: str = "") -> dict[str, str]:
    own = {"BENCH_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "bench.site.settings", "BENCH_PG": postgres}
    return {**os.environ, "VECU_VAR": str(folder), **own}


@dataclass(frozen=True)
class Template:
    """A prepared instance that others are copied from: tables, keys, signed-in people."""

    folder: Path
    sessions: tuple[str, ...]
    database: str


@cache
def template(postgres: str) -> Template:
    """Prepared once per process, removed at its end."""
    folder = Path(tempfile.mkdtemp(prefix="vecu-template-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    name = f"bench_template_{secrets.token_hex(4)}" if postgres else ""
    if postgres:
        _sql(postgres, f"CREATE DATABASE {name}")
        atexit.register(_drop, postgres, name)
    env = {**environment(folder, postgres), "BENCH_PG_NAME": name, "BENCH_PG_USER": USER}
    command = [sys.executable, "-c", PREPARE]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return Template(folder, tuple(done.stdout.split()), name)


def _sql(postgres: str, statement: str) -> None:
    host, _, port = postgres.rpartition(":")
    with psycopg.connect(host=host, port=port, user=USER, dbname="postgres", autocommit=True) as line:
        line.execute(statement)


def _drop(postgres: str, name: str) -> None:
    """A server made to be killed may be gone by now, its databases with it."""
    with suppress(psycopg.OperationalError):
        _sql(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def database(postgres: str, empty: bool = False) -> Iterator[dict[str, str]]:
    """A database of its own on a PostgreSQL server, or nothing: SQLite makes its file itself."""
    if not postgres:
        yield {}
        return
    name = f"bench_{secrets.token_hex(6)}"
    _sql(postgres, f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {template(postgres).database}"))
    try:
        yield {"BENCH_PG_NAME": name, "BENCH_PG_USER": USER}
    finally:
        _drop(postgres, name)


def prepare(env: dict[str, str]) -> list[str]:
    """Fill the folder of an instance; the session keys of 120 signed-in people."""
    found = template(env["BENCH_PG"])
    shutil.copytree(found.folder, env["BENCH_FOLDER"], dirs_exist_ok=True)
    return list(found.sessions)


UVICORN = ["uvicorn", "config.asgi:application", "--timeout-graceful-shutdown", "1"]
PAGES = ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "4"]
CHANNELS = ["uvicorn", "bench.site.channels_site:application", "--timeout-graceful-shutdown", "1"]
DAPHNE = ["daphne", "bench.site.channels_site:application"]


def command_of(kind: list[str], port: int) -> list[str]:
    match kind[0]:
        case "uvicorn":
            own = ["--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "error"]
        case "gunicorn":
            own = ["--bind", f"127.0.0.1:{port}", "--log-level", "error"]
        case _:
            own = ["-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    return [sys.executable, "-m", *kind, *own]


def wait_for(port: int, process: subprocess.Popen[bytes], path: str = "/thanks/", seconds: float = 60) -> None:
    """Until a page is answered: some servers listen before they can."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", path)
            line.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
        finally:
            line.close()
    raise TimeoutError("the server does not answer")


def start(kind: list[str], env: dict[str, str], port: int, is_quiet: bool = False) -> subprocess.Popen[bytes]:
    """A server in a process group of its own, answering. `is_quiet` where its errors are what is looked for."""
    errors = subprocess.DEVNULL if is_quiet else None
    process = subprocess.Popen(command_of(kind, port), cwd=ROOT, env=env, start_new_session=True, stderr=errors)
    wait_for(port, process, "/say/ready" if kind in (CHANNELS, DAPHNE) else "/thanks/")
    return process


@contextmanager
def running(kind: list[str], postgres: str = "", **extra: str) -> Iterator[Site]:
    """A server of this kind with a fresh database; `extra` goes to its environment."""
    with tempfile.TemporaryDirectory(prefix="vecu-bench-") as name, database(postgres) as own:
        folder = Path(name)
        env = {**environment(folder, postgres), **own, **extra}
        sessions = prepare(env)
        port = free_port()
        process = start(kind, env, port)
        try:
            yield Site(port, process, sessions, folder, env)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
