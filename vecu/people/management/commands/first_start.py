"""Ask for the organisation and its first coordinator, once, when an instance starts for the first time."""

from __future__ import annotations

import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from vecu.people import actions
from vecu.people.enums import OrganisationKind
from vecu.people.tasks import invitation_link

KINDS = [kind.value for kind in OrganisationKind]


class Command(BaseCommand):
    help = "Create the first organisation and the link by which its coordinator comes in. Does nothing afterwards."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organisation", help="name of the organisation")
        parser.add_argument("--kind", choices=KINDS, help="what it is")
        parser.add_argument("--coordinator", help="e-mail of its first coordinator")
        parser.add_argument("--if-needed", action="store_true", help="say nothing when it is already done")

    def handle(self, *args: Any, **options: Any) -> None:
        if actions.has_started():
            if not options["if_needed"]:
                self.stdout.write("This instance already has an organisation: invite people from its pages.")
            return
        name = options["organisation"] or self.ask("Name of the organisation", "--organisation")
        kind = options["kind"] or self.ask(f"Kind ({', '.join(KINDS)})", "--kind")
        address = options["coordinator"] or self.ask("E-mail of its first coordinator", "--coordinator")
        self.refuse_wrong(name, kind, address)
        with transaction.atomic():
            actions.publish_texts()
            token = actions.start_instance(name=name, kind=OrganisationKind(kind), coordinator_email=address)
        self.stdout.write(
            f"\n{name} is created. Its coordinator opens this address within seven days, on this computer:\n\n"
            f"    {invitation_link(token)}\n"
        )

    def ask(self, question: str, option: str) -> str:
        """On a terminal, a question; otherwise the option that is missing."""
        if not sys.stdin.isatty():
            raise CommandError(f"No terminal to ask on: give {option} (see first_start --help).")
        return input(f"{question}: ").strip()

    def refuse_wrong(self, name: str, kind: str, address: str) -> None:
        if not name.strip():
            raise CommandError("The organisation needs a name.")
        if kind not in KINDS:
            raise CommandError(f"{kind!r} is none of {', '.join(KINDS)}.")
        try:
            validate_email(address)
        except ValidationError as error:
            raise CommandError(f"{address!r} is not an e-mail address.") from error
