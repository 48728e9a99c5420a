"""What follows gatherings: notices that say a date, a move or a place, and nothing about anybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from vecu.agenda import events as agenda
from vecu.agenda.enums import EnrolmentState, GatheringKind
from vecu.agenda.models import Attendance, Enrolment, Gathering
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.missions.enums import AnswerState
from vecu.missions.models import MissionAnswer
from vecu.peers import actions as peers
from vecu.peers import sessions
from vecu.peers.enums import LoadKind
from vecu.peers.events import PeerEngaged
from vecu.peers.models import Peer
from vecu.peers.sessions import Session
from vecu.people.actor import system
from vecu.people.events import FilesJoined
from vecu.wiring.telling import nothing_follows, tell

PAGE = "own_gathering"
GROUPS = (GatheringKind.SUPERVISION, GatheringKind.PRACTICE)


def sessions_of(organisation_id: UUID, person_ids: Iterable[UUID]) -> dict[UUID, list[Session]]:
    """When each was in a supervision or practice group of this organisation: what was said there is written nowhere."""
    there = Attendance.objects.present().of_kind(*GROUPS).standing()
    rows = there.filter(organisation=organisation_id, person__in=list(person_ids)).order_by("half_day__starts_at")
    found: dict[UUID, list[Session]] = {}
    for person_id, start, end in rows.values_list("person_id", "half_day__starts_at", "half_day__ends_at"):
        minutes = int((end - start).total_seconds()) // 60
        found.setdefault(person_id, []).append(Session(timezone.localdate(start), minutes))
    return found


def count_presence(event: agenda.PresenceRecorded) -> None:
    """Whoever was in a group may be ready at once, and whoever was not may no longer be."""
    if Attendance.objects.of_kind(*GROUPS).filter(pk=event.attendance_id).exists():
        _count(event.organisation_id, [event.person_id])


def count_moved(event: agenda.HalfDayMoved | agenda.GatheringCancelled) -> None:
    """A date that was corrected, taken out or cancelled after presence was noted."""
    there = Attendance.objects.of_kind(*GROUPS).filter(half_day__gathering=event.gathering_id)
    if people := set(there.values_list("person_id", flat=True)):
        _count(event.organisation_id, people)


def count_for_newcomer(event: PeerEngaged) -> None:
    _count(event.organisation_id, [event.person_id])


def count_joined(event: FilesJoined) -> None:
    """Presence noted under the other file is theirs."""
    for here in set(Attendance.objects.filter(person=event.to_person_id).values_list("organisation_id", flat=True)):
        _count(here, [event.to_person_id])


def _count(organisation_id: UUID, person_ids: Iterable[UUID]) -> None:
    peers.count_sessions(organisation_id, actor=system(organisation_id), person_ids=sorted(person_ids))


def is_of_mission(gathering_id: UUID, person_id: UUID) -> bool:
    """Chosen for the mission whose day it is: what it weighs and who is told follow from the mission. Whoever was put
    on that list by hand has a place like any other."""
    return MissionAnswer.objects.chosen_for(gathering_id).filter(peer__person=person_id).exists()


def weigh(event: agenda.Enrolled | agenda.PlaceFreed) -> None:
    """A gathering to come weighs on a peer who has a place in it."""
    if getattr(event, "is_waiting", False):
        return
    if is_of_mission(event.gathering_id, event.person_id):
        return
    gathering = Gathering.objects.get(pk=event.gathering_id)
    _weigh_on(Peer.objects.filter(person=event.person_id, organisation=event.organisation_id), gathering)


def weigh_anew(event: agenda.HalfDayMoved) -> None:
    """Its first day may be another one: it weighs from that day on, for those who have a place."""
    gathering = Gathering.objects.get(pk=event.gathering_id)
    placed = Enrolment.objects.filter(gathering=gathering, state=EnrolmentState.ENROLLED).values("person")
    chosen = MissionAnswer.objects.chosen_for(gathering.pk).values("peer")
    here = Peer.objects.filter(person__in=placed, organisation=event.organisation_id)
    _weigh_on(here.exclude(pk__in=chosen), gathering)


def _weigh_on(those: Iterable[Peer], gathering: Gathering) -> None:
    for peer in those:
        peers.note_load(
            peer.pk,
            organisation_id=gathering.organisation_id,
            kind=LoadKind.GATHERING,
            about=gathering.pk,
            on=timezone.localdate(gathering.starts_at),
        )


def weigh_no_more(event: agenda.EnrolmentWithdrawn) -> None:
    found = Peer.objects.filter(person=event.person_id, organisation=event.organisation_id)
    peers.drop_load(event.gathering_id, peer_ids=list(found.values_list("pk", flat=True)))


def tell_of_place(event: agenda.Enrolled) -> None:
    """Whoever was put on the list by somebody else; who enrolled by themselves has just seen it."""
    if event.person_id != event.actor_person_id and not is_of_mission(event.gathering_id, event.person_id):
        tell([event.person_id], NoticeKind.GATHERING, event.organisation_id, PAGE, event.gathering_id)


def tell_of_freed_place(event: agenda.PlaceFreed) -> None:
    tell([event.person_id], NoticeKind.GATHERING_PLACE, event.organisation_id, PAGE, event.gathering_id)


def tell_host(event: agenda.EnrolmentWithdrawn) -> None:
    """Whoever leads it counts their chairs; what was waiting for the person is put away. Of whoever was chosen for a
    mission, the mission says so."""
    notices.read_notices_about(event.gathering_id, person_id=event.person_id)
    states = (AnswerState.CHOSEN, AnswerState.WITHDRAWN)  # before the mission hears of it, or after
    of_mission = MissionAnswer.objects.filter(mission__gathering=event.gathering_id, state__in=states)
    if event.host_person_id != event.actor_person_id and not of_mission.filter(peer__person=event.person_id).exists():
        host = [event.host_person_id]
        tell(host, NoticeKind.GATHERING_LEFT, event.organisation_id, "gathering_detail", event.gathering_id)


def tell_of_move(event: agenda.HalfDayMoved) -> None:
    tell(event.person_ids, NoticeKind.GATHERING_MOVED, event.organisation_id, PAGE, event.gathering_id)


def tell_of_end(event: agenda.GatheringCancelled) -> None:
    about_it = (NoticeKind.GATHERING, NoticeKind.GATHERING_PLACE, NoticeKind.GATHERING_MOVED)
    peers.drop_load(event.gathering_id)
    notices.put_away(event.gathering_id, *about_it, NoticeKind.GATHERING_REMINDER)
    told = MissionAnswer.objects.told_of_end(event.gathering_id).values_list("peer__person_id", flat=True)
    others = set(event.person_ids) - set(told)
    tell(others, NoticeKind.GATHERING_CANCELLED, event.organisation_id, PAGE, event.gathering_id)


def remind(event: agenda.GatheringReminderDue) -> None:
    tell(event.person_ids, NoticeKind.GATHERING_REMINDER, event.organisation_id, PAGE, event.gathering_id)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(agenda.GatheringPlanned, now=[nothing_follows])
    sessions.read_with(sessions_of)
    wire(agenda.HalfDayMoved, now=[tell_of_move, count_moved, weigh_anew])
    wire(agenda.GatheringCancelled, now=[tell_of_end, count_moved])
    wire(agenda.GatheringHeld, now=[nothing_follows])
    wire(agenda.Enrolled, now=[tell_of_place, weigh])
    wire(agenda.EnrolmentWithdrawn, now=[tell_host, weigh_no_more])
    wire(agenda.PlaceFreed, now=[tell_of_freed_place, weigh])
    wire(agenda.PresenceRecorded, now=[count_presence])
    wire(PeerEngaged, now=[count_for_newcomer])
    wire(FilesJoined, now=[count_joined])
    wire(agenda.GatheringReminderDue, now=[remind])
