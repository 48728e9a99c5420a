"""Renews keys: the one that wraps, or those that seal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from vecu.core import keys, rotation, vault
from vecu.core.tables import DataKey


class Command(BaseCommand):
    help = "Renews the wrapping key (quick), or with --data every data key (seals all texts again). Can be resumed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", action="store_true", help="new data keys; every sealed value is sealed again")
        parser.add_argument("--before", help="with --data: only keys older than this moment (to resume)")
        parser.add_argument("--rewrap-only", action="store_true", help="finish an interrupted renewal")
        parser.add_argument("--retire", type=int, metavar="N", help="forget wrapping key N, no longer used")

    def handle(self, *, data: bool, before: str | None, rewrap_only: bool, retire: int | None, **options: Any) -> None:
        if retire is not None:
            self._retire(retire)
        elif data:
            self._renew_data(before)
        else:
            self._renew_wrapping(rewrap_only)

    def _renew_wrapping(self, rewrap_only: bool) -> None:
        if not rewrap_only:
            keys.add_key(settings.KEY_FILE)
        total = 0
        while count := vault.rewrap():
            total += count
        current = keys.load(settings.KEY_FILE).current
        self.stdout.write(f"{total} keys wrapped with key {current}. Back up the key file now, apart from the data.")

    def _renew_data(self, before: str | None) -> None:
        moment = parse_datetime(before) if before else timezone.now()
        if moment is None or timezone.is_naive(moment):
            raise CommandError("--before wants a moment with its zone, as 2026-11-21T10:00:00+01:00")
        self.stdout.write(f"To resume: --data --before {moment.isoformat()}")
        renewed = rotation.start(moment)
        try:
            rotation.settle()
        except rotation.StillWriting as error:
            raise CommandError("Something has been writing for a long time: run this again in a while.") from error
        values = rotation.seal_again()
        if left := rotation.finish():
            raise CommandError(f"{left} values are still under an old key: run this again to finish.")
        self.stdout.write(f"{renewed} keys renewed, {values} values sealed again, nothing left under an old key.")

    def _retire(self, version: int) -> None:
        if version == keys.load(settings.KEY_FILE).current:
            raise CommandError("That is the current key: renew it first.")
        if DataKey.objects.filter(wrapped_with=version, destroyed_at__isnull=True).exists():
            raise CommandError(f"Key {version} still wraps some keys: run rotate_keys --rewrap-only first.")
        keys.retire_key(settings.KEY_FILE, version)
        self.stdout.write(f"Key {version} is forgotten. Vault backups older than today need the old key file.")
