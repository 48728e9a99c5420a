"""Pages that notice a change: server-sent events, without content.

    live.announce(f"thread:{thread.pk}")          # in the transaction of an action

    @live.channel("thread")                       # may this user listen?
    def may_listen(user_id, channel): ...

`/live/thread:<uuid>` then sends "changed" to the pages that listen; each asks again for what it shows, through
its ordinary gated view. The stream itself carries no text, so that a right withdrawn leaks nothing; rights are
asked again every minute and the stream is closed when they are gone.

One coroutine per reader (`core.streams`), which only waits for its end, and one hub that writes to all of them.
Signals come from LISTEN on PostgreSQL; on SQLite the hub looks at the table every 150 ms, and at once when the
announcement was made in its own process. docs/decisions/0004-one-process.md has the figures.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import psycopg
import structlog
from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import ValidationError
from django.db import Error, close_old_connections, connection, transaction
from django.db.models import CharField
from django.http import HttpRequest

from vecu.core import jobs
from vecu.core.prepared import Asked, Prepared
from vecu.core.tables import LiveSignal

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]
Allowed = Callable[[Any, str], bool]

PREFIX = "/live/"
NOTIFICATION = "vecu_live"
CHANNEL = re.compile(r"([a-z_]+):[0-9a-f-]{1,64}")
LOOK = 0.15
HEARTBEAT = 25.0
RECHECK = 60.0
RECONNECT = 1.0
KEPT = timedelta(hours=1)
MAX_READERS = 10_000
MAX_READERS_OF_ONE = 20
SLICE = 200  # readers written to before other coroutines get a turn

# Asked on every exchange page, and by the hub as long as it runs: written once.
NEWEST = Prepared(lambda: LiveSignal.objects.order_by("-pk").values_list("pk")[:1])
NEWEST_OF = Prepared(
    lambda: LiveSignal.objects.filter(channel=Asked("channel", CharField())).order_by("-pk").values_list("pk")[:1]
)

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

ALLOWED: dict[str, Allowed] = {}
log = structlog.get_logger("vecu.live")


def channel(prefix: str) -> Callable[[Allowed], Allowed]:
    """Register who may listen to `prefix:<id>`: a function of the user's key and the channel."""

    def register(allowed: Allowed) -> Allowed:
        ALLOWED[prefix] = allowed
        return allowed

    return register


def announce(name: str) -> None:
    """Say, in this transaction, that what `name` shows has changed. Nothing is sent if it is rolled back."""
    if CHANNEL.fullmatch(name) is None:
        raise ValueError(f"{name} is not a channel")
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Numbers of one channel are committed in their order, so that "since" can be trusted.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"live {name}"])
        row = LiveSignal.objects.create(channel=name)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_notify(%s, %s)", [NOTIFICATION, f"{row.pk} {name}"])
    transaction.on_commit(_wake_hub)


def latest(name: str = "") -> int:
    """The newest signal of a channel: a page carries it as `?since=`, so that nothing falls in between."""
    rows = NEWEST_OF.rows(channel=name) if name else NEWEST.rows()
    return rows[0][0] if rows else 0


@jobs.periodic("core.forget_signals", every=timedelta(hours=1))
def forget_signals(now: datetime) -> None:
    """A page away for more than an hour is loaded again anyway."""
    LiveSignal.objects.filter(at__lt=now - KEPT).delete()


# -- what touches the database, in threads


def user_of(session_key: str) -> Any:
    """The key of the user whose session this is, or None. The session is read, never prolonged."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return user.pk if user.is_authenticated and user.is_active else None


def may_listen(session_key: str, name: str) -> Any:
    """The user's key if this session may listen to this channel now, else None."""
    match = CHANNEL.fullmatch(name)
    if match is None or match[1] not in ALLOWED:
        return None
    user_id = user_of(session_key)
    try:
        return user_id if user_id is not None and ALLOWED[match[1]](user_id, name) else None
    except (ValueError, ValidationError):
        return None  # what follows the prefix is no identifier


def _after(number: int) -> list[tuple[int, str]]:
    return list(LiveSignal.objects.filter(pk__gt=number).order_by("pk").values_list("pk", "channel"))


def _threaded(function: Callable[..., Any], *args: Any) -> Any:
    close_old_connections()
    return function(*args)


# -- readers and the hub


class Reader:
    """One open page."""

    __slots__ = ("channel", "checked_at", "is_writing", "known", "missed", "send", "session_key", "user_id")

    def __init__(self, send: Send, name: str, session_key: str, user_id: Any) -> None:
        self.send = send
        self.channel = name
        self.session_key = session_key
        self.user_id = user_id
        self.checked_at = time.monotonic()
        self.known = 0
        self.is_writing = True  # until the answer has begun
        self.missed: tuple[bytes, bool] | None = None

    async def open(self, number: int, since: int | None) -> None:
        """Begin the answer. The number alone wakes nobody: it is where the page starts again after a cut."""
        await self.send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        newest = max(number, self.known)
        has_missed = newest > (number if since is None else since)
        self.known, self.is_writing, self.missed = newest, False, None
        self.push(b"retry: 3000\nid: %d\n\n" % newest + (changed(newest) if has_missed else b""))

    def tell(self, number: int) -> None:
        """Something changed; signals the page knows of already are not repeated."""
        if number > self.known:
            self.known = number
            self.push(changed(number))

    def push(self, data: bytes, *, more: bool = True) -> None:
        """Write now. A reader who does not keep up gets only the newest signal once its line is free.

        The server's `send` almost always ends at once: it is stepped here, without a task of its own.
        """
        if self.is_writing:
            if self.missed is None or self.missed[1]:  # nothing comes after the end
                self.missed = (data, more)
            return
        step = self.send({"type": "http.response.body", "body": data, "more_body": more})
        try:
            waiting = step.send(None)
        except (StopIteration, OSError):
            return
        self.is_writing = True
        _keep(asyncio.ensure_future(self._finish(step, waiting)))

    def beat(self) -> None:
        """Show that the line is alive, unless something is being written: that shows it already."""
        if not self.is_writing:
            self.push(b":\n\n")

    async def _finish(self, step: Coroutine[Any, Any, None], waiting: Any) -> None:
        try:
            while True:
                await (asyncio.sleep(0) if waiting is None else asyncio.wait([waiting]))
                waiting = step.send(None)
        except (StopIteration, OSError):
            self.is_writing = False
        if self.missed is not None:
            (data, more), self.missed = self.missed, None
            self.push(data, more=more)


