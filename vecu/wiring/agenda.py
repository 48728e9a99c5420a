"""What follows gatherings: notices that say a date, a move or a place, and nothing about anybody."""

from __future__ import annotations

from django.utils import timezone

from vecu.agenda import events as agenda
from vecu.agenda.models import Gathering
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.peers import actions as peer_actions
from vecu.peers.enums import LoadKind
from vecu.peers.models import Peer
from vecu.wiring.telling import nothing_follows, tell

PAGE = "own_gathering"


def weigh(event: agenda.Enrolled | agenda.PlaceFreed) -> None:
    """A gathering to come weighs on a peer who has a place in it."""
    if getattr(event, "is_waiting", False):
        return
    gathering = Gathering.objects.get(pk=event.gathering_id)
    for peer in Peer.objects.filter(person=event.person_id, organisation=event.organisation_id):
        peer_actions.note_load(
            peer.pk,
            organisation_id=event.organisation_id,
            kind=LoadKind.GATHERING,
            about=gathering.pk,
            on=timezone.localdate(gathering.starts_at),
        )


def weigh_no_more(event: agenda.EnrolmentWithdrawn) -> None:
    peers = Peer.objects.filter(person=event.person_id, organisation=event.organisation_id)
    peer_actions.drop_load(event.gathering_id, peer_ids=list(peers.values_list("pk", flat=True)))


def tell_of_place(event: agenda.Enrolled) -> None:
    """Whoever was put on the list by somebody else; who enrolled by themselves has just seen it."""
    if event.person_id != event.actor_person_id:
        tell([event.person_id], NoticeKind.GATHERING, event.organisation_id, PAGE, event.gathering_id)


def tell_of_freed_place(event: agenda.PlaceFreed) -> None:
    tell([event.person_id], NoticeKind.GATHERING_PLACE, event.organisation_id, PAGE, event.gathering_id)


def tell_host(event: agenda.EnrolmentWithdrawn) -> None:
    """Whoever leads it counts their chairs; what was waiting for the person is put away."""
    notices.read_notices_about(event.gathering_id, person_id=event.person_id)
    if event.host_person_id != event.actor_person_id:
        host = [event.host_person_id]
        tell(host, NoticeKind.GATHERING_LEFT, event.organisation_id, "gathering_detail", event.gathering_id)


def tell_of_move(event: agenda.HalfDayMoved) -> None:
    tell(event.person_ids, NoticeKind.GATHERING_MOVED, event.organisation_id, PAGE, event.gathering_id)


def tell_of_end(event: agenda.GatheringCancelled) -> None:
    about_it = (NoticeKind.GATHERING, NoticeKind.GATHERING_PLACE, NoticeKind.GATHERING_MOVED)
    peer_actions.drop_load(event.gathering_id)
    notices.put_away(event.gathering_id, *about_it, NoticeKind.GATHERING_REMINDER)
    tell(event.person_ids, NoticeKind.GATHERING_CANCELLED, event.organisation_id, PAGE, event.gathering_id)


def remind(event: agenda.GatheringReminderDue) -> None:
    tell(event.person_ids, NoticeKind.GATHERING_REMINDER, event.organisation_id, PAGE, event.gathering_id)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(agenda.GatheringPlanned, now=[nothing_follows])
    wire(agenda.HalfDayMoved, now=[tell_of_move])
    wire(agenda.GatheringCancelled, now=[tell_of_end])
    wire(agenda.GatheringHeld, now=[nothing_follows])
    wire(agenda.Enrolled, now=[tell_of_place, weigh])
    wire(agenda.EnrolmentWithdrawn, now=[tell_host, weigh_no_more])
    wire(agenda.PlaceFreed, now=[tell_of_freed_place, weigh])
    wire(agenda.GatheringReminderDue, now=[remind])
