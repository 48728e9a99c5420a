"""Puts a backup in place of the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vecu.core import backup, tombstones


class Command(BaseCommand):
    help = "Restores a backup; what was erased since it was taken is erased again. Stop the web and the worker first."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("data", type=Path, help="data-….sqlite3 or data-….dump, sealed or not")
        parser.add_argument("vault", type=Path, help="vault-…. of the same moment or later")
        parser.add_argument("--identity", type=Path, help="private key of sealed backups")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, data: Path, vault: Path, identity: Path | None, yes: bool, **options: Any) -> None:
        if not yes and input("The present database will be put aside. Type yes to go on: ") != "yes":
            raise CommandError("Nothing was changed.")
        try:
            backup.restore(data, vault, identity)
        except (backup.BackupWrong, OSError) as error:
            raise CommandError(f"Nothing was restored: {error}") from error
        call_command("migrate", verbosity=0, interactive=False)
        erased = tombstones.apply()
        call_command("verify_journal", stdout=self.stdout)
        self.stdout.write(f"Restored; {erased} things erased since the backup were erased again.")
