"""The site in threads of the test process: pages by WSGI and `/live/` by the real streams, on one port."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any, Self, cast

import uvicorn
from a2wsgi import WSGIMiddleware
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.wsgi import get_wsgi_application

from vecu.core import live, streams

THREADS = 4
STARTS_WITHIN = 20.0


class Server:
    """A context: `url` answers inside it."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        # By name: a passkey is bound to a name, never to an address.
        self.url = f"http://localhost:{self.socket.getsockname()[1]}"
        pages = WSGIMiddleware(cast(Any, StaticFilesHandler(get_wsgi_application())), workers=THREADS)

        async def site(scope: Any, receive: Any, send: Any) -> None:
            await (streams.application if scope["path"].startswith(live.PREFIX) else pages)(scope, receive, send)

        self.uvicorn = uvicorn.Server(uvicorn.Config(site, lifespan="off", log_config=None, ws="none"))
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        asyncio.run(self.uvicorn.serve(sockets=[self.socket]))

    def __enter__(self) -> Self:
        self.thread.start()
        limit = time.monotonic() + STARTS_WITHIN
        while not self.uvicorn.started:
            assert time.monotonic() < limit, "the site did not start"
            time.sleep(0.05)
        return self

    def __exit__(self, *error: object) -> None:
        self.uvicorn.should_exit = self.uvicorn.force_exit = True
        self.thread.join(timeout=STARTS_WITHIN)
        self.socket.close()
