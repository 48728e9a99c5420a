"""Dated gatherings with places, who takes part, and who was there."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.agenda.enums import EnrolmentState, GatheringKind, GatheringState, Presence
from vecu.agenda.querysets import (
    AttendanceQuerySet,
    CalendarFeedQuerySet,
    EnrolmentQuerySet,
    GatheringQuerySet,
    HalfDayQuerySet,
)
from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row


class Gathering(Row):
    """People who meet on one or several half-days: a training cohort, a supervision group, an interview.

    `taken` counts the places taken and `kept` those kept for people to come, which a constraint keeps together under
    `places` (none: no limit). `starts_at` and
    `ends_at` are those of the first and last half-day, kept here so that lists need not look for them.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=GatheringKind.choices)
    title = models.CharField(_("title"), max_length=100)
    host = models.ForeignKey("people.Person", models.PROTECT, related_name="+", verbose_name=_("led by"))
    site = models.ForeignKey("people.Site", models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=120, blank=True)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    taken = models.PositiveSmallIntegerField(default=0)
    kept = models.PositiveSmallIntegerField(_("places kept"), default=0)
    is_open = models.BooleanField(_("peers may enrol by themselves"), default=False)
    state = models.CharField(max_length=10, choices=GatheringState.choices, default=GatheringState.PLANNED)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = _("gathering")
        indexes = [models.Index(fields=["organisation", "state", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(places=None) | Q(places__gte=F("taken") + F("kept")),
                name="gathering_capacity",
                violation_error_message=_("More people are already enrolled than that. Choose a larger number."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None) | Q(state=GatheringState.CANCELLED), name="gathering_cancelled_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.taken + self.kept >= self.places


class HalfDay(Row):
    """One half-day of a gathering. Taken out, it stays: calendars that know it must be told.

    `sequence` grows each time it changes, as calendars count.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="half_days")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    site = models.ForeignKey("people.Site", models.SET_NULL, null=True, blank=True, related_name="+")
    place = models.CharField(_("place"), max_length=120, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    removed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = HalfDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("half-day")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["organisation", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="half_day_in_order",
                violation_error_message=_("It ends before it begins."),
            ),
            models.UniqueConstraint(
                fields=["gathering", "starts_at"], condition=Q(removed_at=None), name="half_day_once"
            ),
        ]

    def __str__(self) -> str:
        return f"half-day {self.pk}"

    @property
    def length(self) -> timedelta:
        """Time truly spent, also on the nights clocks change."""
        return self.ends_at - self.starts_at


class Enrolment(Row):
    """Someone's place in a gathering, or their turn on the waiting list. Coming back makes a new line.

    `load_reason`: why they were put on the list although they carry as much as they accept; they read it.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="enrolments")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="enrolments")
    state = models.CharField(max_length=10, choices=EnrolmentState.choices, default=EnrolmentState.ENROLLED)
    asked_at = models.DateTimeField(_("asked"))
    enrolled_at = models.DateTimeField(_("has a place since"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("no longer coming since"), null=True, blank=True)
    load_reason = EncryptedTextField(
        _("enrolled above what they accept, because"), key="person.vault_id", blank=True, max_length=200
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        indexes = [models.Index(fields=["person", "state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "person"],
                condition=~Q(state=EnrolmentState.WITHDRAWN),
                name="one_place_a_person",
                violation_error_message=_("This person is already on the list."),
            )
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class Attendance(Row):
    """Whether someone was there for one half-day: one line, never two. What was said there is written nowhere.

    `signature` is what the person drew or typed, sealed under their own key.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    half_day = models.ForeignKey(HalfDay, models.CASCADE, related_name="attendances")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="attendances")
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices)
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    signature = EncryptedTextField(_("signature"), key="person.vault_id", blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        indexes = [models.Index(fields=["person", "presence"])]
        constraints = [
            models.UniqueConstraint(fields=["half_day", "person"], name="half_day_counted_once"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(presence=Presence.PRESENT),
                name="only_the_present_sign",
                violation_error_message=_("Only someone who was there signs."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.half_day_id} {self.presence}"


class CalendarFeed(Row):
    """The secret address by which someone's own calendar reads their dates. Only a hash of it is kept."""

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2, default="fr")
    renewed_at = models.DateTimeField(_("address made"))
    read_at = models.DateTimeField(_("last asked by a calendar"))

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")

    def __str__(self) -> str:
        return f"calendar {self.pk}"
