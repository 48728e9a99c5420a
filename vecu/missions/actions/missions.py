"""A mission arrives: by a link, or on the phone; and the end of its time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import dates, journal, vault
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.core.events import publish
from vecu.missions import letters
from vecu.missions.actions import rows
from vecu.missions.events import MissionReceived
from vecu.missions.models import Mission, MissionDoor
from vecu.peers import terms
from vecu.people.actor import Actor
from vecu.people.models import Organisation
from vecu.people.policy import Can

SHORTEST, LONGEST, FURTHEST = timedelta(minutes=10), timedelta(hours=6), timedelta(days=730)
SEALED = ("asker", "email", "phone", "words")
TOLD = (*("purpose", "wanted", "code", "kind", "starts_at", "ends_at", "place", "pay"), *SEALED)


@transaction.atomic
def receive_mission(
    organisation: Organisation,
    *,
    actor: Actor,
    door: MissionDoor | None = None,
    now: datetime | None = None,
    **told: Any,
) -> Mission:
    """Somebody asks for peers. With an address, they are written to at once, and again at the end."""
    require(actor, Can.ASK_MISSION)
    here = actor.organisation_id == organisation.pk or actor.scope(Can.ASK_MISSION) >= Scope.ALL
    if door is None and not here:
        raise Denied("ask_mission in another organisation")
    moment = now or timezone.now()
    _refuse_strange(told, moment)
    mission = Mission(
        organisation=organisation,
        number=_next_number(organisation),
        door=door,
        vault=vault.new_key("missions.mission"),
        received_at=moment,
        expires_on=dates.add_months(timezone.localdate(told["ends_at"]), rows.KEPT_MONTHS),
    )
    for name in TOLD:
        setattr(mission, name, told.get(name, ""))
    try:
        mission.full_clean(exclude=["organisation", "door", "vault"], validate_unique=False)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(dict.fromkeys(error.messages))) from error
    mission.save(force_insert=True)
    journal.write(actor, "mission.receive", mission)
    letters.tell_asker(mission, mission.state)
    publish(MissionReceived(mission.pk, mission.organisation_id, actor.person_id))
    return mission


def erase_missions(missions: QuerySet[Mission]) -> None:
    """Those whose time is over go whole, keys first."""
    for mission in missions:
        with transaction.atomic():
            key = mission.vault_id
            mission.delete()
            vault.destroy(key)


def _refuse_strange(told: dict[str, Any], now: datetime) -> None:
    if unknown := set(told) - set(TOLD):
        raise TypeError(f"a mission has no {unknown}")
    if told.get("code") and not terms.is_known(told["code"]):
        raise Refused("unknown_code", _("Choose in the list what was lived through."))
    if not now < told["starts_at"] < now + FURTHEST:
        raise Refused("not_to_come", _("Choose a day to come, within two years."))
    if not SHORTEST <= told["ends_at"] - told["starts_at"] <= LONGEST:
        raise Refused(
            "strange_hours", _("It ends ten minutes to six hours after it begins. Ask again for another day.")
        )
    if not (told.get("email") or told.get("phone")):
        raise Refused("no_reach", _("Leave an e-mail address or a phone number: you are always answered."))


def _next_number(organisation: Organisation) -> int:
    list(Organisation.objects.select_for_update().filter(pk=organisation.pk).values_list("pk"))
    last = Mission.objects.filter(organisation=organisation).order_by("-number").first()
    return last.number + 1 if last is not None else 1
