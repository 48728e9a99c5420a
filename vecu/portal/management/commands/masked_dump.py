"""A copy of this instance in which nobody is, for whoever mends the software."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from vecu.core.masked import Rules, copy_masked

RULES = Rules(
    kept=frozenset(
        {
            "people.User.language",
            "people.Person.languages",
            "people.Consent.language",
            "people.AwaitedAddress.language",
            "people.DataCopy.language",
            "peers.Peer.profiles",
            "peers.Peer.channels",
            "peers.Peer.slots",
            "messaging.Notice.url_name",
            "messaging.Notice.url_key",
            "safeguarding.AlertClock.step",
            "accompaniment.Programme.follow_up_weeks",
            "accompaniment.SupportRequest.languages",
            "accompaniment.SupportRequest.call_parts",
            "accompaniment.PlanLine.waiting_code",
        }
    ),
    blanked=frozenset({"people.Person.birth_year"}),
    emptied=frozenset(
        {
            # secrets and sessions
            *("sessions.Session", "mfa.Authenticator", "usersessions.UserSession"),
            *("account.EmailAddress", "account.EmailConfirmation", "auth.Permission", "auth.Group"),
            # what waits to leave, what was counted, what was heard
            *("core.Job", "core.WorkerBeat", "core.OnceKey", "core.LiveSignal", "people.Throttle"),
            # traces: a masked journal proves nothing
            "core.JournalEntry",
            # health, without which the rest still hangs together
            *("peers.LivedExperience", "peers.ImportDraft", "accompaniment.RequestDraft", "accompaniment.UnmetNeed"),
            *("people.DataCopy", "people.DataCopyPiece", "people.RefusedAddress"),
        }
    ),
)


class Command(BaseCommand):
    help = "Makes a masked copy of the data in FOLDER/vecu.sqlite3: its shape, and nobody in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="an empty folder, or one to make")

    def handle(self, *, folder: Path, **options: Any) -> None:
        try:
            rows = copy_masked(folder, RULES)
        except FileExistsError as error:
            raise CommandError(f"{error.filename} is there already. Name another folder.") from error
        self.stdout.write(f"{rows} rows in {folder / 'vecu.sqlite3'}. To open it: VECU_VAR={folder} make run")
