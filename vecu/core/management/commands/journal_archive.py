"""Print the part of the journal kept three years: for a request of the law, answered by a human."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vecu.core import forgetting


class Command(BaseCommand):
    help = "Prints the journal entries older than a year that are kept three, one JSON object a line."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--about", help="identifier of the person concerned")

    def handle(self, *, about: str | None, **options: Any) -> None:
        try:
            subject = UUID(about) if about else None
        except ValueError as error:
            raise CommandError("--about takes the identifier of a person, as the journal shows it.") from error
        for entry in forgetting.archived(subject):
            self.stdout.write(json.dumps(entry, ensure_ascii=False))
