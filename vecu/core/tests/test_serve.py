"""One command starts a whole instance, mends it and stops it."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import uvicorn
from django.core.management import call_command

from bench import server
from config import serve

pytestmark = pytest.mark.enable_socket


def children_of(process: subprocess.Popen[bytes]) -> dict[str, psutil.Process]:
    found = {}
    for child in psutil.Process(process.pid).children():
        line = " ".join(child.cmdline())
        found["web" if "uvicorn" in line else "worker" if "worker" in line else line] = child
    return found


def wait_until(question: object, seconds: float = 40) -> bool:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            if question():  # type: ignore[operator]
                return True
        except psutil.Error:
            pass
        time.sleep(0.1)
    return False


def test_it_starts_mends_and_stops(tmp_path: Path) -> None:
    env = server.environment(tmp_path)
    server.prepare(env)
    port = server.free_port()
    command = [sys.executable, "manage.py", "serve", "--ready", "--port", str(port)]
    process = subprocess.Popen(command, cwd=server.ROOT, env=env, stdout=subprocess.PIPE)
    try:
        server.wait_for(port, process)
        assert wait_until(lambda: len(children_of(process)) == 2)
        before = children_of(process)
        before["worker"].kill()
        assert wait_until(lambda: children_of(process).get("worker", before["worker"]).pid != before["worker"].pid)
        assert children_of(process)["web"].pid == before["web"].pid
        # Once the new worker says so, staff is told that jobs run.
        alive = "import django, sys; django.setup(); from vecu.core import jobs; sys.exit(not jobs.worker_is_alive())"
        assert wait_until(
            lambda: not subprocess.run([sys.executable, "-c", alive], cwd=server.ROOT, env=env, check=False).returncode
        )
        last = list(children_of(process).values())
        process.terminate()
        assert process.wait(30) == 0
        assert not any(child.is_running() for child in last)
        assert f"http://127.0.0.1:{port}/".encode() in process.stdout.read()  # type: ignore[union-attr]
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_a_child_that_keeps_ending_is_started_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    said: list[str] = []
    child = serve.Child("worker", [sys.executable, "-c", "raise SystemExit(3)"])
    supervisor = serve.Supervisor([child], said.append)
    threading.Timer(2.5, supervisor.stop.set).start()
    assert supervisor.run() == 0
    assert said and set(said) == {"worker ended (3); starting it again."}
    assert 1 <= child.failures <= 4


def test_a_child_that_will_not_stop_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(serve, "PATIENCE", 0.5)
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
    child = serve.Child("deaf", [sys.executable, "-c", code])
    supervisor = serve.Supervisor([child], lambda text: None)
    threading.Timer(1.5, supervisor.stop.set).start()
    supervisor.run()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


def test_the_worker_command_runs_what_is_due_once(tmp_path: Path) -> None:
    env = server.environment(tmp_path)
    server.prepare(env)
    queue = (
        "import django; django.setup(); from vecu.core import jobs; jobs.enqueue('bench.keep', payload={'label': 'x'})"
    )
    count = "import django; django.setup(); from vecu.core.tests.sample.models import Fact; print(Fact.objects.count())"
    subprocess.run([sys.executable, "-c", queue], cwd=server.ROOT, env=env, check=True)
    subprocess.run([sys.executable, "manage.py", "worker", "--once"], cwd=server.ROOT, env=env, check=True)
    done = subprocess.run([sys.executable, "-c", count], cwd=server.ROOT, env=env, check=True, capture_output=True)
    assert done.stdout.strip() == b"1"
    assert list((tmp_path / "backups").iterdir())  # the periodic jobs ran too


def test_streams_alone_believe_no_proxy_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """Uvicorn would believe a proxy's headers by itself: who is behind one is decided in vecu/core/proxies.py."""
    asked: dict[str, Any] = {}
    monkeypatch.setattr(uvicorn, "run", lambda *application, **options: asked.update(options))
    call_command("live", "--port", "1")
    assert asked["proxy_headers"] is False and asked["server_header"] is False
