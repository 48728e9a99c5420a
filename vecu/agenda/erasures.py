"""What becomes of places and presence when someone asks to be erased."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda.actions import enrolments
from vecu.agenda.models import Attendance, CalendarFeed, Enrolment
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person


def preview(person: Person) -> list[Fate]:
    """Only what there is."""
    lines = []
    if Enrolment.objects.standing().filter(person=person).exists():
        lines.append(Fate(_("Your places in gatherings to come: they go to those who wait")))
    if CalendarFeed.objects.filter(person=person).exists():
        lines.append(Fate(_("The address of your calendar: it opens nothing any more")))
    if Attendance.objects.filter(person=person).exists():
        lines += [
            Fate(_("Your signatures on attendance lists")),
            Fate(
                _("How many people were there, each half-day, without your name"),
                is_erased=False,
                why=_("The hours given are counted by it; it leads to nobody."),
            ),
        ]
    return lines


def erase(person: Person) -> None:
    """Places to come are given back, signatures and the calendar go; lines of presence stay, to be counted."""
    enrolments.withdraw_everywhere(person.pk, actor=system())
    CalendarFeed.objects.filter(person=person).delete()
    Enrolment.objects.filter(person=person).update(load_reason="", updated_at=timezone.now())
    Attendance.objects.filter(person=person).update(signature="", updated_at=timezone.now())


register(Part(preview=preview, erase=erase))
