"""Reported lines, and each opening of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.safeguarding.enums import ReportOutcome, ReportReason, ReportState
from vecu.safeguarding.querysets import ReportQuerySet


class Report(Row):
    """A reported line. Opens that line and two on each side, nothing more; each opening is told to both people.

    `message` is known by its key only: safeguarding and messaging are siblings; wiring joins them.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    thread_key = models.UUIDField()
    message_key = models.UUIDField()
    reporter = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    reported = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=20, choices=ReportReason.choices)
    words = EncryptedTextField(_("what you want to add"), key="vault_id", blank=True)
    reported_at = models.DateTimeField()
    answer_by = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.RECEIVED)
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=ReportOutcome.choices, blank=True)
    answer = EncryptedTextField(_("answer to the person who reported"), key="vault_id", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        ordering = ["answer_by"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_at__isnull=False) & ~Q(outcome="")),
                name="report_answered_with_outcome",
                violation_error_message=_("Say what was decided."),
            ),
            models.UniqueConstraint(fields=["message_key", "reporter"], name="one_report_a_line"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"


class ReportReading(Row):
    """One opening of reported lines: who, when, which. Shown to both people."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, models.CASCADE, related_name="readings")
    reader = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField()
    message_keys = models.JSONField(default=list)

    class Meta:
        verbose_name = _("reading of reported lines")
        ordering = ["-read_at"]

    def __str__(self) -> str:
        return f"reading {self.read_at:%Y-%m-%d}"
