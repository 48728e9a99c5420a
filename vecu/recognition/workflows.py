"""The life of a claim."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can
from vecu.recognition.enums import ClaimState

CLAIM = Workflow(
    "claim",
    ClaimState,
    Move("send", (ClaimState.DRAFT, ClaimState.REFUSED), ClaimState.SENT, _("Send it"), Can.CLAIM_EXPENSES),
    Move("approve", (ClaimState.SENT,), ClaimState.APPROVED, _("Accept it"), Can.DECIDE_CLAIM),
    Move("accept_gift", (ClaimState.SENT,), ClaimState.GIVEN, _("Accept the gift"), Can.DECIDE_CLAIM),
    Move("refuse", (ClaimState.SENT,), ClaimState.REFUSED, _("Send it back to be mended"), Can.DECIDE_CLAIM),
    Move("pay", (ClaimState.APPROVED,), ClaimState.PAID, _("It is paid"), Can.KEEP_ACCOUNTS),
    Move(
        "withdraw",
        (ClaimState.DRAFT, ClaimState.SENT, ClaimState.REFUSED),
        ClaimState.WITHDRAWN,
        _("Take this claim back"),
        Can.CLAIM_EXPENSES,
    ),
    Move(
        "cancel",
        (ClaimState.APPROVED, ClaimState.PAID, ClaimState.GIVEN),
        ClaimState.CANCELLED,
        _("Cancel this claim"),
        Can.DECIDE_CLAIM,
    ),
)
