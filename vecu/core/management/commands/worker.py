"""The process that runs jobs: one is enough, two never do the same thing twice."""

from __future__ import annotations

import os
import signal
import socket
import threading
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error, close_old_connections, connection
from django.db.backends.signals import connection_created

from vecu.core import jobs

PAUSE = 1.0
BEAT = 20.0
TICK = 15.0
STATEMENT_TIMEOUT = "60s"
log = structlog.get_logger("vecu.worker")


class Command(BaseCommand):
    help = "Runs jobs until it is told to stop (SIGTERM or Ctrl-C); the job in hand is finished first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due, then stop")
        parser.add_argument("--pause", type=float, default=PAUSE, help="seconds between two looks at the table")

    def handle(self, *, once: bool, pause: float, **options: Any) -> None:
        connection_created.connect(_allow_long_statements, dispatch_uid="vecu.worker")
        stop = threading.Event()
        if once:
            jobs.tick()
            jobs.run_due()
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        Worker(stop, pause).run()


class Worker:
    """Looks for due jobs; a second thread keeps the leases and says "I am alive"."""

    def __init__(self, stop: threading.Event, pause: float) -> None:
        self.name = f"{socket.gethostname()[:20]}-{os.getpid()}"
        self.stop = stop
        self.pause = pause

    def run(self) -> None:
        log.info("worker.start", worker=self.name)
        beats = threading.Thread(target=self._repeat, args=(self._beat, BEAT), daemon=True)
        beats.start()
        ticks = threading.Thread(target=self._repeat, args=(jobs.tick, TICK), daemon=True)
        ticks.start()
        self._repeat(self._work, self.pause)
        beats.join(timeout=5)
        ticks.join(timeout=5)
        log.info("worker.stop", worker=self.name)

    def _repeat(self, step: Any, pause: float) -> None:
        """Do a step again and again; a database that is away for a while does not end the worker."""
        while not self.stop.is_set():
            try:
                close_old_connections()
                step()
            except Error as error:
                log.warning("worker.database_away", error=type(error).__name__)
                connection.close()
            self.stop.wait(pause)
        connection.close()

    def _work(self) -> None:
        while not self.stop.is_set() and jobs.run_due(limit=1, worker=self.name):
            pass

    def _beat(self) -> None:
        jobs.prolong(self.name)


def _allow_long_statements(sender: Any, connection: Any, **kwargs: Any) -> None:
    """Pages are cut off after 5 seconds, jobs may take longer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'")
