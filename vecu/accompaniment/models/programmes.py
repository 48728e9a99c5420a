"""A programme and its clocks, and the doors that wards use."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.querysets import ProgrammeQuerySet, WardDoorQuerySet
from vecu.core.models import Row


class Programme(Row):
    """A one-to-one support programme. Every promise shown to a person is computed from these clocks.

    Defaults follow domain.md 4.9 (first-contact clocks after the Canadian Cancer Society's peer match).
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="programmes")
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone shown on every step"), max_length=30)
    is_open = models.BooleanField(_("open to requests"), default=False)
    call_working_days = models.PositiveSmallIntegerField(_("we call back within (working days)"), default=2)
    answer_hours = models.PositiveSmallIntegerField(_("a peer answers within (hours)"), default=48)
    unanswered_hours = models.PositiveSmallIntegerField(_("late on the first screen after (hours)"), default=72)
    first_contact_days = models.PositiveSmallIntegerField(_("first contact within (days)"), default=3)
    check_days = models.PositiveSmallIntegerField(_("we ask how it went within (days)"), default=7)
    silence_days = models.PositiveSmallIntegerField(_("silence is looked at after (days)"), default=30)
    ring_back_days = models.PositiveSmallIntegerField(_("someone who waits is called again after (days)"), default=14)
    follow_up_weeks = models.JSONField(_("later follow-ups (weeks)"), default=list)
    protocol_year = models.PositiveSmallIntegerField(
        _("treatments before this year are said to be older"), null=True, blank=True
    )
    keep_months = models.PositiveSmallIntegerField(_("kept after closing (months)"), default=12)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def dial(self) -> str:
        """The link that dials the phone."""
        return f"tel:{''.join(sign for sign in self.phone if sign.isdecimal() or sign == '+')}"

    @property
    def phone_line(self) -> str:
        """The phone as it is shown: never cut at the end of a line."""
        return self.phone.replace(" ", "\u00a0")

    @property
    def places(self) -> list[str]:
        """Where the team can be met: each town once, with its département."""
        return list(dict.fromkeys(f"{site.town} ({site.departement})" for site in self.organisation.sites.all()))


class WardDoor(Row):
    """The link or QR code by which one ward asks for a peer, without an account.

    `token` is short enough to be typed from a poster: twelve signs of an alphabet without look-alikes.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="doors")
    site = models.ForeignKey("people.Site", models.PROTECT, related_name="+")
    ward = models.CharField(_("ward"), max_length=120)
    token = models.CharField(max_length=43, unique=True)
    reply_to = models.EmailField(_("where the acknowledgement goes"), blank=True)
    reply_refused_at = models.DateTimeField(_("address refused by its mail server"), null=True, blank=True)
    is_open = models.BooleanField(_("open"), default=True)

    objects = WardDoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("ward link")
        ordering = ["ward"]

    def __str__(self) -> str:
        return f"door {self.pk}"
