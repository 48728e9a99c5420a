"""When a proposal is answered, a pair lives and ends, and a line of the overall plan is decided."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vecu.accompaniment.enums import PairState, PlanLineState, ProposalState
from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can

PROPOSAL = Workflow(
    "proposal",
    ProposalState,
    Move("accept", (ProposalState.ASKED,), ProposalState.ACCEPTED, _("Yes, I can"), Can.ANSWER_PROPOSAL),
    Move("decline", (ProposalState.ASKED,), ProposalState.DECLINED, _("Not this time"), Can.ANSWER_PROPOSAL),
    Move("expire", (ProposalState.ASKED,), ProposalState.EXPIRED, _("No answer in time")),
    Move(
        "withdraw",
        (ProposalState.ASKED,),
        ProposalState.WITHDRAWN,
        pgettext_lazy("proposal", "Take it back"),
        Can.PROPOSE_PEER,
    ),
)

PAIR = Workflow(
    "pair",
    PairState,
    Move("meet", (PairState.STARTING,), PairState.ONGOING, _("First contact made"), Can.LOG_CONTACT),
    Move(
        "close",
        (PairState.STARTING, PairState.ONGOING),
        PairState.CLOSED,
        _("End this exchange"),
        Can.CLOSE_PAIR,
    ),
)

PLAN_LINE = Workflow(
    "plan_line",
    PlanLineState,
    Move("lock", (PlanLineState.SUGGESTED,), PlanLineState.LOCKED, _("Keep"), Can.PLAN_MATCHES),
    Move(
        "refuse",
        (PlanLineState.SUGGESTED, PlanLineState.LOCKED),
        PlanLineState.REFUSED,
        _("Someone else"),
        Can.PLAN_MATCHES,
    ),
    Move(
        "reopen",
        (PlanLineState.LOCKED, PlanLineState.REFUSED),
        PlanLineState.SUGGESTED,
        _("Think again"),
        Can.PLAN_MATCHES,
    ),
    Move(
        "accept",
        (PlanLineState.SUGGESTED, PlanLineState.LOCKED),
        PlanLineState.ACCEPTED,
        _("Propose"),
        Can.PLAN_MATCHES,
    ),
    # Proposed, and to match again since: the peer said no, or did not answer.
    Move("come_back", (PlanLineState.ACCEPTED,), PlanLineState.SUGGESTED, _("To match again")),
)
