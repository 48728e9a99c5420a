"""When a thread ends."""

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.messaging.enums import ThreadState

THREAD = Workflow(
    "thread",
    ThreadState,
    Move("close", (ThreadState.OPEN,), ThreadState.CLOSED, _("End the exchange")),
    Move("erase", (ThreadState.CLOSED,), ThreadState.ERASED, _("Erase the messages")),
)
