"""When a request is called, opened, put in waiting, proposed, paired and ended."""

from django.utils.translation import gettext_lazy as _

from vecu.accompaniment.enums import RequestState as State
from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can

REQUEST = Workflow(
    "request",
    State,
    Move("open", (State.RECEIVED,), State.OPEN, _("Record the agreement and look for a peer"), Can.TRIAGE_REQUEST),
    Move("wait", (State.OPEN,), State.WAITING, _("No peer for now: keep it waiting"), Can.TRIAGE_REQUEST),
    Move("resume", (State.WAITING,), State.OPEN, _("Look for a peer again"), Can.TRIAGE_REQUEST),
    Move("propose", (State.OPEN, State.WAITING), State.PROPOSED, _("Propose to a peer"), Can.PROPOSE_PEER),
    # The peer asked said no, did not answer, or was taken back: the request is to match again.
    Move("release", (State.PROPOSED,), State.OPEN, _("To match again")),
    Move("pair", (State.PROPOSED,), State.PAIRED, _("The peer said yes")),
    # Someone else is wished for, or the peer left: same request, another peer.
    Move("rematch", (State.PAIRED,), State.OPEN, _("Look for another peer")),
    # A request proposed or paired ends by its proposal or its pair, so that nobody is left in the dark.
    Move("close", (State.RECEIVED, State.OPEN, State.WAITING), State.CLOSED, _("End this request"), Can.TRIAGE_REQUEST),
    Move("end", (State.PAIRED,), State.CLOSED, _("The exchange has ended")),
    Move("withdraw", (*State.standing(), State.PAIRED), State.CLOSED, _("The person stops")),
    Move("stop", (*State.standing(), State.PAIRED), State.CLOSED, _("Everything is stopped")),
    Move("reopen", (State.CLOSED,), State.RECEIVED, _("Take it up again"), Can.TRIAGE_REQUEST),
)
