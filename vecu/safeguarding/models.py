"""Who is on duty, what to do in a crisis, and every alert, report and call for help with its owner and clock."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.safeguarding.enums import (
    AlertKind,
    AlertOutcome,
    AlertState,
    Danger,
    ReportOutcome,
    ReportReason,
    ReportState,
    TalkState,
)
from vecu.safeguarding.querysets import (
    AlertClockQuerySet,
    AlertQuerySet,
    CrisisPathQuerySet,
    DutyHoursQuerySet,
    DutyShiftQuerySet,
    ReportQuerySet,
    TalkRequestQuerySet,
)


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
    """One person on duty from a moment to a moment. Counts only once that person has said yes."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    rank = models.PositiveSmallIntegerField(_("called"), default=1, help_text=_("1: first, 2: second person"))
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
            )
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


class Alert(Row):
    """Something that a human must look at now. Closed only by a human, with a reason."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=20, choices=AlertKind.choices)
    danger = models.CharField(_("immediate danger"), max_length=10, choices=Danger.choices, default=Danger.UNSURE)
    subject = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    opened_on_duty = models.BooleanField(_("during duty hours"))
    where = EncryptedTextField(_("where the person is"), key="vault_id", blank=True)
    facts = EncryptedTextField(_("what happened, in a few words"), key="vault_id", blank=True)
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.OPEN)
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=AlertOutcome.choices, blank=True)
    closing_note = EncryptedTextField(_("note"), key="vault_id", blank=True)
    review_on = models.DateField(_("look again on"), null=True, blank=True)
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


class TalkRequest(Row):
    """« J’ai besoin de parler »: a peer asks the psychologist for a call, and sees who will call and when."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    words = EncryptedTextField(_("a word, if you wish"), key="vault_id", blank=True)
    state = models.CharField(max_length=10, choices=TalkState.choices, default=TalkState.ASKED)
    answered_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    call_at = models.DateTimeField(_("call planned"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = TalkRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request to talk")
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="promised") | Q(call_at__isnull=False, answered_by__isnull=False),
                name="talk_promised_by_someone",
                violation_error_message=_("Say who will call and when."),
            )
        ]

    def __str__(self) -> str:
        return f"talk {self.asked_at:%Y-%m-%d}"
