"""How a mission ends: some come, nobody was found, nobody is needed, its day has passed. Everyone who answered gets a
reply, the asker an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.missions import fitting, letters
from vecu.missions.actions import days, rows
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.events import MissionEnded
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.workflows import ANSWER, MISSION
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.people.actor import Actor, system
from vecu.people.policy import Can

REPLIES = {
    AnswerState.ASKED: "end",
    AnswerState.YES: "thank",
    AnswerState.NO: "thank",
    AnswerState.CHOSEN: "thank",
}


@transaction.atomic
def settle_mission(
    mission: Mission, chosen: Iterable[MissionAnswer], *, actor: Actor, now: datetime | None = None
) -> Mission:
    """Those chosen among who said yes and are still there that day, no more than are asked for."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    moment, keys = now or timezone.now(), {answer.pk for answer in chosen}
    if not keys:
        raise Refused("nobody", _("Tick who comes, or say that nobody was found."))
    rows.hold(mission)
    if mission.starts_at <= moment:
        raise Refused("past", _("Its day has passed: nobody is chosen any more."))
    _refuse_too_many(mission, len(keys))
    said_yes = MissionAnswer.objects.filter(mission=mission, state=AnswerState.YES, pk__in=keys)
    coming = list(said_yes.select_related("peer__person"))
    if len(coming) < len(keys):
        raise Refused("changed", _("One of them has changed their answer meanwhile. Look at the list again."))
    _refuse_absent(mission, coming)
    MISSION.apply(mission, "settle", actor=actor, ended_at=moment)
    _reply_to_all(mission, keys, actor, moment)
    days.enter_in_agenda(mission, [row.peer for row in coming], actor=actor, now=moment)
    letters.tell_asker(mission, mission.state)
    return mission


def _refuse_too_many(mission: Mission, ticked: int) -> None:
    if ticked > mission.wanted:
        raise Refused(
            "too_many",
            ngettext(
                "%(wanted)s person is asked for: keep one tick, and the others are thanked.",
                "%(wanted)s people are asked for: keep no more ticks than that, and the others are thanked.",
                mission.wanted,
            )
            % {"wanted": mission.wanted},
        )


def _refuse_absent(mission: Mission, coming: list[MissionAnswer]) -> None:
    """A limit of what the page showed: they may have gone, or said that they are away, since they said yes."""
    day = timezone.localdate(mission.starts_at)
    there = set(Peer.objects.available(day).filter(pk__in=[row.peer_id for row in coming]).values_list("pk", flat=True))
    absent = [fitting.short_name(row.peer.person) for row in coming if row.peer_id not in there]
    if absent:
        raise Refused(
            "not_available",
            _("Not available on that day any more: %(names)s. Untick them, then choose again.")
            % {"names": ", ".join(absent)},
        )


@transaction.atomic
def close_mission(mission: Mission, *, actor: Actor, now: datetime | None = None) -> Mission:
    """Nobody was found: said to the asker, and to everyone who had answered."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    return _end(mission, "close", actor, now or timezone.now())


@transaction.atomic
def cancel_mission(mission: Mission, *, actor: Actor, now: datetime | None = None) -> Mission:
    """Whoever asked needs nobody any more, chosen or not: it is said in those words."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    moment = now or timezone.now()
    if rows.hold(mission).starts_at <= moment:
        raise Refused("past", _("Its day has passed: there is nothing left to cancel."))
    return _end(mission, "cancel", actor, moment)


@transaction.atomic
def cancel_day(gathering_id: UUID, *, now: datetime | None = None) -> None:
    """Cancelled in the agenda: whoever asked and those chosen are told as when it is cancelled here."""
    mission = Mission.objects.filter(gathering=gathering_id, state=MissionState.SETTLED).first()
    if mission is not None:
        _end(mission, "cancel", system(mission.organisation_id), now or timezone.now())


def end_past(now: datetime) -> int:
    """Whoever asked was promised an outcome in any case, and whoever answered a reply: once its day has come, what
    nobody settled ends by itself, each on its own. Returns how many."""
    count = 0
    for mission in Mission.objects.past(now).order_by("starts_at", "pk"):
        try:
            with transaction.atomic():
                _end(mission, "pass", system(mission.organisation_id), now)
                count += 1
        except Refused:  # settled in this very minute
            continue
    return count


def _end(mission: Mission, move: str, actor: Actor, moment: datetime) -> Mission:
    MISSION.apply(rows.hold(mission), move, actor=actor, ended_at=moment)
    _reply_to_all(mission, set(), actor, moment)
    days.leave_agenda(mission, moment)
    letters.tell_asker(mission, mission.state)
    return mission


def _reply_to_all(mission: Mission, chosen: set[UUID], actor: Actor, moment: datetime) -> None:
    told: dict[str, list[UUID]] = {"choose": [], "thank": [], "end": []}
    peer_actions.drop_load(mission.pk)
    for answer in MissionAnswer.objects.filter(mission=mission, state__in=list(REPLIES)).select_related("peer"):
        move = "choose" if answer.pk in chosen else REPLIES[AnswerState(answer.state)]
        ANSWER.apply(answer, move, actor=actor, told_at=moment)
        told[move].append(answer.peer.person_id)
        if move == "choose":
            days.note_day(mission, answer.peer_id)
    people = (tuple(told[move]) for move in ("choose", "thank", "end"))
    publish(MissionEnded(mission.pk, mission.organisation_id, *people))
