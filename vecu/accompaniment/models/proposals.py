"""A named human proposes a request to a peer; the peer answers."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.enums import ChoiceReason, PlanLineState, ProposalState
from vecu.accompaniment.querysets import PlanQuerySet, ProposalQuerySet
from vecu.core.crypto import EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row


class Proposal(Row):
    """One request put to one peer, without an identity. Holds one of the peer's places while it is asked.

    `rank` is the place in the suggestions (1 first); `reasons` keeps the explanation shown that day, as codes.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    request = models.ForeignKey("accompaniment.SupportRequest", models.CASCADE, related_name="proposals")
    peer = models.ForeignKey("peers.Peer", models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.ASKED)
    rank = models.PositiveSmallIntegerField(_("place in the suggestions"))
    choice_reason = models.CharField(_("why this peer"), max_length=20, choices=ChoiceReason.choices, blank=True)
    reasons = EncryptedJSONField(key="request.vault_id")
    load_reason = EncryptedTextField(
        _("asked above what they accept, because"), key="peer.vault_id", max_length=200, blank=True
    )
    limits_version = models.PositiveSmallIntegerField(null=True, blank=True)
    proposed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(_("answer before"))
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        ordering = ["-asked_at"]
        indexes = [models.Index(fields=["organisation", "state", "answer_by"])]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(state="asked"),
                name="one_asked_proposal_a_request",
                violation_error_message=_("A peer has already been asked for this request."),
            ),
            models.CheckConstraint(
                condition=Q(rank=1) | ~Q(choice_reason=""),
                name="proposal_not_first_has_reason",
                violation_error_message=_("Say why you choose this peer rather than the first one."),
            ),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at=None) | Q(~Q(state="asked"), answered_at__isnull=False),
                name="proposal_answer_dated",
                violation_error_message=_("An answer has a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"


class Plan(Row):
    """One look at all waiting requests at once. `inputs` counts what was looked at; lines are decided one by one."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)
    inputs = models.JSONField(default=dict)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("overall proposal")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"plan {self.made_at:%Y-%m-%d}"


class PlanLine(Row):
    """A request and the peer suggested for it, or why it waits (`waiting_code` with its figures).

    `has_moved` says that the last calculation changed this line, `moved_from` the peer it had before.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="lines")
    request = models.ForeignKey("accompaniment.SupportRequest", models.CASCADE, related_name="+")
    peer = models.ForeignKey("peers.Peer", models.CASCADE, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=PlanLineState.choices, default=PlanLineState.SUGGESTED)
    refused_peers = models.JSONField(default=list)
    waiting_code = models.CharField(max_length=40, blank=True)
    waiting_params = models.JSONField(default=dict)
    has_moved = models.BooleanField(default=False)
    moved_from = models.ForeignKey("peers.Peer", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of the overall proposal")
        constraints = [models.UniqueConstraint(fields=["plan", "request"], name="one_line_a_request")]

    def __str__(self) -> str:
        return f"line {self.pk}"
