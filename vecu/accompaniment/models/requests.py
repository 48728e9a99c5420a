"""Someone asks to talk with a person who has lived it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.enums import (
    CallOutcome,
    RequestClosing,
    RequestRole,
    RequestSource,
    RequestState,
)
from vecu.accompaniment.querysets import NeedQuerySet, RequestQuerySet, RequestRowQuerySet
from vecu.core.crypto import EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.peers.enums import Relation


class SupportRequest(Row):
    """A request, from the first word to its end. What is told about health is encrypted under its own key.

    `needs`: {"conditions": [code], "treatments": [code], "situations": [code], "stage": Stage,
    "age_at_diagnosis": int, "own_condition": str, "age_group": AgeGroup, "guardian": bool} — every key optional,
    a missing one is neutral. `guardian` is true when a holder of parental authority agreed for someone under 15.
    `wishes`: {"gender": Gender, "near_my_age": bool, "channels": [Channel], "slots": [Slot],
    "not_same_site": bool, "not_same_town": bool, "matters": [code], "excluded_peers": [uuid]}.
    `receipt_index` is the blind index of the receipt code given to the person (no account is needed to follow).
    `to_know` is a practical fact for the call (« en fauteuil »), never a judgement nor a story.
    After `expires_on` everything sealed is destroyed and the row only counts (`erased_at`).
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    programme = models.ForeignKey("accompaniment.Programme", models.PROTECT, related_name="requests")
    site = models.ForeignKey("people.Site", models.PROTECT, null=True, blank=True, related_name="+")
    door = models.ForeignKey("accompaniment.WardDoor", models.SET_NULL, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    source = models.CharField(_("how it came"), max_length=10, choices=RequestSource.choices)
    role = models.CharField(_("for"), max_length=10, choices=RequestRole.choices)
    relation = models.CharField(_("relation"), max_length=10, choices=Relation.choices, blank=True)
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, null=True, blank=True, related_name="requests")
    needs = EncryptedJSONField(key="vault_id")
    wishes = EncryptedJSONField(key="vault_id")
    own_words = EncryptedTextField(_("in their own words"), key="vault_id", blank=True, max_length=1000)
    to_know = EncryptedTextField(_("to know for the call"), key="vault_id", blank=True, max_length=140)
    call_parts = models.JSONField(_("when to call"), default=list, blank=True)
    departement = models.CharField(_("département"), max_length=3, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    languages = models.JSONField(_("languages"), default=list)
    fixed_on = models.DateField(_("fixed date"), null=True, blank=True)
    receipt_index = models.CharField(max_length=64, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.RECEIVED)
    received_at = models.DateTimeField()
    call_by = models.DateTimeField(_("to be called before"))
    opened_at = models.DateTimeField(null=True, blank=True)
    consent = models.ForeignKey("people.Consent", models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    ring_back_on = models.DateField(_("call again on"), null=True, blank=True)
    alternatives = models.JSONField(_("offered meanwhile"), default=list, blank=True)
    unmatched_reasons = models.JSONField(default=list, blank=True)
    ward_told_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.CharField(_("why it ended"), max_length=20, choices=RequestClosing.choices, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        indexes = [
            models.Index(fields=["organisation", "state", "call_by", "received_at", "id"]),
            # The two parts of the queue of those to match, each in its order.
            models.Index(fields=["organisation", "state", "received_at", "id"], name="requests_oldest_first"),
            models.Index(
                fields=["organisation", "fixed_on", "received_at", "id"],
                name="requests_with_a_date",
                condition=Q(fixed_on__isnull=False),
            ),
            models.Index(fields=["state", "expires_on"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="request_numbers"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(closing="")),
                name="request_closed_with_reason",
                violation_error_message=_("Say why this request ends."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["received", "closed"]) | Q(opened_at__isnull=False),
                name="request_opened_dated",
                violation_error_message=_("Record the person’s consent first."),
            ),
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(ring_back_on__isnull=False, owner__isnull=False),
                name="request_waiting_with_owner",
                violation_error_message=_("Someone who waits has a coordinator and a day to be called again."),
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.number}"

    @property
    def told(self) -> dict[str, Any]:
        """What was told, as codes; nothing once it is erased."""
        return self.needs if isinstance(self.needs, dict) else {}

    @property
    def wished(self) -> dict[str, Any]:
        """What was wished; nothing once it is erased."""
        return self.wishes if isinstance(self.wishes, dict) else {}


class CallAttempt(Row):
    """A call to the person by the coordinator: when and whether it was answered, never what was said."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    request = models.ForeignKey(SupportRequest, models.CASCADE, related_name="calls")
    by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    called_at = models.DateTimeField()
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome.choices)

    objects = RequestRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        ordering = ["-called_at"]

    def __str__(self) -> str:
        return self.outcome


class RequestDraft(models.Model):
    """Answers of the wizard before they are sent: known to one browser by its session, erased after a week."""

    id = models.UUIDField(primary_key=True)
    programme = models.ForeignKey("accompaniment.Programme", models.CASCADE, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    answers = EncryptedJSONField(key="vault_id")
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("request being written")

    def __str__(self) -> str:
        return f"draft {self.pk}"


class UnmetNeed(Row):
    """A need nobody could answer: experience, place and wish, without the person. Counted and used to recruit."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    request = models.ForeignKey(SupportRequest, models.SET_NULL, null=True, blank=True, related_name="+")
    noted_on = models.DateField()
    codes = models.JSONField(default=list)
    role = models.CharField(max_length=10, choices=RequestRole.choices)
    departement = models.CharField(max_length=3, blank=True)
    age_class = models.CharField(max_length=10, blank=True)
    wishes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    met_on = models.DateField(null=True, blank=True)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need without an answer")
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=Q(met_on=None), name="one_standing_need_a_request")
        ]

    def __str__(self) -> str:
        return f"unmet {self.noted_on}"
