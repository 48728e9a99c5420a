"""Whom to reach in a danger, written by the person and sealed; and each opening of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.safeguarding.enums import OpeningState
from vecu.safeguarding.querysets import SealedContactQuerySet, SealedOpeningQuerySet


class SealedContact(Row):
    """Where and whom to reach if the person's life is in danger: their own words, under a key of its own.

    Theirs wherever they take part, so no organisation; opened only from an alert, as `SealedOpening` says.
    """

    person = models.OneToOneField("people.Person", models.CASCADE, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    town = EncryptedTextField(_("town"), key="vault_id", blank=True)
    phone = EncryptedTextField(_("phone"), key="vault_id", blank=True)
    relative = EncryptedTextField(_("someone close"), key="vault_id", blank=True)
    relative_phone = EncryptedTextField(_("their phone"), key="vault_id", blank=True)
    written_at = models.DateTimeField()

    objects = SealedContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("sealed contact")

    def __str__(self) -> str:
        return f"sealed contact {self.pk}"


class SealedOpening(Row):
    """One opening of a sealed contact: who asked, why, who agreed, and when the person was told."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    alert = models.ForeignKey("safeguarding.Alert", models.CASCADE, related_name="openings")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    reason = EncryptedTextField(_("why it must be opened"), key="alert.vault_id")
    is_alone = models.BooleanField(_("opened alone, for an imminent peril"), default=False)
    state = models.CharField(max_length=10, choices=OpeningState.choices, default=OpeningState.ASKED)
    second = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    objects = SealedOpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of a sealed contact")
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="opened") | Q(opened_at__isnull=False),
                name="sealed_opening_dated",
                violation_error_message=_("An opening has a moment."),
            ),
            models.CheckConstraint(
                condition=Q(second=None) | Q(asked_by=None) | ~Q(second=F("asked_by")),
                name="sealed_opening_by_two",
                violation_error_message=_("The second person cannot be the one who asked."),
            ),
            models.UniqueConstraint(fields=["alert"], condition=Q(state="asked"), name="one_opening_asked"),
        ]

    def __str__(self) -> str:
        return f"opening {self.asked_at:%Y-%m-%d}"
