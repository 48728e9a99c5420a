"""Two people in touch, and how they are followed to the end."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vecu.accompaniment.enums import (
    Duration,
    EvaluationSide,
    Feeling,
    FollowUpKind,
    FollowUpOutcome,
    PairClosing,
    PairState,
    Theme,
)
from vecu.accompaniment.querysets import ContactQuerySet, EvaluationQuerySet, FollowUpQuerySet, PairQuerySet
from vecu.core.crypto import EncryptedTextField
from vecu.core.models import Row
from vecu.peers.enums import Channel


class Pair(Row):
    """A peer and a person, decided by a named human, in touch without either seeing the other’s phone or
    mail.

    `silent_from` is when silence will be shown to the coordinator. `call_asked_at` is set while one of the two
    wishes a call: the coordinator arranges it and writes `call_planned_at`. `told` holds codes of `Told`.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    request = models.ForeignKey("accompaniment.SupportRequest", models.CASCADE, related_name="pairs")
    proposal = models.OneToOneField("accompaniment.Proposal", models.PROTECT, related_name="pair")
    peer = models.ForeignKey("peers.Peer", models.CASCADE, related_name="pairs")
    beneficiary = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="pairs"
    )  # empty once the time to keep it is over: the counts stay
    thread = models.OneToOneField("messaging.Thread", models.PROTECT, related_name="pair")
    decided_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.STARTING)
    opened_at = models.DateTimeField()
    first_contact_by = models.DateTimeField(_("first contact before"))
    first_contact_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    silent_from = models.DateTimeField(null=True, blank=True)
    log_reminded_at = models.DateTimeField(null=True, blank=True)
    change_asked_at = models.DateTimeField(null=True, blank=True)
    call_asked_at = models.DateTimeField(_("a call to be arranged since"), null=True, blank=True)
    call_planned_at = models.DateTimeField(_("call planned"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    closing = models.CharField(_("why it ended"), max_length=20, choices=PairClosing.choices, blank=True)
    told = models.JSONField(_("who was told"), default=list, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair")
        ordering = ["-opened_at"]
        indexes = [
            models.Index(fields=["organisation", "state"]),
            # In the order of those that wait: the first ones are found without reading the others.
            models.Index(
                fields=["organisation", "opened_at", "id"], condition=~Q(state="closed"), name="pairs_under_way"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request"], condition=~Q(state="closed"), name="one_open_pair_a_request"),
            models.CheckConstraint(
                condition=~Q(state="closed") | (Q(closed_at__isnull=False) & ~Q(closing="")),
                name="pair_closed_with_reason",
                violation_error_message=_("Say why the exchange ends."),
            ),
            models.CheckConstraint(
                condition=~Q(state="ongoing") | Q(first_contact_at__isnull=False),
                name="pair_ongoing_after_first_contact",
                violation_error_message=_("The first contact has not been logged yet."),
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"

    @property
    def is_by_phone(self) -> bool:
        """The person has no account and reads nothing here: the coordinator joins the two on the phone."""
        return self.beneficiary is not None and self.beneficiary.user_id is None

    @property
    def awaits_call(self) -> bool:
        """A call is to be arranged: one of the two asked for it, or they cannot begin otherwise."""
        cannot_begin = self.state == PairState.STARTING and self.call_planned_at is None and self.is_by_phone
        return self.call_asked_at is not None or cannot_begin

    def awaits_first_call(self, now: datetime) -> bool:
        """As yet without a call, or the one that was planned is over and nothing was noted of it."""
        is_over = self.call_planned_at is None or self.call_planned_at < now
        return self.state == PairState.STARTING and self.is_by_phone and is_over

    @property
    def has_stopped(self) -> bool:
        """Ended because everything stopped for one of the two: nothing more is asked about them."""
        return self.closing in (PairClosing.DEATH, PairClosing.STOPPED)

    def vault_ids(self) -> list[UUID]:
        """The keys of both people and of the request, to be opened together."""
        people = [self.peer.person, *([self.beneficiary] if self.beneficiary else [])]
        return [*(person.vault_id for person in people), self.request.vault_id]


class Contact(Row):
    """One contact as the peer logs it: when, how, how long, themes ticked, how it felt. Never what was
    said."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    pair = models.ForeignKey(Pair, models.CASCADE, related_name="contacts")
    logged_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")
    happened_on = models.DateField(_("day"))
    channel = models.CharField(_("how"), max_length=10, choices=Channel.choices)
    duration = models.CharField(_("how long"), max_length=10, choices=Duration.choices)
    themes = models.JSONField(_("themes"), default=list, blank=True)
    feeling = models.CharField(_("how it felt"), max_length=10, choices=Feeling.choices)
    needs_support = models.BooleanField(_("I need to talk"), default=False)
    refers_back = models.BooleanField(
        _("to be taken up with the care team, with the person’s agreement"), default=False
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        ordering = ["-happened_on", "-created_at"]
        indexes = [models.Index(fields=["organisation", "happened_on"])]

    def __str__(self) -> str:
        return f"contact {self.happened_on}"

    @property
    def theme_labels(self) -> list[str]:
        return [str(Theme(code).label) for code in self.themes if code in Theme.values]


class FollowUp(Row):
    """A point the coordinator makes with one or both, due on a day."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    pair = models.ForeignKey(Pair, models.CASCADE, related_name="follow_ups")
    kind = models.CharField(_("when"), max_length=15, choices=FollowUpKind.choices)
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=12, choices=FollowUpOutcome.choices, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        ordering = ["due_on"]
        indexes = [
            models.Index(
                fields=["organisation", "due_on", "kind", "id"],
                condition=Q(done_at=None, cancelled_at=None),
                name="follow_ups_to_make",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | ~Q(outcome=""),
                name="follow_up_done_with_outcome",
                violation_error_message=_("Say how it goes."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"

    @property
    def label(self) -> str:
        """« À un mois », « À 12 semaines »: later points are told apart by the weeks since the pair was opened."""
        if self.kind != FollowUpKind.LATER:
            return str(FollowUpKind(self.kind).label)
        weeks = max(1, round((self.due_on - timezone.localdate(self.pair.opened_at)).days / 7))
        return ngettext("At %(n)s week", "At %(n)s weeks", weeks) % {"n": weeks}


class Evaluation(Row):
    """Three questions at the end, 1 (no) to 5 (yes); any may be left out. One word is optional.

    `cancelled_at`: no longer asked, since everything stopped or the agreement was taken back; that it was asked stays.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    pair = models.ForeignKey(Pair, models.CASCADE, related_name="evaluations")
    person = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=12, choices=EvaluationSide.choices)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    first = models.PositiveSmallIntegerField(null=True, blank=True)
    second = models.PositiveSmallIntegerField(null=True, blank=True)
    third = models.PositiveSmallIntegerField(null=True, blank=True)
    word = EncryptedTextField(_("a word, if you wish"), key="pair.request.vault_id", blank=True)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        constraints = [
            models.UniqueConstraint(fields=["pair", "side"], name="one_evaluation_a_side"),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(cancelled_at=None), name="evaluation_answered_or_cancelled"
            ),
            models.CheckConstraint(condition=Q(first=None) | Q(first__range=(1, 5)), name="evaluation_first_1_to_5"),
            models.CheckConstraint(condition=Q(second=None) | Q(second__range=(1, 5)), name="evaluation_second_1_to_5"),
            models.CheckConstraint(condition=Q(third=None) | Q(third__range=(1, 5)), name="evaluation_third_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"evaluation {self.side}"

    @property
    def is_waiting(self) -> bool:
        """Asked, neither answered nor taken back."""
        return self.answered_at is None and self.cancelled_at is None

    @property
    def awaits_phone(self) -> bool:
        """Unanswered, by the person followed, who has no account: the answers may be told on the phone."""
        is_theirs = self.side == EvaluationSide.BENEFICIARY and self.is_waiting
        return is_theirs and self.person is not None and self.person.user_id is None
