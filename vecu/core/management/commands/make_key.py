"""Makes the keys of a new instance, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from vecu.core import keys


class Command(BaseCommand):
    help = "Makes the key file of a new instance, or with --backup the two halves that seal and open its backups."
    requires_system_checks = []  # they refuse to go on without the key made here

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--backup", type=Path, metavar="FOLDER", help="make the pair for backups, in this folder")

    def handle(self, *, backup: Path | None, **options: Any) -> None:
        try:
            if backup is None:
                self._make_key_file(Path(settings.KEY_FILE))
            else:
                self._make_pair(backup / "backup-private.pem", backup / "backup-public.pem")
        except OSError as error:
            raise CommandError(f"Nothing was made: {error}") from error

    def _make_key_file(self, path: Path) -> None:
        _refuse_if_there(path)
        keys.ensure_key_file(path)
        self.stdout.write(f"{path}\nCopy it now, where no copy of the database is. Without it nothing can be read.")

    def _make_pair(self, private: Path, public: Path) -> None:
        _refuse_if_there(private, public)
        pair = X25519PrivateKey.generate()
        keys.write_once(private, pair.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        keys.write_once(public, pair.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        self.stdout.write(f"{private}\n{public}\nOnly the public half goes to the server (VECU_BACKUP_KEY).")


def _refuse_if_there(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise CommandError(f"{path} is already there: nothing was changed.")
