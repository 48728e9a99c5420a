"""Live streams: a real server, pages and streams on one port."""

from __future__ import annotations

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from bench import server
from vecu.core import live

pytestmark = [pytest.mark.enable_socket, pytest.mark.engine]
RECHECK = "0.6"


@pytest.fixture(scope="module")
def site() -> Iterator[server.Site]:
    postgres = os.environ.get("VECU_TEST_PG", "")
    with server.running(server.UVICORN, postgres, BENCH_RECHECK=RECHECK) as running:
        yield running


class Stream:
    """A page that listens."""

    def __init__(
        self, site: server.Site, name: str, person: int = 0, session: str | None = None, query: str = "", **headers: str
    ) -> None:
        self.line = socket.create_connection(("127.0.0.1", site.port), timeout=5)
        session = site.sessions[person] if session is None else session
        lines = [f"GET /live/{name}{query} HTTP/1.1", "Host: x", f"Cookie: a=b; sessionid={session}"]
        lines += [f"{key.replace('_', '-')}: {value}" for key, value in headers.items()]
        self.line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.text = ""
        self.wait_for("\r\n\r\n")
        self.status = int(self.text.split()[1])
        if self.status == 200:
            self.wait_for("id: ")

    def wait_for(self, mark: str, seconds: float = 5) -> bool:
        """Whether the mark comes in time; the end of the stream reads as `<end>`."""
        limit = time.monotonic() + seconds
        while mark not in self.text:
            self.line.settimeout(max(0.01, limit - time.monotonic()))
            try:
                data = self.line.recv(4096)
            except TimeoutError:
                return False
            self.text += data.decode() if data else "<end>"
            if "\r\n0\r\n\r\n" in self.text:
                self.text += "<end>"
        return True

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *error: object) -> None:
        self.line.close()


