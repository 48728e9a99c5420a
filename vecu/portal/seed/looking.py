"""Needs without an answer in the demo, a campaign opened for one of them, and somebody who came through it."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from vecu.accompaniment.actions import triage
from vecu.accompaniment.enums import RequestClosing, RequestSource
from vecu.peers.actions import clearances
from vecu.peers.enums import ENTERED, ClearanceKind, ExemptionReason
from vecu.peers.models import RecruitedFor
from vecu.portal.seed import applications
from vecu.portal.seed.names import Wish
from vecu.portal.seed.people import World
from vecu.portal.seed.stories import DAY, open_after_call, receive
from vecu.recruitment.actions import campaigns
from vecu.recruitment.models import Campaign
from vecu.training import actions as training
from vecu.training.models import Cohort, KeptSeats

YOUNG = ("Maëlys", "Tom", "Jade", "Nolan", "Léna", "Hugo", "Camille", "Sacha", "Eliot", "Romane", "Noé")


def make(world: World) -> None:
    """Eleven people under forty with a stoma found nobody; two still wait. A campaign looks for somebody like them."""
    _unmet(world)
    campaign = _campaign(world)
    _came(world, campaign)
    _seats(world)


def _unmet(world: World) -> None:
    place = world.committee
    for number, name in enumerate(YOUNG):
        start = world.now - (330 - 28 * number) * DAY
        wish = Wish(name, "", 33 + number % 5, ("stomie",), ("travail",), "Quelqu’un de mon âge.")
        request = receive(world, place, wish, start, source=RequestSource.PHONE)
        open_after_call(place, request, start + DAY)
        if number < len(YOUNG) - 2:
            at = start + 12 * DAY
            triage.close_request(request, actor=place.actor, reason=RequestClosing.NO_PEER, now=at)
        else:
            back = timezone.localdate(world.now) + timedelta(days=6)
            triage.wait_request(request, actor=place.actor, ring_back_on=back, now=start + 3 * DAY)


def _campaign(world: World) -> Campaign:
    place, began = world.committee, world.now - 45 * DAY
    asked = {"code": "stomie", "kind": "patient", "age_class": "30_39", "departement": place.sites[0].departement}
    campaign = campaigns.prepare_campaign(
        place.organisation,
        actor=place.actor,
        now=began,
        **asked,
        wish="Libre le soir une ou deux fois par mois",
        wanted=2,
        seats=2,
        ends_on=timezone.localdate(world.now + 60 * DAY),
    )
    return campaigns.open_campaign(campaign, actor=place.actor, now=began)


def _came(world: World, campaign: Campaign) -> None:
    """One accepted and ready since, one still to be answered."""
    applications.apply(world, 4, "Anatole", "Guérin", "companion", born=1991, campaign=campaign, lived="stomie")
    ines = applications.apply(
        world, 40, "Inès", "Charpentier", "companion", born=1990, campaign=campaign, lived="stomie"
    )
    applications.met(world, ines, 30, "favourable")
    if world.second is not None:
        applications.tell_answer(world, ines, 26, {"outcome": "accepted"}, world.second)
    for came in RecruitedFor.objects.filter(about=campaign.pk).select_related("peer"):
        told = {"actor": world.committee.actor, "obtained_on": timezone.localdate(world.now - 5 * DAY)}
        for kind in ENTERED:
            clearances.record_clearance(came.peer, kind=kind, **told)
        # Nobody was in two groups here within five days.
        clearances.record_clearance(
            came.peer, kind=ClearanceKind.SUPERVISION, exemption=ExemptionReason.ELSEWHERE, **told
        )


def _seats(world: World) -> None:
    """Kept in the forty hours in progress when they have room; else they wait to be placed."""
    cohort = Cohort.objects.filter(gathering__places__isnull=False).order_by("-gathering__starts_at").first()
    wanted = KeptSeats.objects.filter(organisation=world.committee.organisation).first()
    if cohort is None or wanted is None or (cohort.gathering.places or 0) < cohort.gathering.taken + 2:
        return
    if cohort.gathering.ends_at > world.now and cohort.organisation_id == world.committee.organisation.pk:
        training.keep_seats(wanted, cohort, actor=world.committee.actor, seats=2)
