"""What becomes of someone's hours and claims when they ask to be erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person
from vecu.recognition import actions
from vecu.recognition.enums import SETTLED, ClaimState
from vecu.recognition.models import Activity, Claim


def preview(person: Person) -> list[Fate]:
    """Only what there is. What the law of accounts keeps is said as it is."""
    lines, mine = [], Claim.objects.filter(person=person)
    if mine.exclude(state__in=SETTLED).exists():
        lines.append(Fate(_("Your claims that are not paid yet, with their receipts")))
    if mine.filter(state=ClaimState.APPROVED).exists():
        lines.append(Fate(_("A claim was accepted and is still to be paid: have it paid first, or it is lost")))
    if mine.filter(state__in=SETTLED).exists():
        lines.append(
            Fate(
                _("Claims paid or left as a gift: your name, the journey, the amounts and the receipts"),
                is_erased=False,
                why=_(
                    "They prove the accounts, which the law has kept ten years (Code de commerce, L.123-22). They are "
                    "sealed apart, and destroyed after that."
                ),
            )
        )
    if Activity.objects.filter(person=person).exists():
        lines.append(
            Fate(
                _("The hours you gave, without your name"),
                is_erased=False,
                why=_("The hours of volunteers are counted by them; they lead to nobody."),
            )
        )
    return lines


def erase(person: Person) -> None:
    actions.erase_recognition(person.pk)


register(Part(preview=preview, erase=erase))
