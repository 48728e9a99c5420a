"""Who is on duty, when, and what to do in a crisis."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.safeguarding.querysets import CrisisPathQuerySet, DutyHoursQuerySet, DutyShiftQuerySet


class DutyHours(Row):
    """The weekly hours in which someone answers. `weekday` 0 is Monday; local time."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))

    objects = DutyHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty hours")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__gt=F("starts")) & Q(weekday__lte=6),
                name="duty_hours_in_order",
                violation_error_message=_("These hours end before they start."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.starts}-{self.ends}"


class DutyShift(Row):
    """One person on duty from a moment to a moment. Counts only once that person has said yes.

    `phone` is the line of the duty, never a private number: shown to the team, who rings it. Vécu rings nobody.
    `rings_outside_hours`: the programme pays for this line to be answered outside the duty hours too.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    rank = models.PositiveSmallIntegerField(_("called"), default=1, help_text=_("1: first, 2: second person"))
    phone = models.CharField(_("duty phone"), max_length=30, blank=True)
    rings_outside_hours = models.BooleanField(_("answered outside duty hours too"), default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty shift")
        ordering = ["starts_at", "rank"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="duty_shift_in_order",
                violation_error_message=_("This shift ends before it starts."),
            ),
            models.CheckConstraint(
                condition=Q(rings_outside_hours=False) | ~Q(phone=""),
                name="duty_shift_paid_with_phone",
                violation_error_message=_("Give the number that is answered outside duty hours."),
            ),
        ]

    def __str__(self) -> str:
        return f"shift {self.starts_at:%Y-%m-%d %H:%M}"


class CrisisPath(Row):
    """The written path in a crisis: who does what. A new version is a new row; the newest approved one holds."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    steps = models.TextField(_("what to do, step by step"))
    phone = models.CharField(_("duty phone"), max_length=30, blank=True)
    referent = models.ForeignKey(
        "people.Person", models.PROTECT, related_name="+", verbose_name=_("psychologist or doctor to call")
    )
    head = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("head of the programme"))
    approved_on = models.DateField(_("approved on"), null=True, blank=True)

    objects = CrisisPathQuerySet.as_manager()

    class Meta:
        verbose_name = _("crisis path")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["organisation", "version"], name="crisis_path_versions")]

    def __str__(self) -> str:
        return f"crisis path v{self.version}"
