"""Check the chains of the journal and the signed anchors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vecu.core import journal
from vecu.core.tables import JournalEntry


class Command(BaseCommand):
    help = "Checks that the journal is what was written. Give the copy of the anchors kept elsewhere if you can."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anchors", type=Path, help="folder of anchors copied to another machine")

    def handle(self, *, anchors: Path | None, **options: Any) -> None:
        faults = journal.verify(anchors)
        if faults:
            raise CommandError("The journal was tampered with:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.stdout.write(f"{JournalEntry.objects.count()} entries, chains and anchors untouched.")
        if anchors is None:
            self.stdout.write("Anchors on this machine prove nothing against whoever runs it: check with the copy.")
