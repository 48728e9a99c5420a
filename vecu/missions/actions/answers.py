"""Peers are asked, and answer in one tap without a reason."""

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
from vecu.missions import fitting
from vecu.missions.actions import days, rows
from vecu.missions.enums import ACTIVITY, WEIGHT, AnswerState, MissionState, Purpose
from vecu.missions.events import AnswerWithdrawn, MissionAnswered, PeersAsked
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
    """Ask these people, or ask again who was away: each fits today, and whoever carries as much as they accept reads why they are asked."""
    require(actor, Can.MANAGE_MISSIONS, mission)
    moment, chosen = now or timezone.now(), list(peers)
    if not chosen:
        raise Refused("nobody", _("Tick at least one person to ask."))
    rows.hold(mission)
    if mission.starts_at <= moment:
        raise Refused("past", _("Its day has passed: nobody is asked any more."))
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
    asked = {
        "limits_version": peer_actions.version_in_force(peer, ACTIVITY[purpose]),
        "load_reason": above,
        "asked_by_id": actor.person_id,
        "asked_at": moment,
    }
    answer = MissionAnswer.objects.filter(mission=mission, peer=peer).select_related("peer").first()
    if answer is not None:  # they had left, and are back
        unsaid = {"can_come": None, "answered_at": None, "told_at": None}
        ANSWER.apply(answer, "ask_again", actor=actor, **asked, **unsaid)
    else:
        answer = MissionAnswer(organisation_id=mission.organisation_id, mission=mission, peer=peer, **asked)
        answer.save(force_insert=True)
    journal.write(actor, "mission.ask_peer", answer, subject=peer.person_id)
    return answer


@transaction.atomic
def answer_mission(
    answer: MissionAnswer, *, actor: Actor, can_come: bool, now: datetime | None = None
) -> MissionAnswer:
    """Yes or no, in one tap, without a reason; changed for as long as nobody was chosen and its day has not come."""
    require(actor, Can.ANSWER_MISSION, answer)
    moment = now or timezone.now()
    mission = rows.hold(answer.mission)
    answer.refresh_from_db(fields=["state"])
    wanted = AnswerState.YES if can_come else AnswerState.NO
    if answer.state == wanted:
        return answer
    if mission.starts_at <= moment:
        raise Refused("past", _("Its day has passed: you need not answer any more."))
    move = "accept" if can_come else "decline"
    ANSWER.apply(answer, move, actor=actor, answered_at=moment, can_come=can_come)
    publish(MissionAnswered(answer.mission_id, answer.organisation_id, answer.peer.person_id))
    return answer


@transaction.atomic
def withdraw_peer(peer: Peer, *, actor: Actor, now: datetime | None = None) -> int:
    """They pause, leave, are stopped, or take their agreement back: no question waits for them, and nobody counts on
    them on a day when they are not there. What they said for a day after their return stands. Returns how many."""
    moment = now or timezone.now()
    held = MissionAnswer.objects.standing(moment).filter(peer=peer)
    keys = list(held.order_by("mission").values_list("mission", flat=True))
    rows.hold_days(keys)
    missions = {one.pk: one for one in Mission.objects.filter(pk__in=keys).order_by("pk").select_for_update()}
    count = 0
    for answer in held.filter(mission__in=list(missions)).select_related("peer", "mission"):
        day = timezone.localdate(missions[answer.mission_id].starts_at)
        is_there = Peer.objects.available(day).filter(pk=peer.pk).exists()
        if answer.state == AnswerState.ASKED or not is_there:
            _withdraw(answer, actor, moment)
            count += 1
    return count


@transaction.atomic
def leave_mission(gathering_id: UUID, person_id: UUID, *, now: datetime | None = None) -> None:
    """« Je ne peux pas venir », said in the agenda by who was chosen: whoever counted on them is told."""
    rows_of = MissionAnswer.objects.filter(mission__gathering=gathering_id, peer__person=person_id)
    for answer in rows_of.filter(state=AnswerState.CHOSEN).select_related("mission", "peer"):
        _withdraw(answer, system(answer.organisation_id), now or timezone.now())


def _withdraw(answer: MissionAnswer, actor: Actor, moment: datetime) -> None:
    was_counted_on = answer.state in (AnswerState.YES, AnswerState.CHOSEN)
    ANSWER.apply(answer, "withdraw", actor=actor, told_at=moment)
    peer_actions.drop_load(answer.mission_id, peer_ids=[answer.peer_id])
    days.leave_day(answer, moment)
    publish(
        AnswerWithdrawn(
            answer.pk,
            answer.mission_id,
            answer.organisation_id,
            answer.peer.person_id,
            answer.asked_by_id,
            was_counted_on,
        )
    )
