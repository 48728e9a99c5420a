"""The process of the live streams, where pages have gunicorn to themselves."""

from __future__ import annotations

from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandParser

from config import serve


class Command(BaseCommand):
    help = "Serves /live/ (and, if asked, pages) on one port. The proxy sends only /live/ here."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        uvicorn.run(
            "config.asgi:application",
            host=host,
            port=port,
            access_log=False,
            server_header=False,
            log_level="warning",
            proxy_headers=False,  # who is behind a proxy is decided in one place: vecu/core/proxies.py
            timeout_keep_alive=serve.KEEP_ALIVE,
            timeout_graceful_shutdown=serve.STREAMS_END,
        )
