"""Streams and pages on one port, in one process.

`/live/` goes to the raw ASGI application of `vecu.core.streams`; everything else to the WSGI application of the
pages, in eight threads. The one-command mode serves all with this; in production gunicorn serves the pages
(config.wsgi) and the proxy sends only `/live/` here. docs/decisions/0004-one-process.md says why.
"""

import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")

from a2wsgi import WSGIMiddleware

from config.wsgi import application as wsgi_application
from vecu.core import live, streams

THREADS = 8
pages = WSGIMiddleware(cast(Any, wsgi_application), workers=THREADS)


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await _live_and_die(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"].startswith(live.PREFIX):
        await streams.application(scope, receive, send)
    else:
        await pages(scope, receive, send)


async def _live_and_die(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
