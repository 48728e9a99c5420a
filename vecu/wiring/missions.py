"""What follows a mission: those asked are told, everyone who answered gets a reply."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from vecu.agenda import events as agenda
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.missions import actions, events
from vecu.missions.models import MissionAnswer
from vecu.people.enums import Role
from vecu.wiring.telling import holders, tell


def tell_coordinators(event: events.MissionReceived) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.actor_person_id)
    tell(staff, NoticeKind.MISSION_RECEIVED, event.organisation_id, "mission_detail", event.mission_id)


def tell_those_asked(event: events.PeersAsked) -> None:
    notices.put_away(event.mission_id, NoticeKind.MISSION_RECEIVED)
    _tell_each(event.mission_id, event.organisation_id, event.person_ids, NoticeKind.MISSION)


def tell_who_asked(event: events.MissionAnswered) -> None:
    answer = MissionAnswer.objects.get(mission=event.mission_id, peer__person=event.person_id)
    notices.read_notices_about(answer.pk, person_id=event.person_id)
    asker = [answer.asked_by_id] if answer.asked_by_id else []
    tell(asker, NoticeKind.MISSION_ANSWERED, event.organisation_id, "mission_detail", event.mission_id)


def reply_to_everyone(event: events.MissionEnded) -> None:
    """Chosen or not, whoever answered is told; for those who did not, the question is put away."""
    over = (NoticeKind.MISSION_RECEIVED, NoticeKind.MISSION_ANSWERED, NoticeKind.MISSION_LEFT)
    notices.put_away(event.mission_id, *over)
    here = event.organisation_id
    _tell_each(event.mission_id, here, event.chosen_person_ids, NoticeKind.MISSION_CHOSEN)
    _tell_each(event.mission_id, here, event.thanked_person_ids, NoticeKind.MISSION_THANKED)
    for answer in _answers(event.mission_id, event.silent_person_ids):
        notices.read_notices_about(answer.pk, person_id=answer.peer.person_id)


def tell_who_counted_on_them(event: events.AnswerWithdrawn) -> None:
    """Nothing is written to whoever pauses, leaves or is stopped; whoever asked them looks at the mission again."""
    notices.read_notices_about(event.answer_id, person_id=event.person_id)
    if event.was_counted_on and event.asked_by_id:
        tell([event.asked_by_id], NoticeKind.MISSION_LEFT, event.organisation_id, "mission_detail", event.mission_id)


def leave_mission(event: agenda.EnrolmentWithdrawn) -> None:
    actions.leave_mission(event.gathering_id, event.person_id)


def follow_day(event: agenda.HalfDayMoved) -> None:
    actions.follow_day(event.gathering_id)


def cancel_day(event: agenda.GatheringCancelled) -> None:
    actions.cancel_day(event.gathering_id)


def _tell_each(mission_id: UUID, organisation_id: UUID, ids: Iterable[UUID], kind: NoticeKind) -> None:
    for answer in _answers(mission_id, ids):
        tell([answer.peer.person_id], kind, organisation_id, "own_mission", answer.pk)


def _answers(mission_id: UUID, ids: Iterable[UUID]) -> Iterable[MissionAnswer]:
    return MissionAnswer.objects.filter(mission=mission_id, peer__person__in=list(ids)).select_related("peer")


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(events.MissionReceived, now=[tell_coordinators])
    wire(events.PeersAsked, now=[tell_those_asked])
    wire(events.MissionAnswered, now=[tell_who_asked])
    wire(events.MissionEnded, now=[reply_to_everyone])
    wire(events.AnswerWithdrawn, now=[tell_who_counted_on_them])
    wire(agenda.EnrolmentWithdrawn, now=[leave_mission])
    wire(agenda.HalfDayMoved, now=[follow_day])
    wire(agenda.GatheringCancelled, now=[cancel_day])
