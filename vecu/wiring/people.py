"""What follows what happens to people and to patient partners."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from vecu.accompaniment.actions import closing, programmes, proposals, requests
from vecu.agenda import actions as gatherings
from vecu.core import mail
from vecu.core.events import wire
from vecu.messaging.enums import NoticeKind
from vecu.missions import actions as missions
from vecu.peers import actions as peer_actions
from vecu.peers import events as peers
from vecu.peers.models import Peer
from vecu.people import actions as people_actions
from vecu.people import events as people
from vecu.people.actions import returned
from vecu.people.actor import system
from vecu.people.enums import UNDERTAKINGS, ConsentPurpose, Role, StopReason
from vecu.people.models import Membership
from vecu.recognition import actions as hours
from vecu.recruitment.actions import applications
from vecu.safeguarding.actions import sealed
from vecu.wiring.telling import holders, nothing_follows, tell


def stop_pairs(event: people.PersonStopped) -> None:
    actor = system(event.organisation_id)
    closing.stop_accompaniment(event.person_id, reason=event.reason, actor=actor, now=event.stopped_at)


def leave_gatherings(event: people.PersonStopped) -> None:
    """Whoever is stopped is expected nowhere: their places go to those who wait."""
    gatherings.withdraw_everywhere(event.person_id, actor=system(event.organisation_id), now=event.stopped_at)


def leave_missions(event: people.PersonStopped) -> None:
    """Whoever is stopped is asked nothing, counted on nowhere, and written to no more."""
    for peer in Peer.objects.filter(person=event.person_id):
        missions.withdraw_peer(peer, actor=system(peer.organisation_id), now=event.stopped_at)


def leave_gatherings_here(event: people.MemberSuspended | peers.EngagementEnded) -> None:
    moment = event.ended_at if isinstance(event, peers.EngagementEnded) else event.suspended_at
    here = event.organisation_id
    gatherings.withdraw_everywhere(event.person_id, actor=system(here), organisation_id=here, now=moment)


def stop_pairs_here(event: people.MemberSuspended) -> None:
    """What they have in this organisation ends; what they have elsewhere goes on."""
    actor, moment = system(event.organisation_id), event.suspended_at
    closing.stop_accompaniment(
        event.person_id, reason=StopReason.OTHER, actor=actor, organisation_id=event.organisation_id, now=moment
    )
    for peer in Peer.objects.engaged().filter(person=event.person_id, organisation=event.organisation_id):
        peer_actions.end_engagement(peer, actor=actor, now=moment)


def join_files(event: people.FilesJoined) -> None:
    requests.move_requests(event.from_person_id, event.to_person_id)
    applications.move_applications(event.from_person_id, event.to_person_id)
    replaced = gatherings.move_enrolments(event.from_person_id, event.to_person_id)
    hours.move_activities(event.from_person_id, event.to_person_id, replaced)
    sealed.move_contact(event.from_person_id, event.to_person_id)


def tell_of_refused_recovery(event: people.RecoveryRefused) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.person_id)
    tell(staff, NoticeKind.RECOVERY_REFUSED, event.organisation_id, "member_detail", event.person_id)


def keep_what_was_signed(event: people.ConsentGiven) -> None:
    """A charter or an undertaking signed by a patient partner is a proof: readiness changes at once."""
    if event.purpose in UNDERTAKINGS:
        for peer in _engaged(event):
            peer_actions.keep_signed(
                peer,
                actor=system(event.organisation_id),
                kind=event.purpose,
                consent_id=event.consent_id,
                on=timezone.localdate(event.given_at),
            )


def _engaged(event: people.ConsentGiven | people.ConsentWithdrawn) -> QuerySet[Peer]:
    return Peer.objects.engaged().filter(person=event.person_id, organisation=event.organisation_id)


def stop_what_was_agreed(event: people.ConsentWithdrawn) -> None:
    closing.follow_withdrawn_consent(event.person_id, event.organisation_id, event.purpose, event.withdrawn_at)
    if event.purpose in UNDERTAKINGS:
        day = timezone.localdate(event.withdrawn_at)
        for peer in _engaged(event):
            peer_actions.end_signed(peer, actor=system(event.organisation_id), kind=event.purpose, on=day)
            proposals.withdraw_from_peer(peer, actor=system(event.organisation_id), now=event.withdrawn_at)
    if event.purpose == ConsentPurpose.SHARED_EXPERIENCE:
        for peer in Peer.objects.not_agreeing().filter(person=event.person_id, organisation=event.organisation_id):
            proposals.withdraw_from_peer(peer, actor=system(event.organisation_id), now=event.withdrawn_at)
            missions.withdraw_peer(peer, actor=system(event.organisation_id), now=event.withdrawn_at)


def tell_of_refused_address(about: UUID | None, address: str) -> None:
    """Nothing more leaves for an address refused for good, a person's, an invitation's or a ward's; those who
    coordinate are told, and reach whoever it is another way."""
    for invitation in returned.note_refused_invitations(address):
        staff = holders(invitation.organisation_id, Role.COORDINATOR)
        tell(staff, NoticeKind.MAIL_REFUSED, invitation.organisation_id, "member_list", about=invitation.pk)
    for door in programmes.note_refused_reply(address):
        staff = holders(door.organisation_id, Role.COORDINATOR)
        tell(staff, NoticeKind.MAIL_REFUSED, door.organisation_id, "programme_detail", door.programme_id, about=door.pk)
    person = people_actions.note_refused_address(address)
    if person is None:
        return
    here = Membership.objects.filter(person=person).current().values_list("organisation_id", flat=True)
    for organisation_id in sorted(set(here)):
        staff = holders(organisation_id, Role.COORDINATOR, but=person.pk)
        tell(staff, NoticeKind.MAIL_REFUSED, organisation_id, "member_detail", person.pk)


def tell_of_many_openings(event: people.ManyFilesOpened) -> None:
    """To those who read the journal; where nobody else does, to the other coordinators. Never to the reader alone."""
    reader, here = event.reader_id, event.organisation_id
    if watchers := holders(here, Role.DATA_OFFICER, but=reader):
        return tell(watchers, NoticeKind.MANY_READINGS, here, "journal_list", about=reader)
    return tell(holders(here, Role.COORDINATOR, but=reader), NoticeKind.MANY_READINGS, here, "member_detail", reader)


def take_back_proposals(event: peers.PeerPaused | peers.EngagementEnded) -> None:
    moment = event.paused_at if isinstance(event, peers.PeerPaused) else event.ended_at
    peer = Peer.objects.get(pk=event.peer_id)
    proposals.withdraw_from_peer(peer, actor=system(event.organisation_id), now=moment)
    missions.withdraw_peer(peer, actor=system(event.organisation_id), now=moment)


def tell_supervisor(event: peers.PeerLimitRaised | peers.PeerLoadPassed) -> None:
    staff = holders(event.organisation_id, Role.PSYCHOLOGIST)
    tell(staff, NoticeKind.PEER_LOAD, event.organisation_id, "peer_detail", event.peer_id)


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(people.PersonStopped, now=[stop_pairs, leave_gatherings, leave_missions])
    wire(people.MemberSuspended, now=[stop_pairs_here, leave_gatherings_here])
    wire(people.FilesJoined, now=[join_files])
    wire(people.RecoveryRefused, now=[tell_of_refused_recovery])
    wire(people.ManyFilesOpened, now=[tell_of_many_openings])
    wire(people.ConsentGiven, now=[keep_what_was_signed])
    wire(people.ConsentWithdrawn, now=[stop_what_was_agreed])
    mail.on_bounce(tell_of_refused_address)
    wire(peers.PeerPaused, now=[take_back_proposals])
    wire(peers.EngagementEnded, now=[take_back_proposals, leave_gatherings_here])
    wire(peers.PeerReturned, now=[nothing_follows])
    wire(peers.PeerLimitRaised, now=[tell_supervisor])
    wire(peers.PeerLoadPassed, now=[tell_supervisor])
