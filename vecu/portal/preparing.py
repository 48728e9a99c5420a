"""A page while the demo world is being made: the address answers at once, and says how far it is.

The socket is opened first and handed to the real server once everything is ready, so that no visit is refused in
between: it waits a moment in the socket's queue.
"""

from __future__ import annotations

import html
import socket
import threading
from dataclasses import dataclass, field

PAGE = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Vécu se prépare</title>
<style>:root{{color-scheme:light dark}}body{{font:1.15rem/1.6 system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}}
progress{{width:100%;height:1rem;accent-color:#5b2350}}</style>
<h1>La démonstration se prépare</h1>
<p>{words}</p><p><progress max="{total}" value="{done}" aria-label="{words}"></progress></p>
<p lang="en">The demonstration is being made. This page opens it by itself. Everyone in it is invented.</p></html>"""
ANSWER = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html; charset=utf-8\r\nRetry-After: 2\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
LONGEST_REQUEST = 65536


@dataclass
class Preparing:
    """Answers every visit on `listener` with how far things are, until stopped."""

    listener: socket.socket
    total: int
    words: str = "…"
    done: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def step(self, words: str) -> None:
        self.words, self.done = words, min(self.done + 1, self.total)

    def __enter__(self) -> Preparing:
        self.listener.settimeout(0.2)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        self.listener.settimeout(None)

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                visit, _address = self.listener.accept()
            except TimeoutError:
                continue
            with visit:
                self._answer(visit)

    def _answer(self, visit: socket.socket) -> None:
        visit.settimeout(1)
        try:
            visit.recv(LONGEST_REQUEST)
            body = PAGE.format(words=html.escape(self.words), total=self.total, done=self.done).encode()
            visit.sendall(ANSWER.format(length=len(body)).encode() + body)
        except OSError:
            return  # the visitor left
