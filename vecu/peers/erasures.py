"""What becomes of a patient partner's file when the person asks to be erased."""

from __future__ import annotations

from django.utils.translation import gettext as _

from vecu.peers import actions
from vecu.peers.models import Clearance, ImportDraft, Peer
from vecu.people.actor import system
from vecu.people.erasures import Fate, Part, register
from vecu.people.models import Person


def preview(person: Person) -> list[Fate]:
    """Nothing for someone who was never a patient partner."""
    if not Peer.objects.filter(person=person).exists():
        return []
    return [
        Fate(_("How you introduce yourself, what you lived through, your limits and your availability")),
        Fate(_("The dates of your training, agreements and insurance")),
        Fate(
            _("One line saying that a patient partner was engaged here, from which day to which day"),
            is_erased=False,
            why=_("The people followed are counted by it; it has no name and leads to nobody."),
        ),
    ]


def erase(person: Person) -> None:
    """The key of the file goes, then what hangs on it; spreadsheets being read go with whoever brought them."""
    for peer in Peer.objects.filter(person=person).select_related("person"):
        actions.erase_peer(peer, actor=system(peer.organisation_id))
    Clearance.objects.filter(peer__person=person).delete()
    actions.erase_drafts(ImportDraft.objects.filter(by=person))


register(Part(preview=preview, erase=erase))
