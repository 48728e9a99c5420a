"""What live streams cost, against Channels in the same run.

`python -m bench.live [--readers 2000] [--pg host:port]` prints one row a line; `rows()` gives them as data.
The time of a fan-out is counted from the client's POST that announces a change, through the page and its
transaction, to the moment each reader has received it. Channels is measured as it is best here: server-sent
events and websockets on the in-memory layer, the faster of the two counts; it writes to no database.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import psutil

from bench import server

READERS = 2000
ROUNDS = 12
SINGLES = 60
MARK = b"changed"


class Reader(asyncio.Protocol):
    """Counts the moments at which a change arrives."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.opened = asyncio.get_running_loop().create_future()
        self.arrived = 0.0
        self.on_change: Callable[[], None] | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            self.opened.set_result(data.split(b"\r\n", 1)[0])
        if MARK in data:
            self.arrived = time.perf_counter()
            if self.on_change is not None:
                self.on_change()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(b"closed")


def stream_request(name: str, session: str) -> bytes:
    return f"GET /live/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={session}\r\n\r\n".encode()


def socket_request(name: str, session: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
    return f"GET /live/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\n{upgrade}\r\n".encode()


async def open_readers(
    site: server.Site, name: str, count: int, request: Callable[[str, str], bytes] = stream_request
) -> list[Reader]:
    loop = asyncio.get_running_loop()
    readers: list[Reader] = []
    for start in range(0, count, 100):
        batch = []
        for number in range(start, min(start + 100, count)):
            text = request(name, site.sessions[number % len(site.sessions)])
            _transport, reader = await loop.create_connection(lambda text=text: Reader(text), "127.0.0.1", site.port)
            batch.append(reader)
        for reader in batch:
            answer = await asyncio.wait_for(reader.opened, 60)
            if b" 200" not in answer and b" 101" not in answer:
                raise RuntimeError(f"a reader was refused: {answer!r}")
        readers += batch
    return readers


async def say(site: server.Site, name: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    head = f"POST /say/{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    writer.write(head.encode())
    answer = await reader.readline()
    if b" 200" not in answer:
        raise RuntimeError(f"not said: {answer!r}")
    await reader.read()
    writer.close()


async def fan_out(site: server.Site, name: str, readers: list[Reader]) -> list[float]:
    """Milliseconds from the POST to each reader."""
    left = len(readers)
    done = asyncio.get_running_loop().create_future()

    def arrived() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            done.set_result(None)

    for reader in readers:
        reader.on_change = arrived
    start = time.perf_counter()
    await say(site, name)
    await asyncio.wait_for(done, 60)
    for reader in readers:
        reader.on_change = None
    return [(reader.arrived - start) * 1000 for reader in readers]


def percentile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


async def measure(site: server.Site, count: int, request: Callable[[str, str], bytes]) -> dict[str, float]:
    name = f"bench:{'0' * 8}"
    process = psutil.Process(site.process.pid)
    warm = await open_readers(site, name, 20, request)
    await fan_out(site, name, warm)
    before = process.memory_info().rss
    start = time.perf_counter()
    readers = await open_readers(site, name, count, request)
    connect = time.perf_counter() - start
    await asyncio.sleep(1)
    idle = (process.memory_info().rss - before) / 1024 / count
    runs = [await fan_out(site, name, readers) for _ in range(ROUNDS)]
    found = {
        "connect": connect,
        "idle": idle,
        "p50": statistics.median(percentile(run, 0.5) for run in runs),
        "p95": statistics.median(percentile(run, 0.95) for run in runs),
    }
    if request is stream_request and b"channels" not in b" ".join(part.encode() for part in process.cmdline()):
        alone = (await open_readers(site, "bench:1", 1))[:1]
        singles = [(await fan_out(site, "bench:1", alone))[0] for _ in range(SINGLES)]
        found["one"] = percentile(singles, 0.95)
    for reader in readers + warm:
        reader.transport.close()
    return found


def channels(kind: list[str], readers: int, request: Callable[[str, str], bytes]) -> dict[str, float] | None:
    """The same asked of Channels; None when somebody never received the message."""
    with server.running(kind) as site:
        try:
            return asyncio.run(measure(site, readers, request))
        except TimeoutError:
            return None


def rows(readers: int = READERS, postgres: str = "") -> list[dict[str, Any]]:
    with server.running(server.UVICORN, postgres) as site:
        ours = asyncio.run(measure(site, readers, stream_request))
    peers = {
        "events": channels(server.CHANNELS, readers, stream_request),
        "sockets": channels(server.DAPHNE, readers, socket_request),
    }
    delivered = {name: found for name, found in peers.items() if found is not None}
    if not delivered:
        raise RuntimeError("Channels delivered to everybody in neither way: nothing to compare with")
    best = min(delivered.values(), key=lambda found: found["p95"])
    against = "Channels, in-memory layer, the faster of server-sent events and websockets, same run"
    if len(delivered) < len(peers):
        against += f" (only {', '.join(delivered)}: the other left readers without the message for a minute)"
    return [
        _row("live.fanout_p95", ours["p95"], "ms", against, ours["p95"] / best["p95"]),
        _row("live.fanout_p50", ours["p50"], "ms", against, ours["p50"] / best["p50"]),
        _row("live.idle_kib", ours["idle"], "KiB per reader", against, ours["idle"] / best["idle"]),
        _row("live.one_p95", ours["one"], "ms", "one reader while the others are idle: at most 20 ms", None),
        _row("live.connect_s", ours["connect"], "s", against, ours["connect"] / best["connect"]),
        *(_row(f"live.channels_{name}_p95", found["p95"], "ms", "", None) for name, found in delivered.items()),
    ]


def _row(name: str, value: float, unit: str, against: str, ratio: float | None) -> dict[str, Any]:
    rounded = None if ratio is None else float(f"{ratio:.3g}")
    return {"name": name, "value": float(f"{value:.4g}"), "unit": unit, "against": against, "ratio": rounded}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--readers", type=int, default=READERS)
    parser.add_argument("--pg", default="", help="host:port of a PostgreSQL on which the role vecu may make databases")
    given = parser.parse_args()
    for row in rows(given.readers, given.pg):
        print(json.dumps(row))
