"""Links by which wards, faculties and researchers ask."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.missions.models import MissionDoor
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can

# No letter or digit is taken for another one; no vowel, so that no word comes out.
SIGNS, LENGTH = "bcdfghjkmnpqrtvwxz2346789", 12


@transaction.atomic
def open_door(organisation: Organisation, *, actor: Actor, label: str) -> MissionDoor:
    """A link for one ward, faculty or laboratory."""
    require(actor, Can.MANAGE_MISSIONS, organisation)
    label = " ".join(label.split())
    if not 2 <= len(label) <= 120:
        raise Refused("no_label", _("Say whose link it is: a ward, a faculty, a laboratory."))
    token = "".join(secrets.choice(SIGNS) for _sign in range(LENGTH))
    door = MissionDoor.objects.create(organisation=organisation, label=label, token=token)
    journal.write(actor, "mission_door.open", door)
    return door


@transaction.atomic
def set_door(door: MissionDoor, *, actor: Actor, is_open: bool) -> MissionDoor:
    """Close a link, or open it again as it was."""
    require(actor, Can.MANAGE_MISSIONS, door)
    door.is_open = is_open
    door.save(update_fields=["is_open", "updated_at"])
    journal.write(actor, "mission_door.reopen" if is_open else "mission_door.close", door)
    return door


def find_door(token: str) -> MissionDoor | None:
    """The open link of this token; capitals and spaces do not matter."""
    key = "".join(sign for sign in token.casefold() if sign.isalnum())
    return MissionDoor.objects.select_related("organisation").filter(token=key, is_open=True).first()
