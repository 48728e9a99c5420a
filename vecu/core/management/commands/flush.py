"""Empty the database, journal included: lifts the journal's triggers for the time it takes."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.flush import Command as Flush

from vecu.core import journal


class Command(Flush):
    def handle(self, **options: Any) -> None:
        with journal.unlocked():
            super().handle(**options)
