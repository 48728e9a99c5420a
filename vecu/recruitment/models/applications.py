"""Someone would like to help."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.peers.enums import Profile
from vecu.recruitment.enums import ApplicationState, LetterWay, Outcome, Reason
from vecu.recruitment.querysets import ApplicationQuerySet, DecisionQuerySet, LetterQuerySet


class Application(Row):
    """An application, from the form to its end. What is told is sealed under its own key.

    `answers`: {"you": {…}, "lived": {…}, "offer": {…}, "rules": {…}, "contact": {…}}, as the steps of the form gave
    them. `own_words` is the applicant's own document (what moves them, what they will not talk about, their limits),
    under a second key, destroyed when it is decided. `unmet` are codes of ConditionKind, to be looked at by a person.
    `receipt_index` and `link_index` are the marks of the code and of the link by which the person follows it.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    profile = models.CharField(_("role"), max_length=20, choices=Profile.choices)
    state = models.CharField(
        _("state"), max_length=12, choices=ApplicationState.choices, default=ApplicationState.RECEIVED
    )
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    own_vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    given_name = EncryptedTextField(_("first name"), key="vault_id")
    answers = EncryptedJSONField(key="vault_id")
    own_words = EncryptedJSONField(key="own_vault_id", null=True)
    unmet = models.JSONField(_("conditions to look at"), default=list)
    language = models.CharField(max_length=2, default="fr")
    agreed_at = models.DateTimeField(_("agreed"))
    receipt_index = models.CharField(max_length=64, unique=True)
    link_index = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(_("received"))
    moved_at = models.DateTimeField(_("in this state since"))
    answer_by = models.DateTimeField(_("answer due"), null=True, blank=True)
    outcome = models.CharField(_("answer"), max_length=12, choices=Outcome.choices, blank=True)
    why = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    talk_again_on = models.DateField(_("talk again on"), null=True, blank=True)
    redirected_to = models.CharField(_("role proposed instead"), max_length=20, choices=Profile.choices, blank=True)
    campaign = models.ForeignKey(
        "recruitment.Campaign", models.SET_NULL, null=True, blank=True, related_name="applications"
    )
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    expires_on = models.DateField(_("deleted on"))

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        # In the order of the list: a page of it stops at its fiftieth line.
        indexes = [
            models.Index(fields=["organisation", "state", "answer_by", "received_at", "id"]),
            models.Index(fields=["expires_on"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="application_numbers"),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "to_meet", "interviewed", "decided"]) | Q(answer_by__isnull=False),
                name="application_answer_is_due",
                violation_error_message=_("Someone who waits has a day by which they are answered."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "accepted", "deferred", "redirected", "declined"])
                | (~Q(outcome="") & (Q(outcome="accepted") | ~Q(why=""))),
                name="application_decided_with_reason",
                violation_error_message=_("Say what is answered, and why."),
            ),
            models.CheckConstraint(
                condition=~Q(state="deferred") | Q(talk_again_on__isnull=False),
                name="application_deferred_to_a_day",
                violation_error_message=_("Give the day on which you talk again."),
            ),
        ]

    def __str__(self) -> str:
        return f"application {self.number}"

    def told(self, step: str) -> dict[str, Any]:
        """What was answered at a step; nothing once it is erased."""
        answers = self.answers if isinstance(self.answers, dict) else {}
        return dict(answers.get(step) or {})


class ApplicationDraft(models.Model):
    """Answers before they are sent: known to one browser by its session, or to whoever holds its code; erased a month
    after the last answer."""

    id = models.UUIDField(primary_key=True)
    recruitment = models.ForeignKey("recruitment.Recruitment", models.CASCADE, related_name="+")
    campaign = models.ForeignKey("recruitment.Campaign", models.SET_NULL, null=True, blank=True, related_name="+")
    profile = models.CharField(max_length=20, choices=Profile.choices)
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    answers = EncryptedJSONField(key="vault_id")
    resume_index = models.CharField(max_length=64, blank=True, db_index=True)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("application being written")

    def __str__(self) -> str:
        return f"draft {self.pk}"


class Decision(Row):
    """What one person decided, and who confirmed it. A decision taken back stays, dated: it is part of the story."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="decisions")
    outcome = models.CharField(_("answer"), max_length=12, choices=Outcome.choices)
    why = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True)
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(taken_back_at=None), name="one_decision_in_force"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("by")),
                name="decision_confirmed_by_another",
                violation_error_message=_("Someone else confirms: two people decide here."),
            ),
        ]

    def __str__(self) -> str:
        return self.outcome


class ApplicationLetter(Row):
    """An answer as it was sent, for the person to read on the page of their application."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    application = models.ForeignKey(Application, models.CASCADE, related_name="letters")
    outcome = models.CharField(_("answer"), max_length=12, choices=Outcome.choices)
    way = models.CharField(_("how it left"), max_length=10, choices=LetterWay.choices)
    body = EncryptedTextField(_("words"), key="application.vault_id")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"letter {self.outcome}"
