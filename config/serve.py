"""One command for a whole instance: the web process and the worker, watched by a small supervisor.

A child that ends is started again, after a pause that grows while it keeps ending. SIGTERM or Ctrl-C stops
both; a supervisor that is killed takes its children with it (Linux).
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

PAUSES = (0.2, 1.0, 2.0, 5.0, 15.0)
STEADY = 30.0  # seconds after which a child is thought well again
PATIENCE = 15.0  # seconds a child is given to stop by itself
STREAMS_END = 3
KEEP_ALIVE = 20
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: list[str]
    inherited: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    restart_at: float = field(default=0.0)


class Supervisor:
    def __init__(self, children: list[Child], say: Callable[[str], None] = print) -> None:
        self.children = children
        self.say = say
        self.stop = threading.Event()

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        while not self.stop.is_set():
            for child in self.children:
                self._watch(child)
            self.stop.wait(0.1)
        self._end()
        return 0

    def _watch(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is not None and child.process.poll() is None:
            return
        if child.process is not None:
            child.failures = 0 if now - child.started_at > STEADY else child.failures
            child.restart_at = now + PAUSES[min(child.failures, len(PAUSES) - 1)]
            child.failures += 1
            self.say(f"{child.name} ended ({child.process.returncode}); starting it again.")
            child.process = None
        if now >= child.restart_at:
            child.started_at = now
            # Own session: Ctrl-C in the terminal reaches the supervisor only, which stops them in order.
            child.process = subprocess.Popen(  # noqa: S603
                child.command, start_new_session=True, preexec_fn=_die_with_parent, pass_fds=child.inherited
            )

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            process.terminate()
        limit = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def children(host: str, port: int, listener: socket.socket | None = None) -> list[Child]:
    """The web process and the worker of this instance. `listener` is a socket already open on that address."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    where = ["--host", host, "--port", str(port)] if listener is None else ["--fd", str(listener.fileno())]
    web = [sys.executable, "-m", "uvicorn", "config.asgi:application", *where]
    # Who is behind a proxy is decided in one place: vecu/core/proxies.py.
    quiet = ["--no-access-log", "--no-server-header", "--log-level", "warning", "--no-proxy-headers"]
    limits = ["--timeout-graceful-shutdown", str(STREAMS_END), "--timeout-keep-alive", str(KEEP_ALIVE)]
    worker = [sys.executable, "manage.py", "worker"]
    inherited = () if listener is None else (listener.fileno(),)
    return [Child("web", [*web, *quiet, *limits], inherited), Child("worker", worker)]
