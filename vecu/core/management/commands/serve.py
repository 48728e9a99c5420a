"""Starts a whole instance on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from config import serve
from vecu.core import keys


class Command(BaseCommand):
    help = "Prepares the database and the static files, then serves pages, streams and jobs until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--ready", action="store_true", help="the database and the static files are prepared")

    def handle(self, *, host: str, port: int, ready: bool, **options: Any) -> None:
        os.umask(0o077)
        keys.make_private_folder(Path(settings.VAR))
        if not ready:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("collectstatic", verbosity=0, interactive=False)
        self.stdout.write(f"Vécu: http://{host}:{port}/   (Ctrl-C to stop)")
        self.stdout.flush()
        # Links in letters and on posters lead here, unless the environment says by which address people come.
        os.environ.setdefault("VECU_URL", f"http://{host}:{port}")
        os.chdir(settings.ROOT)
        serve.Supervisor(serve.children(host, port), self.stdout.write).run()
