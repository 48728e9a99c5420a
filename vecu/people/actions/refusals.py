"""« Déjà refusé »: someone sent away for good reason who comes back under another name is recognised by their address.

Only a mark of the address is kept, five years, erasure included: it says nothing of anybody, and answers one
question of those who coordinate in the same organisation. A human decides what to do with the answer.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people import erasures
from vecu.people.actions import addresses
from vecu.people.actor import Actor, system
from vecu.people.models import Organisation, Person, RefusedAddress
from vecu.people.policy import Can
from vecu.people.querysets import RefusedAddressQuerySet


@transaction.atomic
def remember_refusal(person_id: UUID, organisation_id: UUID, *, now: datetime | None = None) -> None:
    """Keep the mark of the address this person proved to read; one merely given may be somebody else's."""
    person = Person.objects.select_related("user").get(pk=person_id)
    organisation = Organisation.objects.get(pk=organisation_id)
    if person.user is not None and person.user.last_login is not None:
        mark, refused_at = addresses.mark_of(person.user.email), now or timezone.now()
        RefusedAddress.objects.update_or_create(
            organisation=organisation, mark=mark, defaults={"refused_at": refused_at}
        )
    journal.write(system(organisation.pk), "person.refuse", organisation, subject=person)


@transaction.atomic
def lift_refusal(person: Person, *, actor: Actor) -> None:
    """Those who coordinate give another chance: the marks are forgotten."""
    require(actor, Can.MANAGE_MEMBERS)
    require(actor, Can.SEE_PEOPLE, person)
    gone, _by = _refusals(actor, person.user.email if person.user else person.contact_email).delete()
    if not gone:
        raise Refused("not_refused", _("This person was not refused here."))
    journal.write(actor, "person.refusal_lift", person, subject=person)


def was_refused(actor: Actor, address: str) -> datetime | None:
    """When this address was refused in the organisation acted for; never said of another organisation."""
    return _refusals(actor, address).values_list("refused_at", flat=True).first() if address else None


def _refusals(actor: Actor, address: str) -> RefusedAddressQuerySet:
    found: RefusedAddressQuerySet = RefusedAddress.objects.visible_to(actor)
    return found.filter(mark=addresses.mark_of(address))


def _preview(person: Person) -> list[erasures.Fate]:
    mark = addresses.mark_of(person.user.email) if person.user else ""
    if not RefusedAddress.objects.filter(mark=mark).exists():
        return []
    why = _("So that a return is recognised, for five years; it says nothing of anybody.")
    return [erasures.Fate(_("A mark of your address, where you were refused"), is_erased=False, why=why)]


erasures.register(erasures.Part(preview=_preview, erase=lambda person: None))
