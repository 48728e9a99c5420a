"""What follows an application."""

from __future__ import annotations

from vecu.accompaniment import newcomers
from vecu.core.events import wire
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.peers import actions as peer_actions
from vecu.peers.enums import ClearanceKind
from vecu.people import actions as people_actions
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.recruitment import events
from vecu.recruitment.actions import applications, campaigns, welcome
from vecu.recruitment.models import Campaign
from vecu.training import actions as training
from vecu.wiring.telling import holders, tell

# Each step takes the place of the one before: one application is one line.
OF_AN_APPLICATION = (
    *(NoticeKind.APPLICATION, NoticeKind.INTERVIEW_NOTED),
    *(NoticeKind.TO_CONFIRM, NoticeKind.CONFIRMED),
)


def tell_coordinators(event: events.ApplicationReceived | events.InterviewRecorded) -> None:
    staff = holders(event.organisation_id, Role.COORDINATOR, but=getattr(event, "actor_person_id", None))
    kind = NoticeKind.APPLICATION if isinstance(event, events.ApplicationReceived) else NoticeKind.INTERVIEW_NOTED
    notices.put_away(event.application_id, *OF_AN_APPLICATION)
    tell(staff, kind, event.organisation_id, "application_detail", event.application_id)


def tell_who_may_confirm(event: events.DecisionToConfirm) -> None:
    """The other coordinators, and the psychologist who met them."""
    notices.put_away(event.application_id, *OF_AN_APPLICATION)
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.actor_person_id)
    met = set(event.met_by).intersection(holders(event.organisation_id, Role.PSYCHOLOGIST))
    tell({*staff, *met}, NoticeKind.TO_CONFIRM, event.organisation_id, "application_detail", event.application_id)


def tell_who_writes(event: events.DecisionConfirmed) -> None:
    """Nobody else has to confirm; the letter waits for those who coordinate."""
    notices.put_away(event.application_id, *OF_AN_APPLICATION)
    staff = holders(event.organisation_id, Role.COORDINATOR, but=event.actor_person_id)
    tell(staff, NoticeKind.CONFIRMED, event.organisation_id, "application_detail", event.application_id)


def tell_host(event: events.InterviewBooked | events.InterviewFreed) -> None:
    tell([event.host_person_id], NoticeKind.INTERVIEW_HOUR, event.organisation_id, "slot_list", about=event.slot_id)


def put_away(event: events.ApplicationWithdrawn) -> None:
    """Nobody needs to look any more, but whoever was to meet them."""
    notices.put_away(event.application_id, *OF_AN_APPLICATION)
    if event.host_person_id is not None:
        tell([event.host_person_id], NoticeKind.INTERVIEW_HOUR, event.organisation_id, "slot_list")


def open_file(event: events.ApplicationAccepted) -> None:
    """The person and their file as a patient partner: ready nowhere before training, charter and the rest are there.

    Their address is only awaited: it opens an account once they have shown that they read it.
    """
    notices.put_away(event.application_id, *OF_AN_APPLICATION)
    told, actor = welcome.welcome_of(event.application_id), system(event.organisation_id)
    peer = peer_actions.add_new_peer(actor=actor, organisation=told.organisation, person=told.person, **told.peer)
    if told.met_on:
        peer_actions.record_clearance(peer, actor=actor, kind=ClearanceKind.INTERVIEW, obtained_on=told.met_on)
    for code in told.lived:
        peer_actions.set_experience(peer, actor=actor, code=code)
    if told.email:
        people_actions.await_address(
            peer.person,
            actor=actor,
            organisation=told.organisation,
            email=told.email,
            language=told.language,
            has_shared_mailbox=told.has_shared_mailbox,
        )
    applications.link_person(event.application_id, peer.person_id)
    if told.campaign is not None:
        campaigns.count_accepted(told.campaign.pk)
        target, number = campaigns.target_of(told.campaign), told.campaign.number
        peer_actions.note_recruited(peer, actor=actor, about=told.campaign.pk, number=number, **target)


def begin_looking(event: events.CampaignOpened) -> None:
    """The needs it was opened for are counted, and seats asked of whoever runs training."""
    campaign, actor = Campaign.objects.get(pk=event.campaign_id), system(event.organisation_id)
    waiting = newcomers.standing_needs(event.organisation_id, campaigns.target_of(campaign))
    campaigns.count_needs(campaign, waiting)
    if campaign.seats:
        training.ask_seats(
            actor=actor,
            organisation_id=event.organisation_id,
            about=campaign.pk,
            number=campaign.number,
            seats=campaign.seats,
        )


def free_seats(event: events.CampaignClosed) -> None:
    training.release_seats(event.campaign_id, actor=system(event.organisation_id))


def wire_up() -> None:
    """Called once, from `wire_all`."""
    wire(events.ApplicationReceived, now=[tell_coordinators])
    wire(events.InterviewRecorded, now=[tell_coordinators])
    wire(events.DecisionToConfirm, now=[tell_who_may_confirm])
    wire(events.DecisionConfirmed, now=[tell_who_writes])
    wire(events.InterviewBooked, now=[tell_host])
    wire(events.InterviewFreed, now=[tell_host])
    wire(events.ApplicationWithdrawn, now=[put_away])
    wire(events.ApplicationAccepted, now=[open_file])
    wire(events.CampaignOpened, now=[begin_looking])
    wire(events.CampaignClosed, now=[free_seats])