def ask(site: server.Site, method: str, path: str) -> tuple[int, str]:
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
    with closing(line):
        line.request(method, path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()


def status_of(site: server.Site, name: str, **more: Any) -> int:
    with Stream(site, name, **more) as stream:
        return stream.status


def new_channel() -> str:
    return f"bench:{uuid.uuid4()}"


def test_it_works(site: server.Site) -> None:
    name = new_channel()
    with Stream(site, name) as mine, Stream(site, new_channel(), person=1) as other:
        assert "text/event-stream" in mine.text and "no-store" in mine.text
        assert ask(site, "POST", f"/say/{name}") == (200, "said")
        assert mine.wait_for("data: changed")
        assert not other.wait_for("data: changed", 0.4)


def test_pages_and_streams_share_the_port(site: server.Site) -> None:
    with Stream(site, new_channel()):
        assert ask(site, "GET", "/thanks/") == (200, "merci")


@pytest.mark.parametrize("session", ["", "x" * 32, '"; sessionid=', "\u00e9"])
def test_strangers_are_refused(site: server.Site, session: str) -> None:
    assert status_of(site, new_channel(), session=session) == 403


@pytest.mark.parametrize(
    "name", ["other:1", "bench", "bench:", "bench:../x", "%00", "bench:" + "a" * 100, "", "note:1"]
)
def test_what_is_no_channel_is_refused_the_same_way(site: server.Site, name: str) -> None:
    assert status_of(site, name) == 403


def test_only_get(site: server.Site) -> None:
    assert ask(site, "POST", f"/live/{new_channel()}")[0] == 405


def test_nothing_is_told_of_what_was_rolled_back(site: server.Site) -> None:
    name = new_channel()
    with Stream(site, name) as mine:
        assert ask(site, "POST", f"/unsay/{name}")[0] == 200
        assert not mine.wait_for("data: changed", 0.5)


def test_a_change_made_in_another_process_arrives(site: server.Site) -> None:
    name = new_channel()
    code = f"import django; django.setup(); from vecu.core import live; live.announce('{name}')"
    with Stream(site, name) as mine:
        subprocess.run([sys.executable, "-c", code], cwd=server.ROOT, env=site.environment, check=True)
        assert mine.wait_for("data: changed", 1)


def test_after_a_cut_the_page_learns_what_it_missed(site: server.Site) -> None:
    name = new_channel()
    ask(site, "POST", f"/say/{name}")
    with Stream(site, name) as first:
        known = first.text.rpartition("id: ")[2].split()[0]
        assert "data: changed" not in first.text
    with Stream(site, name, Last_Event_ID=known) as again, Stream(site, name, query=f"?since={known}") as page:
        assert not again.wait_for("data: changed", 0.3)
        assert not page.wait_for("data: changed", 0.3)
    ask(site, "POST", f"/say/{name}")
    with Stream(site, name, Last_Event_ID=known) as again, Stream(site, name, query=f"?since={known}") as page:
        assert again.wait_for("data: changed")
        assert page.wait_for("data: changed")
    with Stream(site, name, Last_Event_ID="x" * 40) as odd:
        assert odd.status == 200


def test_a_right_withdrawn_closes_the_stream(site: server.Site) -> None:
    name = new_channel()
    with Stream(site, name) as mine:
        assert not mine.wait_for("<end>", 1.5)
        (site.folder / "revoked").touch()
        try:
            assert mine.wait_for("<end>", 5)
            assert status_of(site, name) == 403
        finally:
            (site.folder / "revoked").unlink()


def test_a_session_ended_closes_the_stream(site: server.Site) -> None:
    with Stream(site, new_channel(), person=7) as mine, Stream(site, new_channel(), person=8) as other:
        code = (
            "import django; django.setup(); from django.contrib.sessions.models import Session; "
            f"Session.objects.filter(pk='{site.sessions[7]}').delete()"
        )
        subprocess.run([sys.executable, "-c", code], cwd=server.ROOT, env=site.environment, check=True)
        assert mine.wait_for("<end>", 5)
        assert not other.wait_for("<end>", 0.2)


def test_one_person_opens_twenty_at_most(site: server.Site) -> None:
    name = new_channel()
    streams = [Stream(site, name, person=9) for _ in range(live.MAX_READERS_OF_ONE + 1)]
    assert [stream.status for stream in streams] == [200] * live.MAX_READERS_OF_ONE + [503]
    for stream in streams:
        stream.line.close()
    time.sleep(0.3)
    with Stream(site, name, person=9) as again:
        assert again.status == 200


def test_a_reader_who_does_not_keep_up_gets_the_newest_only() -> None:
    async def trial() -> list[bytes]:
        sent: list[bytes] = []
        free = asyncio.Event()

        async def send(message: Any) -> None:
            await free.wait()
            await asyncio.sleep(0)  # yields nothing to wait for, as servers sometimes do
            sent.append(message["body"])

        reader = live.Reader(send, "bench:1", "s", 1)
        reader.is_writing = False
        for number in range(5):
            reader.push(live.changed(number))
        await asyncio.sleep(0.01)
        assert sent == []
        free.set()
        await asyncio.sleep(0.05)
        return sent

    assert asyncio.run(trial()) == [live.changed(0), live.changed(4)]


def test_neither_a_heartbeat_nor_anything_after_the_end_takes_the_place_of_what_waits() -> None:
    async def trial(waiting: bytes, more: bool) -> tuple[bytes, bool] | None:
        async def send(message: Any) -> None:
            await asyncio.Event().wait()

        reader = live.Reader(send, "bench:1", "s", 1)
        reader.is_writing = False
        reader.push(b"slow")
        reader.push(waiting, more=more)
        reader.beat()
        if not more:
            reader.tell(9)
        for task in list(live._tasks):
            task.cancel()
        return reader.missed

    assert asyncio.run(trial(live.changed(1), True)) == (live.changed(1), True)
    assert asyncio.run(trial(b"", False)) == (b"", False)


def test_a_name_that_is_no_channel_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a channel"):
        live.announce("thread")
