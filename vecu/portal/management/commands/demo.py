"""Make the demo world, once."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vecu.people.models import Organisation
from vecu.portal import demo, seed


class Command(BaseCommand):
    help = "Makes the demo's database and its invented world; keeps them if they are there."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is only made with config.settings.demo (make demo).")
        started = time.monotonic()
        call_command("migrate", verbosity=0)
        if Organisation.objects.exists():
            self.stdout.write("The demo world is kept as you left it (make demo-reset starts over).")
        else:
            self.stdout.write("Making the demo world…")
            self.stdout.flush()
            seed.load(timezone.now())
            self.stdout.write(f"Done in {time.monotonic() - started:.1f} s.")
        self.stdout.write("\nEvery person, place and figure in it is invented. Enter as, in one click at /demo/:")
        for group in demo.doors():
            for door in group.doors:
                self.stdout.write(f"  {door.name:<10} {door.email:<40} {group.title}")
        self.stdout.write("")
