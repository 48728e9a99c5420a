"""Peers are asked, answer in one tap without a reason; somebody chooses, and everyone who answered gets a reply."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.missions import fitting, letters
from vecu.missions.enums import ACTIVITY, WEIGHT, AnswerState, MissionState, Purpose
from vecu.missions.events import MissionAnswered, MissionEnded, PeersAsked
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.workflows import ANSWER, MISSION
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.people.actor import Actor, system
from vecu.people.policy import Can


@transaction.atomic
def ask_peers(
    mission: Mission, peers: Iterable[Peer], *, actor: Actor, load_reason: str = "", now: datetime | None = None
) -> list[MissionAnswer]:
    """Ask these people: each fits today, and whoever carries as much as they accept reads why they are asked."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    moment, chosen = now or timezone.now(), list(peers)
    if not chosen:
        raise Refused("nobody", _("Tick at least one person to ask."))
    if mission.starts_at <= moment:
        raise Refused("past", _("Its day has passed: say to everyone that nobody was found."))
    if mission.state == MissionState.RECEIVED:
        MISSION.apply(mission, "ask", actor=actor)
    elif mission.state != MissionState.ASKING:
        raise Refused("ended", _("This request is settled: nobody else is asked."))
    fits = {one.peer.pk for one in fitting.fitting(mission, system(mission.organisation_id)) if one.fits}
    made = [_ask(mission, peer, fits, actor, load_reason, moment) for peer in chosen]
    publish(PeersAsked(mission.pk, mission.organisation_id, tuple(one.peer.person_id for one in made)))
    return made


def _ask(
    mission: Mission, peer: Peer, fits: set[UUID], actor: Actor, load_reason: str, moment: datetime
) -> MissionAnswer:
    if peer.pk not in fits or peer.organisation_id != mission.organisation_id:
        raise Refused("does_not_fit", _("One of these people can no longer be asked. Look at the list again."))
    purpose = Purpose(mission.purpose)
    day = timezone.localdate(moment)
    above = peer_actions.pass_load(peer, actor=actor, kind=WEIGHT[purpose], reason=load_reason, on=day)
    answer = MissionAnswer(
        organisation_id=mission.organisation_id,
        mission=mission,
        peer=peer,
        limits_version=peer_actions.version_in_force(peer, ACTIVITY[purpose]),
        load_reason=above,
        asked_by_id=actor.person_id,
        asked_at=moment,
    )
    answer.save(force_insert=True)
    journal.write(actor, "mission.ask_peer", answer, subject=peer.person_id)
    return answer


@transaction.atomic
def answer_mission(
    answer: MissionAnswer, *, actor: Actor, can_come: bool, now: datetime | None = None
) -> MissionAnswer:
    """Yes or no, in one tap, without a reason; changed for as long as nobody was chosen."""
    require(actor, Can.ANSWER_MISSION, answer)
    wanted = AnswerState.YES if can_come else AnswerState.NO
    if answer.state == wanted:
        return answer
    ANSWER.apply(answer, "accept" if can_come else "decline", actor=actor, answered_at=now or timezone.now())
    publish(MissionAnswered(answer.mission_id, answer.organisation_id, answer.peer.person_id))
    return answer


@transaction.atomic
def settle_mission(
    mission: Mission, chosen: Iterable[MissionAnswer], *, actor: Actor, now: datetime | None = None
) -> Mission:
    """Those chosen among who said yes. Everyone who answered gets a reply, the asker an outcome."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    keys = {answer.pk for answer in chosen}
    if not keys:
        raise Refused("nobody", _("Tick who comes, or say that nobody was found."))
    MISSION.apply(mission, "settle", actor=actor, ended_at=now or timezone.now())
    said_yes = set(MissionAnswer.objects.filter(mission=mission, state=AnswerState.YES).values_list("pk", flat=True))
    if not keys <= said_yes:
        raise Refused("changed", _("One of them has changed their answer meanwhile. Look at the list again."))
    _reply_to_all(mission, keys, actor, now or timezone.now())
    letters.tell_asker(mission, "settled")
    return mission


@transaction.atomic
def close_mission(mission: Mission, *, actor: Actor, now: datetime | None = None) -> Mission:
    """Nobody was found: said to the asker, and to everyone who had answered."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    MISSION.apply(mission, "close", actor=actor, ended_at=now or timezone.now())
    _reply_to_all(mission, set(), actor, now or timezone.now())
    letters.tell_asker(mission, "closed")
    return mission


def _reply_to_all(mission: Mission, chosen: set[UUID], actor: Actor, moment: datetime) -> None:
    told: dict[str, list[UUID]] = {"choose": [], "thank": [], "end": []}
    for answer in MissionAnswer.objects.filter(mission=mission).select_related("peer"):
        move = "choose" if answer.pk in chosen else "end" if answer.state == AnswerState.ASKED else "thank"
        ANSWER.apply(answer, move, actor=actor, told_at=moment)
        told[move].append(answer.peer.person_id)
        if move == "choose":
            peer_actions.note_load(
                answer.peer_id,
                organisation_id=mission.organisation_id,
                kind=WEIGHT[Purpose(mission.purpose)],
                about=mission.pk,
                on=timezone.localdate(mission.starts_at),
            )
    people = (tuple(told[move]) for move in ("choose", "thank", "end"))
    publish(MissionEnded(mission.pk, mission.organisation_id, *people))
