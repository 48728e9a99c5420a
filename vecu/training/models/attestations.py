"""What attests a course, what is accepted in its place, and what attests an engagement."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.training.enums import (
    AttestationState,
    EquivalenceState,
    Qualification,
    RevocationReason,
)
from vecu.training.models.cohorts import Cohort
from vecu.training.models.courses import Course
from vecu.training.querysets import (
    AttestationQuerySet,
    EngagementAttestationQuerySet,
    EquivalenceQuerySet,
    IssuerKeyQuerySet,
)


class Attestation(Row):
    """That someone followed a course to its end. Written once: what it says is a copy, whatever changes afterwards.

    `code` opens the public check page; it is sealed with its holder's key so that the same paper can be printed
    again, and looked up by `code_mark` only. A renewal is a new row that `replaces` the old one.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="attestations")
    course = models.ForeignKey(Course, models.PROTECT, related_name="attestations")
    cohort = models.ForeignKey(Cohort, models.SET_NULL, null=True, blank=True, related_name="attestations")
    number = models.PositiveIntegerField(_("number"))
    name = EncryptedTextField(_("name"), key="person.vault_id")
    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organised by"), max_length=120)
    qualification = models.CharField(_("gives"), max_length=20, choices=Qualification.choices)
    minutes = models.PositiveIntegerField(_("length"))
    online_minutes = models.PositiveIntegerField(_("of which online"), default=0)
    content = models.JSONField(default=list, blank=True)
    completed_on = models.DateField(_("obtained on"))
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=AttestationState.choices, default=AttestationState.VALID)
    revoked_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    revoke_reason = models.CharField(_("why"), max_length=12, choices=RevocationReason.choices, blank=True)
    code = EncryptedTextField(key="person.vault_id")
    code_mark = models.CharField(max_length=64, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="renewals")
    clearance = models.ForeignKey("peers.Clearance", models.SET_NULL, null=True, blank=True, related_name="+")
    issued_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attestation")
        ordering = ["-issued_on", "-number"]
        indexes = [models.Index(fields=["organisation", "state", "expires_on"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="attestation_numbers"),
            models.UniqueConstraint(fields=["code_mark"], condition=~Q(code_mark=""), name="attestation_codes"),
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(state=AttestationState.VALID, replaces=None),
                name="attestation_once_a_cohort",
                violation_error_message=_("This person already has the attestation of this cohort."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="attestation_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=AttestationState.VALID, revoked_at=None, revoke_reason="")
                    | (Q(state=AttestationState.REVOKED, revoked_at__isnull=False) & ~Q(revoke_reason=""))
                ),
                name="attestation_revoked_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.number}"

    @property
    def is_revoked(self) -> bool:
        return self.state == AttestationState.REVOKED

    def is_over(self, on: date | None = None) -> bool:
        """Out of date that day; the last day still counts."""
        return self.expires_on is not None and self.expires_on < (on or timezone.localdate())


class Equivalence(Row):
    """A diploma someone asks to have accepted in place of a training, with its proof sealed under a key of its own."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="equivalences")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    qualification = models.CharField(_("in place of"), max_length=20, choices=Qualification.choices)
    diploma = EncryptedTextField(_("diploma"), key="vault_id", max_length=200)
    obtained_on = models.DateField(_("obtained on"))
    proof = EncryptedBinaryField(key="vault_id")
    state = models.CharField(max_length=10, choices=EquivalenceState.choices, default=EquivalenceState.ASKED)
    asked_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = EncryptedTextField(_("answer to the person"), key="vault_id", blank=True, max_length=500)
    clearance = models.ForeignKey("peers.Clearance", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EquivalenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("equivalence")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "qualification"],
                condition=Q(state__in=(EquivalenceState.ASKED, EquivalenceState.ACCEPTED)),
                name="equivalence_once",
                violation_error_message=_("A diploma was already sent for this: it is being looked at, or accepted."),
            ),
            models.CheckConstraint(
                condition=Q(state=EquivalenceState.ASKED, decided_at=None)
                | (~Q(state=EquivalenceState.ASKED) & Q(decided_at__isnull=False)),
                name="equivalence_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"equivalence {self.pk}"


class EngagementAttestation(Row):
    """What somebody gave here, written when they leave, with the letter that thanks them. Counts only, copied once.

    Its code opens the public check page as that of an `Attestation` does.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="engagement_attestations")
    name = EncryptedTextField(_("name"), key="person.vault_id")
    letter = EncryptedTextField(_("letter"), key="person.vault_id", max_length=4000)
    content = EncryptedJSONField(_("what was given"), key="person.vault_id")
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"))
    issued_on = models.DateField(_("issued on"))
    code = EncryptedTextField(key="person.vault_id")
    code_mark = models.CharField(max_length=64, blank=True)
    return_asked_on = models.DateField(_("would like to come back, since"), null=True, blank=True)

    objects = EngagementAttestationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attestation of engagement")
        ordering = ["-issued_on"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "person", "started_on"], name="engagement_attested_once"),
            models.UniqueConstraint(fields=["code_mark"], condition=~Q(code_mark=""), name="engagement_codes"),
            models.CheckConstraint(condition=Q(ended_on__gte=F("started_on")), name="engagement_in_order"),
        ]

    def __str__(self) -> str:
        return f"engagement {self.pk}"


class IssuerKey(Row):
    """The key with which an organisation signs its badges; its secret half never leaves the vault."""

    organisation = models.OneToOneField("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    public = models.CharField(max_length=44)
    secret = EncryptedBinaryField(key="vault_id")

    objects = IssuerKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of badges")

    def __str__(self) -> str:
        return f"issuer {self.organisation_id}"
