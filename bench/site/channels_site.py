"""The same stream made with Channels: server-sent events and websockets on a group of the in-memory layer."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.site.settings")

import django

django.setup()

from channels.generic.http import AsyncHttpConsumer  # noqa: E402
from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import get_channel_layer  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402


class Say(AsyncHttpConsumer):
    async def handle(self, body: bytes) -> None:
        await get_channel_layer().group_send("bench", {"type": "changed"})
        await self.send_response(200, b"said")


class Stream(AsyncHttpConsumer):
    async def handle(self, body: bytes) -> None:
        await self.channel_layer.group_add("bench", self.channel_name)
        await self.send_headers(headers=[(b"Content-Type", b"text/event-stream")])
        await self.send_body(b":\n\n", more_body=True)

    async def http_request(self, message: Any) -> None:
        # The generic consumer ends after `handle`; a stream stays.
        await self.handle(b"")

    async def changed(self, event: Any) -> None:
        await self.send_body(b"id: 1\ndata: changed\n\n", more_body=True)


class Socket(AsyncWebsocketConsumer):
    groups = ["bench"]

    async def changed(self, event: Any) -> None:
        await self.send(text_data="changed")


application = ProtocolTypeRouter(
    {
        "http": URLRouter([path("say/<str:name>", Say.as_asgi()), path("live/<str:name>", Stream.as_asgi())]),
        "websocket": URLRouter([path("live/<str:name>", Socket.as_asgi())]),
    }
)
