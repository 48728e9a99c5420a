"""The lifecycles of an attestation and of an equivalence."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can
from vecu.training.enums import AttestationState, EquivalenceState

ATTESTATION = Workflow(
    "attestation",
    AttestationState,
    Move(
        "revoke",
        (AttestationState.VALID,),
        AttestationState.REVOKED,
        _("Withdraw this attestation"),
        Can.REVOKE_ATTESTATION,
    ),
)

EQUIVALENCE = Workflow(
    "equivalence",
    EquivalenceState,
    Move("accept", (EquivalenceState.ASKED,), EquivalenceState.ACCEPTED, _("Accept it"), Can.DECIDE_EQUIVALENCE),
    Move("refuse", (EquivalenceState.ASKED,), EquivalenceState.REFUSED, _("Do not accept it"), Can.DECIDE_EQUIVALENCE),
    Move(
        "revoke",
        (EquivalenceState.ACCEPTED,),
        EquivalenceState.REVOKED,
        _("Withdraw this equivalence"),
        Can.DECIDE_EQUIVALENCE,
    ),
    Move("set_aside", (EquivalenceState.ASKED, EquivalenceState.ACCEPTED), EquivalenceState.DOUBLE, _("Set aside")),
)
