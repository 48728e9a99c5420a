"""What becomes of someone's training when they ask to be erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person
from vecu.training import actions
from vecu.training.models import Attestation, Equivalence, Trainee


def preview(person: Person) -> list[Fate]:
    """Nothing for someone who never followed a course here."""
    lines = []
    if Trainee.objects.filter(person=person).exists() or Equivalence.objects.filter(person=person).exists():
        lines.append(
            Fate(
                _(
                    "The courses you followed, your papers, where you said you stand, your diary, and the diplomas you sent"
                )
            )
        )
    if Trainee.objects.filter(person=person, has_reviewed=True).exists():
        lines.append(
            Fate(
                _("What you answered about a course, among the answers of the others"),
                is_erased=False,
                why=_("Nothing tells which answers are yours: nobody could take them out."),
            )
        )
    if Attestation.objects.filter(person=person).exists():
        lines.append(Fate(_("Your attestations: their code no longer opens anything. Keep their PDF first")))
        lines.append(
            Fate(
                _("The number of each attestation, without your name"),
                is_erased=False,
                why=_("Attestations are numbered one after another; it leads to nobody."),
            )
        )
    return lines


def erase(person: Person) -> None:
    actions.erase_training(person.pk)


register(Part(preview=preview, erase=erase))
