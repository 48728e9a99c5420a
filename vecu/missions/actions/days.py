"""The day of a mission in the agenda of those chosen, and of whoever chose them. It is moved there, and the mission
follows; cancelled in either place, it is cancelled in both."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.agenda import actions as agenda
from vecu.agenda.context.words import say_where
from vecu.agenda.enums import GatheringKind, GatheringState
from vecu.agenda.models import Enrolment, HalfDay
from vecu.core import dates
from vecu.core.errors import Refused
from vecu.missions.actions import rows
from vecu.missions.enums import WEIGHT, AnswerState, MissionState, Purpose
from vecu.missions.models import Mission, MissionAnswer
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.people.actor import Actor, system
from vecu.people.models import Person


@transaction.atomic
def enter_in_agenda(mission: Mission, coming: Iterable[Peer], *, actor: Actor, now: datetime) -> None:
    """They find it among their appointments, and in their own calendars; its title says nothing of what for."""
    if actor.person_id is None:
        raise Refused("human_needed", _("A named person chooses who comes: Vécu never decides alone."))
    host, here = Person.objects.get(pk=actor.person_id), system(mission.organisation_id)
    mission.gathering = agenda.plan_gathering(
        mission.organisation,
        actor=here,
        kind=GatheringKind.MEETING,
        title=_("Mission"),
        host=host,
        places=mission.wanted,
        half_days=[(mission.starts_at, mission.ends_at, None, mission.place)],
    )
    mission.save(update_fields=["gathering", "updated_at"])
    for peer in coming:
        if peer.person_id != host.pk:  # who chose themselves has it already
            agenda.enrol(mission.gathering, peer.person, actor=here, now=now)


@transaction.atomic
def leave_agenda(mission: Mission, now: datetime) -> None:
    """Nobody is needed any more: it says so in every calendar that had it."""
    held = mission.gathering
    if held is not None and held.state == GatheringState.PLANNED:
        agenda.cancel_gathering(held, actor=system(mission.organisation_id), now=now)


@transaction.atomic
def leave_day(answer: MissionAnswer, now: datetime) -> None:
    """They do not come: they are no longer expected that day."""
    standing = Enrolment.objects.standing().filter(gathering=answer.mission.gathering_id, person=answer.peer.person_id)
    for enrolment in standing.filter(gathering__state=GatheringState.PLANNED).select_related("gathering"):
        agenda.withdraw(enrolment, actor=system(answer.organisation_id), now=now)


@transaction.atomic
def follow_day(gathering_id: UUID) -> None:
    """Moved in the agenda: the mission is on that day, and weighs on it."""
    mission = Mission.objects.filter(gathering=gathering_id, state=MissionState.SETTLED).first()
    if mission is None:
        return
    held = list(HalfDay.objects.filter(gathering=gathering_id, removed_at=None).order_by("starts_at"))
    mission.starts_at, mission.ends_at = held[0].starts_at, max(one.ends_at for one in held)
    mission.place = say_where(held[0])[:120] or mission.place
    mission.expires_on = dates.add_months(timezone.localdate(mission.ends_at), rows.KEPT_MONTHS)
    mission.save(update_fields=["starts_at", "ends_at", "place", "expires_on", "updated_at"])
    chosen = MissionAnswer.objects.filter(mission=mission, state=AnswerState.CHOSEN)
    for peer_id in chosen.values_list("peer_id", flat=True):
        note_day(mission, peer_id)


def note_day(mission: Mission, peer_id: UUID) -> None:
    """It weighs on who was chosen, from its day on."""
    peer_actions.note_load(
        peer_id,
        organisation_id=mission.organisation_id,
        kind=WEIGHT[Purpose(mission.purpose)],
        about=mission.pk,
        on=timezone.localdate(mission.starts_at),
    )
