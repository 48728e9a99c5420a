"""Says what waits and what was given up, with what to mend."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count, Min
from django.utils import timezone

from vecu.core import jobs, mail
from vecu.core.tables import Job, JobState

# What the last error of a letter means for whoever looks after the machine.
MEANING = {
    "ConnectionRefusedError": "nothing listens at the mail server's address: check VECU_SMTP_HOST and VECU_SMTP_PORT",
    "gaierror": "the mail server's name is not known: check VECU_SMTP_HOST",
    "TimeoutError": "the mail server does not answer in time: it is overloaded, or a firewall is in between",
    "SMTPServerDisconnected": "the mail server cuts the line: look at its log at this hour",
    "SMTPAuthenticationError": "the mail server refuses our account: check VECU_SMTP_USER and VECU_SMTP_PASSWORD",
    "SMTPNotSupportedError": "the mail server does not speak STARTTLS: check VECU_SMTP_TLS",
    "SMTPSenderRefused": "the mail server refuses our sender: check VECU_MAIL_FROM",
    "SMTPRecipientsRefused": "the mail server refuses the address",
    "SMTPDataError": "the mail server refuses the letter: check SPF, DKIM and DMARC, and lists of blocked senders",
    "BadHeaderError": "the letter is malformed: report it",
}


class Command(BaseCommand):
    help = "Says which jobs and letters wait or were given up, and why. --retry gives those given up a new start."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--retry", action="store_true", help="start again what was given up")

    def handle(self, *, retry: bool, **options: Any) -> None:
        if not jobs.worker_is_alive():
            self.stdout.write("No worker runs: nothing leaves. Start `manage.py worker`, or `manage.py serve`.")
        waiting = Job.objects.filter(state=JobState.QUEUED, run_at__lte=timezone.now())
        tried = Job.objects.filter(state=JobState.QUEUED, attempts__gt=0)
        self.stdout.write(
            f"{waiting.count()} due, {tried.count()} to be tried again, {jobs.failed().count()} given up."
        )
        for title, rows in (("To be tried again", tried), ("Given up", jobs.failed())):
            self._tell(title, rows)
        if retry:
            for row in jobs.failed():
                jobs.retry(row)
            self.stdout.write("Those given up start again now.")

    def _tell(self, title: str, rows: Any) -> None:
        lines = rows.order_by().values_list("kind", "error").annotate(Count("pk"), Min("run_at"))
        for kind, error, count, next_at in sorted(lines, key=lambda line: line[:2]):
            meaning = MEANING.get(error, "look for it in the log") if kind == mail.KIND else "look for it in the log"
            when = f", next at {timezone.localtime(next_at):%H:%M}" if title != "Given up" else ""
            name = "letters" if kind == mail.KIND else kind
            self.stdout.write(f"  {title}: {count} × {name}{when}. {error}: {meaning}.")
