"""What becomes of answers to missions when somebody asks to be erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.missions.models import MissionAnswer
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person


def preview(person: Person) -> list[Fate]:
    if not MissionAnswer.objects.filter(peer__person=person).exists():
        return []
    return [Fate(_("What you were asked by wards, faculties and researchers, and what you answered"))]


def erase(person: Person) -> None:
    MissionAnswer.objects.filter(peer__person=person).delete()


register(Part(preview=preview, erase=erase))