_tasks: set[asyncio.Future[Any]] = set()


def _keep(task: asyncio.Future[Any]) -> None:
    """The loop itself keeps only a weak hold on tasks."""
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


class Hub:
    """All readers of this process, and what writes to them."""

    def __init__(self) -> None:
        self.channels: dict[str, set[Reader]] = {}
        self.count = 0
        self.by_user: dict[Any, int] = {}
        self.last = 0
        self.loop = asyncio.get_running_loop()
        self.wake = asyncio.Event()
        self.threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")
        for work in (self._listen, self._beat, self._recheck):
            _keep(asyncio.ensure_future(self._forever(work)))

    async def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        return await self.loop.run_in_executor(self.threads, _threaded, function, *args)

    def is_full_for(self, user_id: Any) -> bool:
        return self.count >= MAX_READERS or self.by_user.get(user_id, 0) >= MAX_READERS_OF_ONE

    def add(self, reader: Reader) -> None:
        self.channels.setdefault(reader.channel, set()).add(reader)
        self.by_user[reader.user_id] = self.by_user.get(reader.user_id, 0) + 1
        self.count += 1

    def remove(self, reader: Reader) -> None:
        readers = self.channels.get(reader.channel, set())
        if reader not in readers:
            return
        readers.discard(reader)
        if not readers:
            del self.channels[reader.channel]
        self.count -= 1
        left = self.by_user[reader.user_id] - 1
        if left:
            self.by_user[reader.user_id] = left
        else:
            del self.by_user[reader.user_id]

    async def tell(self, number: int, name: str) -> None:
        self.last = max(self.last, number)
        await self._each(self.channels.get(name, ()), lambda reader: reader.tell(number))

    async def _each(self, readers: Iterable[Reader], write: Callable[[Reader], None]) -> None:
        for count, reader in enumerate(list(readers), start=1):
            write(reader)
            if count % SLICE == 0:
                await asyncio.sleep(0)

    async def _forever(self, work: Callable[[], Awaitable[None]]) -> None:
        """A database that is away for a while ends nothing: readers stay and are told when it is back."""
        while True:
            try:
                await work()
            except (Error, psycopg.Error, OSError) as error:
                log.warning("live.source_away", error=type(error).__name__)
                await asyncio.sleep(RECONNECT)

    async def _listen(self) -> None:
        self.last = self.last or await self.ask(latest)
        if connection.vendor == "postgresql":
            await self._listen_to_notifications()
        else:
            await self._look_at_table()

    async def _look_at_table(self) -> None:
        while True:
            if self.count:
                for number, name in await self.ask(_after, self.last):
                    await self.tell(number, name)
            try:
                await asyncio.wait_for(self.wake.wait(), LOOK)
                self.wake.clear()
            except TimeoutError:
                pass

    async def _listen_to_notifications(self) -> None:
        options = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port")
        line = await psycopg.AsyncConnection.connect(
            **{name: options[name] for name in wanted if options.get(name)}, autocommit=True
        )
        async with line:
            await line.execute(f"LISTEN {NOTIFICATION}")
            # What was announced while nobody listened.
            for number, name in await self.ask(_after, self.last):
                await self.tell(number, name)
            async for notification in line.notifies():
                text, _, name = notification.payload.partition(" ")
                await self.tell(int(text), name)
        raise OSError("the database closed the line")

    async def _beat(self) -> None:
        """Keeps proxies from closing a silent line, and finds readers who left without a word."""
        while True:
            await asyncio.sleep(HEARTBEAT)
            await self._each(itertools.chain(*self.channels.values()), Reader.beat)

    async def _recheck(self) -> None:
        """Ask again for the rights of those not asked for a minute; close whoever has lost them."""
        while True:
            await asyncio.sleep(min(1.0, RECHECK / 4))
            limit = time.monotonic() - RECHECK
            due = [reader for readers in self.channels.values() for reader in readers if reader.checked_at < limit]
            for reader in due:
                if await self.ask(may_listen, reader.session_key, reader.channel) == reader.user_id:
                    reader.checked_at = time.monotonic()
                else:
                    self.remove(reader)
                    reader.push(b"", more=False)


def changed(number: int) -> bytes:
    return b"id: %d\ndata: changed\n\n" % number


_hub: Hub | None = None
_hub_lock = threading.Lock()


def hub() -> Hub:
    """The hub of this process's event loop."""
    global _hub
    with _hub_lock:
        if _hub is None or _hub.loop is not asyncio.get_running_loop():
            _hub = Hub()
        return _hub


def _wake_hub() -> None:
    """Called after commit by whichever thread announced; without a hub here, its 150 ms look finds the signal."""
    if _hub is not None and not _hub.loop.is_closed():
        _hub.loop.call_soon_threadsafe(_hub.wake.set)
