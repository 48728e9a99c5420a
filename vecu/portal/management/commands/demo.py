"""Make the demo world, once, and serve it."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from config import serve
from vecu.core import keys
from vecu.people.models import Organisation
from vecu.portal import demo, seed
from vecu.portal.preparing import Preparing

HOST = "127.0.0.1"
STEPS = 3 + len(seed.STEPS)


class Command(BaseCommand):
    help = "Makes the demo's database and its invented world, or keeps them if they are there; then serves it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--no-serve", action="store_true", help="only make the world")

    def handle(self, *, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is only made with config.settings.demo (make demo).")
        os.umask(0o077)
        keys.make_private_folder(Path(settings.VAR))
        if no_serve:
            self.make(lambda words: None)
            return
        listener = self.listen(port)
        self.stdout.write(f"Vécu, the demo: http://{HOST}:{port}/   (Ctrl-C to stop)")
        self.stdout.write(f"To try a passkey, use http://localhost:{port}/: browsers refuse them on a bare number.\n")
        self.say_who()
        with Preparing(listener, STEPS) as page:
            self.make(page.step)
        connection.close()
        # Links in letters and on posters lead to this demo, on its own port.
        os.environ.setdefault("VECU_URL", f"http://{HOST}:{port}")
        os.chdir(settings.ROOT)
        serve.Supervisor(serve.children(HOST, port, listener), self.stdout.write).run()

    def listen(self, port: int) -> socket.socket:
        try:
            return socket.create_server((HOST, port), backlog=256)
        except OSError as error:
            raise CommandError(f"Port {port} is taken. Choose another one: make demo PORT={port + 1}") from error

    def make(self, step: Callable[[str], None]) -> None:
        started = time.monotonic()
        step("La base de données")
        call_command("migrate", verbosity=0, interactive=False)
        step("Les images et les styles")
        call_command("collectstatic", verbosity=0, interactive=False)
        if Organisation.objects.exists():
            self.stdout.write("The demo world is as you left it (make demo-reset starts over).")
        else:
            seed.load(timezone.now(), step)
            self.stdout.write(f"The demo world was made in {time.monotonic() - started:.0f} s.")
        self.stdout.flush()

    def say_who(self) -> None:
        self.stdout.write("Every person, place and figure in it is invented. One click at /demo/ lets you enter as:")
        for group in demo.doors():
            for door in group.doors:
                self.stdout.write(f"  {door.name:<10} {door.email:<40} {group.title}")
        self.stdout.write("")
        self.stdout.flush()
