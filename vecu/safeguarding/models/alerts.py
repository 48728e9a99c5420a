"""Alerts, the clocks of their escalation, and the days on which they are looked at again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.safeguarding.enums import AlertKind, AlertOutcome, AlertState, Danger, ReviewKind
from vecu.safeguarding.querysets import AlertClockQuerySet, AlertQuerySet, AlertReviewQuerySet


class Alert(Row):
    """Something that a human must look at now. Closed only by a human, with a reason.

    `counted_from` is when the clocks start: at once, or at the next duty hours when nobody's are running.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind.choices)
    danger = models.CharField(_("immediate danger"), max_length=10, choices=Danger.choices, default=Danger.UNSURE)
    subject = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    counted_from = models.DateTimeField()
    opened_on_duty = models.BooleanField(_("during duty hours"))
    where = EncryptedTextField(_("where the person is"), key="vault_id", blank=True)
    facts = EncryptedTextField(_("what happened, in a few words"), key="vault_id", blank=True)
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=AlertOutcome.choices, blank=True)
    closing_note = EncryptedTextField(_("note"), key="vault_id", blank=True)
    expires_on = models.DateField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="alert_closed_with_reason",
                violation_error_message=_("An alert is closed by a person, with a reason."),
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(owner__isnull=False) | Q(state="closed"),
                name="alert_taken_by_someone",
                violation_error_message=_("An alert in hand has a name."),
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"

    @property
    def is_from_closed_hours(self) -> bool:
        """Raised when nobody's hours were running: the first thing seen at the next opening."""
        return self.counted_from > self.opened_at


class AlertClock(Row):
    """One step of the escalation: at `minutes` after opening, `step` is told if nobody has taken the alert."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="clocks")
    minutes = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=20)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    told = models.ManyToManyField("people.Person", related_name="+")

    objects = AlertClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation step")
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["alert", "step"], name="escalation_steps_once")]

    def __str__(self) -> str:
        return f"{self.step} {self.minutes}"


class AlertReview(Row):
    """A day on which a human looks again at an alert, whatever became of it. Done once, by a named person.

    `person` is the peer to sit with, for a debrief; `opening` the sealed contact opened by one person alone, which
    somebody else looks at.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, models.CASCADE, related_name="reviews")
    kind = models.CharField(_("what is looked at"), max_length=10, choices=ReviewKind.choices)
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    opening = models.ForeignKey(
        "safeguarding.SealedOpening", models.CASCADE, null=True, blank=True, related_name="reviews"
    )
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    note = EncryptedTextField(_("note"), key="alert.vault_id", blank=True)

    objects = AlertReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of an alert")
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "kind"], condition=Q(opening=None), name="one_review_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at:%Y-%m-%d}"
