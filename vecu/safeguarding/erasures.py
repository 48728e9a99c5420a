"""What becomes of alerts, reports and requests to talk when someone asks to be erased.

What is closed goes. What a human is still looking at is finished first: nobody disappears from an open alert.
"""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person
from vecu.safeguarding.actions import sealed
from vecu.safeguarding.enums import AlertState, ReportState
from vecu.safeguarding.models import Alert, AlertClock, AlertReview, DutyShift, Report, SealedContact, TalkRequest
from vecu.safeguarding.workflows import TALK


def preview(person: Person) -> list[Fate]:
    """Only what there is: a list of dangers nobody met would frighten."""
    lines = []
    if SealedContact.objects.filter(person=person).exists():
        lines.append(Fate(_("What you had sealed for a case of danger")))
    if TalkRequest.objects.filter(person=person).exists():
        lines.append(Fate(_("Your requests to talk with the psychologist; one still waiting is taken back")))
    if Alert.objects.filter(subject=person, state=AlertState.CLOSED).exists():
        lines.append(Fate(_("The words of closed alerts about you")))
    if Report.objects.filter(reporter=person, state=ReportState.ANSWERED).exists():
        lines.append(Fate(_("The words of your reports that were answered")))
    return [*lines, *_kept(person)]


def _kept(person: Person) -> list[Fate]:
    lines = []
    if _unfinished(person):
        lines.append(
            Fate(
                _("An alert or a report of yours that someone is still looking at"),
                is_erased=False,
                why=_("It may be about somebody’s safety. Its words are erased a year after it is closed."),
            )
        )
    about_others = Alert.objects.filter(opened_by=person).exclude(subject=person).exists()
    if about_others or Report.objects.filter(reported=person).exists():
        lines.append(
            Fate(
                _("Alerts you raised for someone else, and reports others made, without your name"),
                is_erased=False,
                why=_("They protect other people. Their words are erased a year after they are closed."),
            )
        )
    return lines


def _unfinished(person: Person) -> bool:
    alerts = Alert.objects.filter(subject=person).exclude(state=AlertState.CLOSED)
    return alerts.exists() or Report.objects.filter(reporter=person).exclude(state=ReportState.ANSWERED).exists()


def erase(person: Person) -> None:
    """Destroy the keys of what is over, cut the ties, take back what waits; rows stay to be counted."""
    now = timezone.now()
    closed = Alert.objects.filter(subject=person, state=AlertState.CLOSED)
    answered = Report.objects.filter(reporter=person, state=ReportState.ANSWERED)
    talks = TalkRequest.objects.filter(person=person)
    for rows in (closed, answered, talks):
        for key in list(rows.values_list("vault_id", flat=True)):
            vault.destroy(key)
    closed.update(subject=None, updated_at=now)
    Alert.objects.filter(opened_by=person).update(opened_by=None, updated_at=now)
    for talk in talks.waiting():
        TALK.apply(talk, "withdraw", actor=system(talk.organisation_id), done_at=now)
    sealed.forget_contact(person.pk)
    AlertReview.objects.filter(person=person).update(person=None, updated_at=now)
    AlertClock.told.through.objects.filter(person=person).delete()
    DutyShift.objects.filter(person=person, ends_at__gt=now).delete()


register(Part(preview=preview, erase=erase))
