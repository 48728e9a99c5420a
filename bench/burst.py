"""Four hundred people send a questionnaire within five seconds: who is lost, and who waits.

`python -m bench.burst [--pg host:port]` prints one row a line; `rows()` gives them as data. Each person opens
the form and sends it with twelve answers, at a random moment of the five seconds, on the bare site. The same is
asked of the one-command mode (pages and streams in one process), and the cost of a light page in it is compared
with gunicorn's in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import sqlite3
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import psutil
import psycopg

from bench import server

PEOPLE = 400
SECONDS = 5.0
PAGES = 600
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|_once)" value="([^"]+)"')
LENGTH = re.compile(r"^content-length: (\d+)", re.IGNORECASE | re.MULTILINE)
CHUNKED = "transfer-encoding: chunked"
ONE_GUNICORN = ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "1", "--threads", "8"]


@dataclass
class Burst:
    opened: list[float] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    stored: int = 0
    answers: int = 0
    cpu: float = 0.0

    @property
    def lost(self) -> int:
        return len(self.sent) - self.stored


class Browser:
    """One connection, kept from the form to its answer, as browsers do."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Browser:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_error: object) -> None:
        self.writer.close()

    async def ask(self, head: str, body: str = "") -> tuple[int, str]:
        """The status and the whole answer, its head included."""
        lines = f"{head}\r\nHost: 127.0.0.1\r\n"
        if body:
            lines += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self.writer.write(f"{lines}\r\n{body}".encode())
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = LENGTH.search(answer)
        if length is not None:
            answer += (await self.reader.readexactly(int(length[1]))).decode("utf-8", "replace")
        elif CHUNKED in answer.lower():
            answer += await self._chunks()
        return int(answer.split(" ", 2)[1]), answer

    async def _chunks(self) -> str:
        found = b""
        while size := int(await self.reader.readline(), 16):
            found += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return found.decode("utf-8", "replace")


async def visit(site: server.Site, head: str) -> None:
    async with Browser(site.port) as browser:
        await browser.ask(head)


async def person(site: server.Site, number: int, burst: Burst) -> None:
    await asyncio.sleep(random.uniform(0, SECONDS))
    try:
        start = time.perf_counter()
        async with Browser(site.port) as browser:
            _status, page = await browser.ask(f"GET /form/?who=p{number} HTTP/1.1")
            opened = time.perf_counter()
            fields = dict(HIDDEN.findall(page))
            cookie = page.split("csrftoken=", 1)[1].split(";", 1)[0]
            fields |= {"who": f"p{number}", **{f"q{q}": f"réponse {q}" for q in range(1, 13)}}
            head = f"POST /form/ HTTP/1.1\r\nCookie: csrftoken={cookie}"
            status, _page = await browser.ask(head, urlencode(fields))
        if status != 303:
            raise RuntimeError(str(status))
        burst.opened.append((opened - start) * 1000)
        burst.sent.append((time.perf_counter() - opened) * 1000)
    except (OSError, EOFError, RuntimeError, IndexError, ValueError) as error:
        burst.errors.append(repr(error))


def cpu_of(site: server.Site) -> float:
    root = psutil.Process(site.process.pid)
    return sum(sum(process.cpu_times()[:2]) for process in [root, *root.children(recursive=True)])


def count(site: server.Site) -> tuple[int, int]:
    tables = ("bench_site_submission", "bench_site_answer")
    if site.environment["BENCH_PG"]:
        host, _, port = site.environment["BENCH_PG"].rpartition(":")
        line: Any = psycopg.connect(host=host, port=port, user=server.USER, dbname=site.environment["BENCH_PG_NAME"])
    else:
        line = sqlite3.connect(f"file:{site.folder}/vecu.sqlite3?mode=ro", uri=True)
    with line:
        found = [line.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]  # noqa: S608
    line.close()
    return found[0], found[1]


def burst(kind: list[str], postgres: str = "", people: int = PEOPLE) -> Burst:
    found = Burst()

    async def everybody(site: server.Site) -> None:
        # A few pages first: the question is the burst, not the first page after a start.
        await asyncio.gather(*(visit(site, "GET /form/?who=x HTTP/1.1") for _ in range(16)))
        before = cpu_of(site)
        await asyncio.gather(*(person(site, number, found) for number in range(people)))
        found.cpu = (cpu_of(site) - before) * 1000 / people

    with server.running(kind, postgres) as site:
        asyncio.run(everybody(site))
        found.stored, found.answers = count(site)
    return found


def light_pages(kind: list[str]) -> float:
    """Milliseconds of server CPU for one light page of a signed-in person, eight at a time."""

    async def many(site: server.Site, number: int) -> None:
        gate = asyncio.Semaphore(8)

        async def one(person_number: int) -> None:
            async with gate:
                cookie = site.sessions[person_number % len(site.sessions)]
                await visit(site, f"GET /whoami/ HTTP/1.1\r\nCookie: sessionid={cookie}")

        await asyncio.gather(*(one(n) for n in range(number)))

    with server.running(kind) as site:
        asyncio.run(many(site, 50))
        before = cpu_of(site)
        asyncio.run(many(site, PAGES))
        return (cpu_of(site) - before) * 1000 / PAGES


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values) or [float("inf")]
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def rows(postgres: str = os.environ.get("VECU_PG", "")) -> list[dict[str, Any]]:
    engines = [("sqlite", server.PAGES, ""), ("one_process", server.UVICORN, "")]
    if postgres:
        engines.append(("postgresql", server.PAGES, postgres))
    found = []
    for name, kind, engine in engines:
        done = burst(kind, engine)
        found += [
            _row(f"write.burst_{name}_lost", done.lost + (done.stored * 12 - done.answers), "forms or answers"),
            _row(f"write.burst_{name}_errors", len(done.errors), "people"),
            _row(f"write.burst_{name}_p95", percentile(done.sent, 0.95), "ms to send"),
            _row(f"write.burst_{name}_open_p95", percentile(done.opened, 0.95), "ms to open"),
            _row(f"write.burst_{name}_cpu", done.cpu, "ms of CPU per person"),
        ]
    ours, theirs = light_pages(server.UVICORN), light_pages(ONE_GUNICORN)
    against = "gunicorn gthread, one process of eight threads, same run"
    found.append(_row("pages.one_process_cpu", ours, "ms of CPU per light page", against, ours / theirs))
    return found


def _row(name: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> dict[str, Any]:
    rounded = None if ratio is None else float(f"{ratio:.3g}")
    return {"name": name, "value": float(f"{value:.4g}"), "unit": unit, "against": against, "ratio": rounded}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pg", default="", help="host:port of a PostgreSQL on which the role vecu may make databases")
    for row in rows(parser.parse_args().pg):
        print(json.dumps(row))
