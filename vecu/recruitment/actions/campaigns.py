"""Campaigns: people looked for because somebody waits for them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.peers import terms, territory
from vecu.people.actor import Actor, system
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment.enums import CampaignState
from vecu.recruitment.events import CampaignClosed, CampaignOpened
from vecu.recruitment.models import Campaign, CampaignNeed, Recruitment
from vecu.recruitment.workflows import CAMPAIGN

TARGET = ("code", "kind", "age_class", "departement")
FIELDS = frozenset({*TARGET, "profile", "wish", "wanted", "seats", "starts_on", "ends_on"})
# No letter or digit is taken for another one when it is read on the phone; no vowel, so that no word comes out.
LETTERS, SLUG_LENGTH = "bcdfghjkmnpqrtvwxz2346789", 8
MOST_SEATS = 50


@transaction.atomic
def prepare_campaign(
    organisation: Organisation, *, actor: Actor, now: datetime | None = None, **fields: Any
) -> Campaign:
    """A campaign to be read again before it opens. The same line pressed twice gives the one being prepared, with what
    was typed this time."""
    require(actor, Can.MANAGE_RECRUITMENT, organisation)
    prepared = Campaign.objects.filter(organisation=organisation, state=CampaignState.DRAFT)
    same = prepared.filter(code=fields.get("code", ""), kind=fields.get("kind", ""))
    known = same.filter(age_class=fields.get("age_class", ""), departement=fields.get("departement", "")).first()
    if known is not None:
        return edit_campaign(known, actor=actor, **fields)
    campaign = Campaign(organisation=organisation, number=_next_number(organisation.pk), slug=_new_slug())
    campaign.starts_on = timezone.localdate(now)
    _write(campaign, fields)
    campaign.save(force_insert=True)
    journal.write(actor, "campaign.prepare", campaign)
    return campaign


@transaction.atomic
def edit_campaign(campaign: Campaign, *, actor: Actor, **fields: Any) -> Campaign:
    """Change it. Whom it looks for stays as it is once it is open: people have answered that."""
    require(actor, Can.MANAGE_RECRUITMENT, campaign)
    if campaign.state == CampaignState.CLOSED:
        raise Refused("closed", _("This campaign is closed. Open another one from the list of needs."))
    if campaign.state == CampaignState.OPEN:
        fields = {name: value for name, value in fields.items() if name not in (*TARGET, "profile", "seats")}
    _write(campaign, fields)
    campaign.save(update_fields=[*fields, "updated_at"])
    journal.write(actor, "campaign.edit", campaign)
    return campaign


@transaction.atomic
def open_campaign(campaign: Campaign, *, actor: Actor, now: datetime | None = None) -> Campaign:
    """Its public page answers from its first day on. Applications must be open here, for this role."""
    require(actor, Can.MANAGE_RECRUITMENT, campaign)
    recruitment = Recruitment.objects.filter(organisation_id=campaign.organisation_id, is_open=True).first()
    if recruitment is None or campaign.profile not in recruitment.profiles:
        raise Refused("closed_here", _("First open applications for this role: “How we recruit”, in the settings."))
    CAMPAIGN.apply(campaign, "open", actor=actor, opened_at=now or timezone.now())
    publish(CampaignOpened(campaign.pk, campaign.organisation_id))
    return campaign


@transaction.atomic
def close_campaign(campaign: Campaign, *, actor: Actor, now: datetime | None = None) -> Campaign:
    """Nobody else is looked for; those who have applied are answered as everyone is."""
    require(actor, Can.MANAGE_RECRUITMENT, campaign)
    CAMPAIGN.apply(campaign, "close", actor=actor, closed_at=now or timezone.now())
    publish(CampaignClosed(campaign.pk, campaign.organisation_id))
    return campaign


@transaction.atomic
def close_over(now: datetime) -> int:
    """Those past their last day close by themselves: seats kept for them go to those who wait. Returns how many."""
    found = list(Campaign.objects.over(timezone.localdate(now)).select_for_update())
    for campaign in found:
        close_campaign(campaign, actor=system(campaign.organisation_id), now=now)
    return len(found)


# -- counted as it happens


def count_applied(campaign: Campaign | None) -> None:
    """Somebody answered it."""
    if campaign is not None:
        Campaign.objects.filter(pk=campaign.pk).update(applied=F("applied") + 1)


@transaction.atomic
def count_accepted(campaign_id: UUID) -> None:
    """Somebody who answered it is retained."""
    Campaign.objects.filter(pk=campaign_id).update(accepted=F("accepted") + 1)


@transaction.atomic
def count_needs(campaign: Campaign, needs: Iterable[UUID]) -> None:
    """Those that wait for whom it looks for; each is counted once, and one met that waits again is no longer met."""
    for need in needs:
        CampaignNeed.objects.update_or_create(
            campaign=campaign, need=need, defaults={"organisation_id": campaign.organisation_id, "met_on": None}
        )


@transaction.atomic
def count_need(organisation_id: UUID, need: UUID, target: Mapping[str, str]) -> None:
    """A need came while campaigns run that look for the same."""
    for campaign in Campaign.objects.filter(organisation=organisation_id).running().for_need(**target):
        count_needs(campaign, [need])


@transaction.atomic
def count_met(need: UUID, on: date) -> None:
    """It has its answer, wherever it is counted."""
    CampaignNeed.objects.filter(need=need).update(met_on=on, updated_at=timezone.now())


@transaction.atomic
def count_seats(campaign_id: UUID, seats: int) -> None:
    """So many seats of a training are kept for those it brings."""
    Campaign.objects.filter(pk=campaign_id).update(seats_kept=seats, updated_at=timezone.now())


def target_of(campaign: Campaign) -> dict[str, str]:
    """Whom it looks for, as plain words of the lists."""
    return {name: getattr(campaign, name) for name in TARGET}


def _write(campaign: Campaign, fields: dict[str, Any]) -> None:
    if unknown := set(fields) - FIELDS:
        raise TypeError(f"a campaign has no {unknown}")
    for name, value in fields.items():
        setattr(campaign, name, " ".join(value.split()) if isinstance(value, str) else value)
    if not terms.is_known(campaign.code):
        raise Refused("unknown_code", _("Choose in the list what was lived through."))
    if campaign.departement and not territory.is_known(campaign.departement):
        raise Refused("unknown_place", _("Choose a département in the list, or leave it empty."))
    if campaign.seats > MOST_SEATS:
        raise Refused("many_seats", _("Ask for %(most)s seats at most.") % {"most": MOST_SEATS})
    try:
        campaign.full_clean(exclude=["organisation"], validate_unique=False)
    except ValidationError as error:
        raise Refused("incomplete", " ".join(dict.fromkeys(error.messages))) from error


def _new_slug() -> str:
    return "".join(secrets.choice(LETTERS) for _letter in range(SLUG_LENGTH))


def _next_number(organisation_id: UUID) -> int:
    list(Organisation.objects.select_for_update().filter(pk=organisation_id).values_list("pk"))
    last = Campaign.objects.filter(organisation_id=organisation_id).order_by("-number").first()
    return last.number + 1 if last is not None else 1
