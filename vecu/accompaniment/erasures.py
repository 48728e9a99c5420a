"""What becomes of requests and exchanges when someone asks to be erased. Runs before every other area: what
is going on ends by its own verbs, then the person is taken off the rows that count."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.actions import closing, triage
from vecu.accompaniment.models import Contact, Evaluation, Pair, Proposal, SupportRequest
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person


def preview(person: Person) -> list[Fate]:
    """What was told goes; how many asked and how many met stays."""
    has_asked = SupportRequest.objects.filter(person=person, erased_at=None).exists()
    has_given = Pair.objects.filter(peer__person=person).exists()
    lines = []
    if has_asked:
        lines.append(Fate(_("Everything you told in your requests, and your own words; one still going on is ended")))
    if has_asked or has_given:
        lines += [
            Fate(_("Your name on every meeting, and the words of your answers; a meeting still going on is ended")),
            Fate(
                _("The number of requests, meetings and contacts, with their dates, without you"),
                is_erased=False,
                why=_("The programme is counted and improved with them; they lead to nobody."),
            ),
        ]
    return lines


def erase(person: Person) -> None:
    """End, then cut: a request is emptied as at the end of its time, and nobody is left in its pairs."""
    now = timezone.now()
    closing.stop_accompaniment(person.pk, reason="", actor=system(), now=now)
    for request in SupportRequest.objects.filter(person=person, erased_at=None):
        triage.erase_request(request, now=now)
    closing.forget_beneficiary(Pair.objects.filter(beneficiary=person), now)
    Evaluation.objects.filter(person=person).update(person=None, word=b"", updated_at=now)
    Contact.objects.filter(logged_by=person).update(logged_by=None, updated_at=now)
    Pair.objects.filter(closed_by=person).update(closed_by=None, updated_at=now)
    # Why this peer was suggested says what they lived through; why above what they accept, how they are.
    Proposal.objects.filter(peer__person=person).update(reasons=b"", load_reason=b"", updated_at=now)


register(Part(preview=preview, erase=erase))
