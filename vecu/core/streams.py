"""`/live/<channel>`: the raw ASGI application behind `core.live`, one coroutine per reader."""

from __future__ import annotations

import asyncio
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, unquote

from django.conf import settings
from django.db import Error

from vecu.core import live


async def application(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    """`GET /live/<channel>`: a stream for who may listen, 403 for others, the same for a channel that is not."""
    if scope["method"] != "GET":
        return await _refuse(send, 405)
    name = unquote(scope["path"]).removeprefix(live.PREFIX)
    session_key = _session_key(scope)
    centre = live.hub()
    try:
        user_id = await centre.ask(live.may_listen, session_key, name) if session_key else None
        if user_id is None:
            return await _refuse(send, 403)
        if centre.is_full_for(user_id):
            return await _refuse(send, 503)
        reader = live.Reader(send, name, session_key, user_id)
        centre.add(reader)
    except Error:
        return await _refuse(send, 503)
    try:
        await reader.open(await centre.ask(live.latest, name), _since(scope))
        # Nothing more to read from the page: this waits for it to leave, or for the stream to be closed.
        while (await receive())["type"] != "http.disconnect":
            pass
    except asyncio.CancelledError:
        reader.push(b"", more=False)  # the server stops: the page will come back to the next one
    finally:
        centre.remove(reader)


async def _refuse(send: live.Send, status: int) -> None:
    # 204 would tell EventSource to stop; 403 and 503 do too: the page falls back to being loaded again.
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store"), (b"retry-after", b"30")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _session_key(scope: live.Scope) -> str:
    cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        found = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return found.value if found is not None else ""


def _since(scope: live.Scope) -> int | None:
    """The last signal the page knows of, from a reconnection or from its own address."""
    headers = dict(scope["headers"])
    asked = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    text = headers.get(b"last-event-id", b"").decode("latin-1") or asked.get("since", [""])[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
