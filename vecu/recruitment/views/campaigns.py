"""Campaigns: opened from a need, answered on a public page, followed to the day somebody is met."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, public, visible
from vecu.core.http import page_of, redirect, show, show_form
from vecu.peers.forms.inputs import accepted
from vecu.people.actor import PUBLIC
from vecu.people.models import Organisation
from vecu.people.policy import Can
from vecu.recruitment import looking
from vecu.recruitment.actions import campaigns
from vecu.recruitment.enums import PROFILE_WORDS, CampaignState
from vecu.recruitment.forms.campaigns import CampaignForm, LineForm
from vecu.recruitment.models import Campaign, Recruitment

CAMPAIGN_KEY = "apply_campaign"


@gate(Can.MANAGE_RECRUITMENT)
def campaign_list(request: HttpRequest) -> HttpResponse:
    """Whom we look for, and looked for."""
    page = page_of(visible(Campaign, request.actor).newest_first(), request)
    return show(
        request, "recruitment/campaign_list.html", page=page, rows=[looking.row_of(one) for one in page.object_list]
    )


@gate(Can.MANAGE_RECRUITMENT)
@require_POST
def campaign_prepare(request: HttpRequest) -> HttpResponse:
    """From a line of needs: everything it says is in the campaign, to be read again and opened."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    form = LineForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("This line cannot be read any more. Write here whom you look for."))
        return redirect(request, "campaign_add")
    campaign = campaigns.prepare_campaign(here, actor=request.actor, **form.cleaned_data)
    return redirect(request, "campaign_edit", campaign.pk)


@gate(Can.MANAGE_RECRUITMENT)
def campaign_add(request: HttpRequest) -> HttpResponse:
    """A campaign written from nothing."""
    here = get_visible(Organisation, request.actor, pk=request.actor.organisation_id)
    form = CampaignForm(request.POST or None, initial=looking.usual())
    if form.is_valid():
        made = accepted(form, lambda: campaigns.prepare_campaign(here, actor=request.actor, **form.cleaned_data))
        if made:
            return redirect(request, "campaign_edit", made.pk)
    return show_form(request, "recruitment/campaign_edit.html", form, campaign=None)


@gate(Can.MANAGE_RECRUITMENT)
def campaign_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Read again, changed, and opened in the same gesture when it is not yet."""
    campaign = get_visible(Campaign, request.actor, pk=pk)
    if campaign.state == CampaignState.CLOSED:
        return redirect(request, "campaign_detail", pk)
    is_open = campaign.state == CampaignState.OPEN
    form = CampaignForm(request.POST or None, initial=looking.initial_of(campaign), is_open=is_open)
    if form.is_valid() and accepted(form, lambda: _save(request, campaign, form)):
        return redirect(request, "campaign_detail", pk)
    return show_form(
        request, "recruitment/campaign_edit.html", form, campaign=campaign, who=looking.who(campaign), is_open=is_open
    )


def _save(request: HttpRequest, campaign: Campaign, form: CampaignForm) -> Campaign:
    campaigns.edit_campaign(campaign, actor=request.actor, **form.cleaned_data)
    if "open" in request.POST and campaign.state == CampaignState.DRAFT:
        campaigns.open_campaign(campaign, actor=request.actor)
        messages.success(request, _("The campaign is open: its page may be sent, posted and printed."))
    else:
        messages.success(request, _("Saved."))
    return campaign


@gate(Can.MANAGE_RECRUITMENT)
def campaign_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How many applied, were accepted, are ready, and which needs were met since."""
    campaign = get_visible(Campaign, request.actor, pk=pk)
    address = settings.PUBLIC_URL.rstrip("/") + reverse("campaign_answer", args=[campaign.slug])
    return show(
        request,
        "recruitment/campaign_detail.html",
        campaign=campaign,
        who=looking.who(campaign),
        counts=looking.counts_of(campaign, request.actor),
        address=address,
    )


@gate(Can.MANAGE_RECRUITMENT)
@require_POST
def campaign_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Nobody else is looked for."""
    campaigns.close_campaign(get_visible(Campaign, request.actor, pk=pk), actor=request.actor)
    messages.info(request, _("The campaign is closed. Those who have applied are answered as usual."))
    return redirect(request, "campaign_detail", pk)


@public
def campaign_answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Whom a team looks for; answering opens the form, begun with it. Public: it shows what is published."""
    campaign = visible(Campaign, PUBLIC, Can.APPLY).select_related("organisation").filter(slug=slug).first()
    if campaign is None:
        return show(request, "recruitment/campaign_over.html", status=404)
    recruitment = visible(Recruitment, PUBLIC).filter(organisation=campaign.organisation_id).first()
    if recruitment is None:
        raise Http404("recruitment")
    if request.method == "POST":
        request.session[CAMPAIGN_KEY] = str(campaign.pk)
        return redirect(request, reverse("apply_step", args=[recruitment.pk, campaign.profile, "you"]))
    return show(
        request,
        "recruitment/campaign_answer.html",
        campaign=campaign,
        recruitment=recruitment,
        who=looking.who(campaign),
        words=PROFILE_WORDS.get(campaign.profile, ""),
    )
