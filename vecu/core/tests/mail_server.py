"""A real mail server on this machine, with a character."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Server:
    """What it answers to MAIL, RCPT and DATA, and how long it takes."""

    def __init__(
        self, sender: str = "250 OK", rcpt: str = "250 OK", data: str = "250 OK", stall: float = 0, cut: bool = False
    ) -> None:
        self.sender, self.rcpt, self.data, self.stall, self.cut = sender, rcpt, data, stall, cut
        self.received: list[bytes] = []

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.sender.startswith("250"):
            envelope.mail_from = address
        return self.sender

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.cut:
            server.transport.abort()
        await asyncio.sleep(self.stall)
        if self.data.startswith("250"):
            self.received.append(envelope.content)
        return self.data


@contextmanager
def serving(settings: Any) -> Iterator[Server]:
    """Letters go to a server of this machine, whose character may be changed meanwhile."""
    character = Server()
    controller = Controller(character, hostname="127.0.0.1", port=0)
    # The controller asks its own port for a first connection: give it a real one.
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        controller.port = found.getsockname()[1]
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", controller.port, 1
    yield character
    controller.stop()


@contextmanager
def speaking(settings: Any, *lines: bytes, stops_reading_after: int = 0) -> Iterator[None]:
    """A server that says these lines, one for each it hears, then cuts; in the middle of the text if told so."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = listener.getsockname()
    settings.EMAIL_TIMEOUT = 1

    def speak() -> None:
        line, _address = listener.accept()
        with line, line.makefile("rb") as heard:
            for number, said in enumerate(lines):
                line.sendall(said + b"\r\n")
                if number < len(lines) - 1:
                    heard.readline()
            heard.read(stops_reading_after)

    thread = threading.Thread(target=speak)
    thread.start()
    try:
        yield
    finally:
        thread.join()
        listener.close()
