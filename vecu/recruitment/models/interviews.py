"""Meeting someone who applies: hours offered, what came of it, and what stays with whoever held it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.people.enums import Role
from vecu.recruitment.enums import InterviewOutcome, MeetingWay
from vecu.recruitment.models.applications import Application
from vecu.recruitment.querysets import GuideQuerySet, InterviewQuerySet, NoteQuerySet, SlotQuerySet

HOSTS = [(Role.COORDINATOR, Role.COORDINATOR.label), (Role.PSYCHOLOGIST, Role.PSYCHOLOGIST.label)]


class InterviewSlot(Row):
    """An hour offered by someone who holds interviews; one person takes it, and moves alone.

    Once taken it stands in the agenda of the host (`gathering`), as an interview with one place. Applicants are not
    people of Vécu yet: the place is held here, by the application.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    host = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    held_as = models.CharField(_("held as"), max_length=20, choices=HOSTS)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    way = models.CharField(_("how"), max_length=10, choices=MeetingWay.choices, default=MeetingWay.PHONE)
    place = models.CharField(_("where"), max_length=120, blank=True)
    application = models.ForeignKey(Application, models.SET_NULL, null=True, blank=True, related_name="slots")
    gathering = models.ForeignKey("agenda.Gathering", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview slot")
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["organisation", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "starts_at"],
                name="one_slot_at_a_time",
                violation_error_message=_("You already offer this hour."),
            ),
            models.UniqueConstraint(fields=["application"], condition=Q(closed_at=None), name="one_interview_to_come"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="slot_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.starts_at:%Y-%m-%d %H:%M}"


class Interview(Row):
    """An interview held: who, when, and its outcome as a code. Nothing else is said to others."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="interviews")
    host = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    held_as = models.CharField(_("held as"), max_length=20, choices=HOSTS)
    held_on = models.DateField(_("held on"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=InterviewOutcome.choices)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        ordering = ["-held_on", "-created_at"]

    def __str__(self) -> str:
        return f"interview {self.held_on}"


class InterviewGuide(Row):
    """The structured guide of one interview, under its own key: read by its host, and by those who coordinate when
    one of them held it; a psychologist's stays theirs.

    `answers`: {"motivation", "silences", "limits", "availability", "conflict"}: short words.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    interview = models.OneToOneField(Interview, models.CASCADE, related_name="guide")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    answers = EncryptedJSONField(key="vault_id")

    objects = GuideQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview guide")

    def __str__(self) -> str:
        return f"guide {self.interview_id}"


class InterviewNote(Row):
    """Private notes of whoever held the interview, under a key of their own: opened by their author only."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    interview = models.OneToOneField(Interview, models.CASCADE, related_name="note")
    author = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    words = EncryptedTextField(_("private notes"), key="vault_id", blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("private notes")

    def __str__(self) -> str:
        return f"note {self.interview_id}"
