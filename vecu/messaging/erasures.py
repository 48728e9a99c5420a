"""What becomes of exchanges when one of the two asks to be erased.

What someone sent is also what somebody else received: it stays in that copy, under no name, until the date on
which the whole exchange is erased. When nobody is left to read it, it goes at once.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import scrub
from vecu.messaging.actions import threads
from vecu.messaging.enums import ThreadState
from vecu.messaging.models import Message, Notice, Participant, Thread
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person

# Stored, since it replaces what was stored: French, like every pseudonym. Pages say it in the reader's language.
GONE = "personne supprimée"


def preview(person: Person) -> list[Fate]:
    """Exchanges and notices; nothing is said of exchanges to whoever never had any."""
    lines = [Fate(_("The notices sent to you"))]
    seats = Participant.objects.filter(person=person).exclude(thread__state=ThreadState.ERASED)
    if seats.exists():
        lines += [
            Fate(_("Your pseudonym, and your own copy of your exchanges: an exchange still open is ended")),
            Fate(
                _("What you wrote, in the copy of the person who received it, signed « deleted person »"),
                is_erased=False,
                why=_("What was sent to someone is also theirs. It is erased for good three months after the end."),
            ),
        ]
    return lines


@transaction.atomic
def erase(person: Person) -> None:
    """End what is open, take the name off every seat, erase what nobody can read any more."""
    now = timezone.now()
    for thread in Thread.objects.open().filter(participants__person=person):
        threads.close_thread(thread, actor=system(thread.organisation_id), now=now)
    seats = Participant.objects.filter(person=person)
    seats.filter(left_at=None).update(left_at=now)
    seats.update(handle=GONE, shows_first_name=False, shows_reading=False, last_read_at=None, updated_at=now)
    for thread in Thread.objects.filter(participants__person=person, state=ThreadState.CLOSED):
        if not _is_needed(thread, person):
            threads.erase_thread(thread, now)
    Notice.objects.filter(person=person).delete()


def _is_needed(thread: Thread, person: Person) -> bool:
    """Someone may still read it, or a line was reported and must be looked at."""
    readers = Participant.objects.filter(thread=thread, left_at=None, person__erased_at=None).exclude(person=person)
    return readers.exists() or Message.objects.filter(thread=thread, reported_at__isnull=False).exists()


register(Part(preview=preview, erase=erase))
scrub.table("messaging.Participant")
