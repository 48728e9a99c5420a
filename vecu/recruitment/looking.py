"""Whom a campaign looks for, in words, and what it has brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from vecu.core.access import visible
from vecu.peers import readiness, terms, territory
from vecu.peers.enums import AgeClass, PeerKind, Profile
from vecu.peers.models import RecruitedFor
from vecu.people.actor import Actor
from vecu.recruitment.actions import campaigns
from vecu.recruitment.enums import CampaignState
from vecu.recruitment.models import Campaign, CampaignNeed

TONES = {CampaignState.DRAFT: "mirabelle", CampaignState.OPEN: "sauge", CampaignState.CLOSED: "plain"}


@dataclass(frozen=True)
class Row:
    """One line of the list."""

    url: str
    who: str
    state: str
    tone: str
    applied: int
    accepted: int
    wanted: int


@dataclass(frozen=True)
class Counts:
    """What a campaign brought: how many applied, were accepted, are ready; how many needs it serves, and are met."""

    applied: int
    accepted: int
    ready: int
    needs: int
    met: int


def who(campaign: Campaign) -> str:
    """« Stomie, moins de 40 ans, Jura »; a relative is said first."""
    parts = [str(PeerKind.RELATIVE.label)] if campaign.kind == PeerKind.RELATIVE else []
    parts.append(terms.label(campaign.code) if terms.is_known(campaign.code) else "")
    if campaign.age_class:
        parts.append(str(AgeClass(campaign.age_class).label))
    if campaign.departement:
        parts.append(territory.name(campaign.departement))
    return ", ".join(part for part in parts if part)


def row_of(campaign: Campaign) -> Row:
    return Row(
        reverse("campaign_detail", args=[campaign.pk]),
        who(campaign),
        str(campaign.get_state_display()),
        TONES[CampaignState(campaign.state)],
        campaign.applied,
        campaign.accepted,
        campaign.wanted,
    )


def counts_of(campaign: Campaign, actor: Actor) -> Counts:
    """Four queries. Ready is looked at today: somebody whose proof ended is not counted."""
    came = list(visible(RecruitedFor, actor).filter(about=campaign.pk).values_list("peer_id", flat=True))
    missing = readiness.personal(came, profile=campaign.profile) if came else {}
    needs = list(visible(CampaignNeed, actor).filter(campaign=campaign).values_list("met_on", flat=True))
    return Counts(
        campaign.applied,
        campaign.accepted,
        sum(not lacking for lacking in missing.values()),
        len(needs),
        sum(met_on is not None for met_on in needs),
    )


def usual() -> dict[str, Any]:
    """What a campaign written from nothing begins with."""
    today = timezone.localdate()
    return {"profile": Profile.COMPANION, "kind": PeerKind.PATIENT, "wanted": 1, "seats": 0, "starts_on": today}


def initial_of(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in campaigns.FIELDS}
