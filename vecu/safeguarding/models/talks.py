"""« J’ai besoin de parler »."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.safeguarding.enums import TalkState
from vecu.safeguarding.querysets import TalkRequestQuerySet


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
