"""Hours given, what is reimbursed of them, and by which scale. Money is whole cents, a rate is a decimal: never a float."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedTextField
from vecu.core.models import Row
from vecu.recognition.enums import ENDED, ActivityKind, ClaimState, Status, Vehicle
from vecu.recognition.querysets import ActivityQuerySet, ClaimQuerySet, ReceiptQuerySet, ScaleQuerySet


class Activity(Row):
    """Something a person did, told by the activity itself: a half-day they were at, a contact they logged.

    It holds a kind, a day and lengths, nobody else's name and no title: nothing of anybody's health. `source_id` is the
    attendance or the contact it comes from. Preparation and travel are what the person adds.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="activities")
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind.choices)
    source_id = models.UUIDField()
    happened_on = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(_("time there"))
    preparation_minutes = models.PositiveSmallIntegerField(_("preparation"), default=0)
    travel_minutes = models.PositiveSmallIntegerField(_("travel"), default=0)
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.VOLUNTEER)
    payer = models.CharField(_("who pays the session"), max_length=120, blank=True)
    hourly_cents = models.PositiveIntegerField(_("paid per hour"), null=True, blank=True)
    is_held = models.BooleanField(_("the person was there"), default=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        ordering = ["-happened_on", "-created_at"]
        indexes = [
            models.Index(fields=["person", "happened_on"]),
            models.Index(fields=["organisation", "happened_on"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source_id", "person"], name="activity_counted_once"),
            models.CheckConstraint(
                condition=Q(status=Status.PAID_SESSION) | Q(hourly_cents=None, payer=""),
                name="only_paid_sessions_have_a_price",
                violation_error_message=_("Only a paid session has a payer and a price."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"

    @property
    def fee_cents(self) -> int:
        """What a paid session comes to, for the time there, rounded to the nearest cent."""
        return (2 * self.minutes * (self.hourly_cents or 0) + 60) // 120


class Scale(Row):
    """What an organisation reimburses from a day on, until another one begins. Written once, never changed."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    starts_on = models.DateField(_("holds from"))
    source = models.CharField(_("where it comes from"), max_length=200)
    accepts_gifts = models.BooleanField(_("expenses may be left as a gift"), default=False)

    objects = ScaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("scale")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "starts_on"],
                name="one_scale_a_day",
                violation_error_message=_("Another scale already begins on that day."),
            )
        ]

    def __str__(self) -> str:
        return f"scale {self.starts_on}"


class Rate(Row):
    """So much per kilometre with this vehicle, for the kilometres of the year above `from_km`."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    scale = models.ForeignKey(Scale, models.CASCADE, related_name="rates")
    vehicle = models.CharField(_("vehicle"), max_length=8, choices=Vehicle.choices)
    from_km = models.PositiveIntegerField(_("above, in kilometres of the year"), default=0)
    per_km = models.DecimalField(_("per kilometre"), max_digits=6, decimal_places=3)

    objects = ScaleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rate")
        ordering = ["vehicle", "from_km"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "vehicle", "from_km"], name="one_rate_a_step"),
            models.CheckConstraint(
                condition=Q(per_km__gt=0),
                name="rate_pays",
                violation_error_message=_("An amount per kilometre is more than zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} {self.per_km}"


class Claim(Row):
    """Expenses of one activity, asked back or left as a gift. What names somebody is sealed under a key of its own, so
    that the accounts keep it as long as the law asks, and no longer, whatever becomes of the person's file."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="claims")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="claims")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=ActivityKind.choices)
    happened_on = models.DateField(_("day"))
    claimant = EncryptedTextField(_("name"), key="vault_id", blank=True)
    journey = EncryptedTextField(_("from where to where"), key="vault_id", blank=True, max_length=200)
    km = models.PositiveSmallIntegerField(_("kilometres"), default=0)
    vehicle = models.CharField(_("vehicle"), max_length=8, choices=Vehicle.choices, blank=True)
    scale = models.ForeignKey(Scale, models.PROTECT, null=True, blank=True, related_name="+")
    mileage_cents = models.PositiveIntegerField(_("for the kilometres"), default=0)
    tolls_cents = models.PositiveIntegerField(_("tolls and parking"), default=0)
    tickets_cents = models.PositiveIntegerField(_("tickets"), default=0)
    other_cents = models.PositiveIntegerField(_("other"), default=0)
    total_cents = models.PositiveIntegerField(_("in all"), default=0)
    is_gift = models.BooleanField(_("left as a gift"), default=False)
    waiver = EncryptedTextField(_("what was declared"), key="vault_id", blank=True)
    state = models.CharField(max_length=10, choices=ClaimState.choices, default=ClaimState.DRAFT)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = EncryptedTextField(_("answer to the person"), key="vault_id", blank=True, max_length=500)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    paid_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        ordering = ["-happened_on", "-created_at"]
        indexes = [
            models.Index(fields=["organisation", "state", "sent_at"]),
            models.Index(fields=["person", "happened_on"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"],
                condition=~Q(state__in=ENDED),
                name="activity_claimed_once",
                violation_error_message=_("These expenses were already asked for."),
            ),
            models.UniqueConstraint(fields=["organisation", "number"], name="claim_numbers"),
            models.CheckConstraint(
                condition=Q(total_cents=F("mileage_cents") + F("tolls_cents") + F("tickets_cents") + F("other_cents")),
                name="claim_adds_up",
                violation_error_message=_("The amounts do not add up. Open the claim again and check them."),
            ),
            models.CheckConstraint(
                condition=Q(km=0, mileage_cents=0) | (Q(scale__isnull=False) & ~Q(vehicle="")),
                name="kilometres_by_a_scale",
                violation_error_message=_("Say with which vehicle."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ClaimState.GIVEN, is_gift=False) & ~Q(state=ClaimState.PAID, is_gift=True),
                name="a_gift_is_not_paid",
                violation_error_message=_("What is left as a gift is not paid, and what is paid is no gift."),
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(state__in=(ClaimState.PAID, ClaimState.CANCELLED)),
                name="paid_once",
                violation_error_message=_("This claim has a day of payment already."),
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.number or self.pk}"


class ClaimCounter(Row):
    """The last number an organisation gave to a claim. It outlives the claims: a number that was erased or whose time is
    over is in the accounts of others, and is never given again."""

    organisation = models.OneToOneField("people.Organisation", models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("counter of claims")

    def __str__(self) -> str:
        return f"last claim {self.number}"


class Receipt(Row):
    """A receipt: an image or a PDF written anew, sealed with its claim."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="receipts")
    file = EncryptedBinaryField(key="claim.vault_id")

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return f"receipt {self.pk}"
