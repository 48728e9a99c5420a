"""A campaign: people looked for because somebody waits for them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.peers import terms
from vecu.peers.enums import AgeClass, PeerKind, Profile
from vecu.recruitment.enums import CampaignState
from vecu.recruitment.querysets import CampaignQuerySet, HereQuerySet


class Campaign(Row):
    """People looked for: which experience, where, how many, from when to when.

    `slug` is its public address, made of letters that mean nothing: no word of health is ever in an address.
    `applied` and `accepted` are counted as it happens, so that they outlive applications, deleted after a year.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    slug = models.SlugField(max_length=12, unique=True)
    profile = models.CharField(_("role"), max_length=20, choices=Profile.choices, default=Profile.COMPANION)
    code = models.CharField(_("experience looked for"), max_length=40)
    kind = models.CharField(_("lived as"), max_length=10, choices=PeerKind.choices, default=PeerKind.PATIENT)
    age_class = models.CharField(_("age"), max_length=10, choices=AgeClass.choices, blank=True)
    departement = models.CharField(_("département"), max_length=3, blank=True)
    wish = models.CharField(_("what would help besides"), max_length=140, blank=True)
    wanted = models.PositiveSmallIntegerField(_("people looked for"), default=1)
    seats = models.PositiveSmallIntegerField(_("seats wanted in a training"), default=0)
    seats_kept = models.PositiveSmallIntegerField(default=0)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=CampaignState.choices, default=CampaignState.DRAFT)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    applied = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        indexes = [models.Index(fields=["organisation", "state", "code"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="campaign_numbers"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="campaign_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wanted__lte=50),
                name="campaign_looks_for_someone",
                violation_error_message=_("Look for 1 to 50 people."),
            ),
        ]

    def __str__(self) -> str:
        return f"campaign {self.number}"

    def prefill(self, step: str) -> dict[str, Any]:
        """What the pages of the form begin with, for the person to keep or change."""
        label = terms.label(self.code) if terms.is_known(self.code) else ""
        return {
            "you": {"kind": self.kind},
            "lived": {"condition": label},
            "offer": {"departement": self.departement},
        }.get(step, {})


class CampaignNeed(Row):
    """One need the campaign was opened for or that came meanwhile, by its key only; the day it was met."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="needs")
    need = models.UUIDField()
    met_on = models.DateField(null=True, blank=True)

    objects = HereQuerySet.as_manager()

    class Meta:
        verbose_name = _("need of a campaign")
        constraints = [models.UniqueConstraint(fields=["campaign", "need"], name="campaign_counts_a_need_once")]
        indexes = [models.Index(fields=["need"])]

    def __str__(self) -> str:
        return f"need of {self.campaign_id}"
