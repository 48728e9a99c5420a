"""Takes a backup now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from vecu.core import backup


class Command(BaseCommand):
    help = "Copies the database while it is used: one file for the data, one for the vault. Each is checked."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="folder (default: backups, in the instance's folder)")

    def handle(self, *, to: Path | None, **options: Any) -> None:
        try:
            taken = backup.take(to or backup.folder(), timezone.now())
        except (backup.BackupWrong, OSError) as error:
            raise CommandError(f"No backup was taken: {error}") from error
        self.stdout.write(f"{taken.data}\n{taken.vault}")
        self.stdout.write("Copy both to another machine, and the key file to a third place.")
