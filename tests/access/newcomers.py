"""What the world of the walks holds of gatherings and of applications."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.cast import actor_of
from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringKind, Presence
from vecu.missions import actions as missions
from vecu.missions.models import MissionAnswer
from vecu.peers import actions as peer_actions
from vecu.peers.enums import Profile
from vecu.people.actor import PUBLIC
from vecu.recruitment.actions import applications, campaigns, decisions, interviews, recruitments, slots
from vecu.recruitment.tests.factories import ANSWERS as APPLICATION
from vecu.training.models import KeptSeats

DAY = timedelta(days=1)


def furnish_gatherings(side: Any) -> None:
    """A supervision group that began half an hour ago and meets again next week; who came, and a secret address."""
    begun, coming = timezone.now() - timedelta(minutes=30), timezone.now() + 7 * DAY
    hours = timedelta(hours=2)
    gathering = side.rows["gathering"] = agenda.plan_gathering(
        side.organisation,
        actor=actor_of(side.psychologist, side.organisation),
        kind=GatheringKind.SUPERVISION,
        title="Groupe du mardi",
        host=side.psychologist,
        places=8,
        half_days=[(at, at + hours, side.site, "Salle 2") for at in (begun, coming)],
    )
    side.rows["half_day"], side.rows["half_day_coming"] = gathering.half_days.order_by("starts_at")
    side.rows["enrolment"] = agenda.enrol(gathering, side.peer_person, actor=side.claire)
    side.rows["comer"] = side.peer_person
    side.rows["attendance"] = agenda.record_presence(
        side["half_day"], side.peer_person, Presence.PRESENT, actor=side.claire
    )
    side.rows["feed"], side.rows["feed_token"] = agenda.make_address(side.peer_person, actor=side.helene)


def furnish_missions(side: Any) -> None:
    """The link of a faculty, a request, the peer asked, and something that weighs on them."""
    starts_at = timezone.now() + 20 * DAY
    side.rows["mission_door"] = missions.open_door(side.organisation, actor=side.claire, label="Faculté")
    mission = side.rows["mission"] = missions.receive_mission(
        side.organisation,
        actor=side.claire,
        **{"purpose": "committee", "wanted": 1, "kind": "patient", "place": "Salle 2", "pay": "unsaid"},
        **{
            "starts_at": starts_at,
            "ends_at": starts_at + timedelta(hours=2),
            "asker": "Dr X",
            "phone": "01 99 00 12 34",
        },
    )
    side.rows["mission_answer"] = MissionAnswer.objects.create(
        organisation=side.organisation, mission=mission, peer=side["peer"], asked_at=timezone.now()
    )
    peer_actions.note_load(
        side["peer"].pk, organisation_id=side.organisation.pk, kind="mission", about=mission.pk, on=timezone.localdate()
    )


def furnish_campaign(side: Any) -> None:
    """A campaign that runs, and somebody who came through it."""
    looked_for = {"code": "stomie", "kind": "patient"}
    campaign = side.rows["campaign"] = campaigns.open_campaign(
        campaigns.prepare_campaign(side.organisation, actor=side.claire, **looked_for, seats=2), actor=side.claire
    )
    side.rows["campaign_slug"] = campaign.slug
    campaigns.count_needs(campaign, [campaign.pk])
    side.rows["campaign_need"] = campaign.needs.get()
    side.rows["kept_seats"] = KeptSeats.objects.get(about=campaign.pk)
    side.rows["recruited"] = peer_actions.note_recruited(
        side["peer"], actor=side.claire, about=campaign.pk, number=campaign.number, **campaigns.target_of(campaign)
    )


def furnish_applications(side: Any) -> None:
    """How this side recruits; someone received, someone met and decided, someone answered; hours of each kind."""
    psychologist, past = actor_of(side.psychologist, side.organisation), timezone.now() - 20 * DAY
    recruitment = side.rows["recruitment"] = recruitments.set_up(
        side.organisation, actor=side.claire, is_open=True, profiles=Profile.values, phone="01 99 00 12 34"
    )
    side.rows["condition"] = recruitments.conditions_of(side.organisation, Profile.VOICE)[0]
    made = {}
    for number, name in enumerate(("application", "application_decided", "application_answered", "to_meet")):
        made[name], _code = applications.receive_application(
            recruitment, actor=PUBLIC, profile="witness", answers=APPLICATION, now=past + number * DAY
        )
    side.rows |= made
    side.rows["application_token"] = made["application"].told("link")["token"]
    first, second, third = slots.offer_slots(
        actor=psychologist, starts_at=past + 6 * DAY, minutes=45, count=3, now=past
    )
    side.rows["slot_free"] = slots.offer_slots(actor=side.claire, starts_at=timezone.now() + 3 * DAY, minutes=45)[0]
    for name, slot in (("application_decided", first), ("application_answered", second), ("to_meet", third)):
        interviews.invite(made[name], actor=side.claire, now=past + 4 * DAY)
        interviews.book(made[name], slot, actor=applications.holder(made[name]), now=past + 5 * DAY)
    side.rows["slot_past"] = third
    for name, slot in (("application_decided", first), ("application_answered", second)):
        side.rows["interview"] = interviews.record_interview(
            slot, actor=psychologist, outcome="favourable", guide={"limits": "Pas la nuit."}, notes="À revoir."
        )
        made[name].refresh_from_db()
        side.rows["decision"] = decisions.decide(made[name], actor=side.claire, outcome="declined", why="enough")
    side.rows["letter"] = decisions.send_letter(
        made["application_answered"], actor=side.claire, body="Merci de nous avoir écrit. " * 3, way="mail"
    )
