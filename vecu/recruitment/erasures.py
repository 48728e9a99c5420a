"""What becomes of applications and interviews when someone asks to be erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.core import vault
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person
from vecu.recruitment.actions import applications
from vecu.recruitment.models import Application, InterviewNote, InterviewSlot


def preview(person: Person) -> list[Fate]:
    """Their own application goes; so do the private notes of someone who held interviews."""
    lines = []
    if Application.objects.filter(person=person).exists():
        lines.append(Fate(_("Your application, your interviews and the letters you received")))
    if InterviewNote.objects.filter(author=person).exists():
        lines.append(Fate(_("Your private notes of interviews")))
    return lines


def erase(person: Person) -> None:
    """Keys first; hours offered go too, those held stay as a code and a date in the file of whoever was met."""
    applications.erase_all(Application.objects.filter(person=person), system())
    for note in InterviewNote.objects.filter(author=person):
        note.delete()
        vault.destroy(note.vault_id)
    InterviewSlot.objects.filter(host=person).delete()


register(Part(preview=preview, erase=erase))
