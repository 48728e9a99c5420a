"""The moves of an alert, a report and a request to talk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can
from vecu.safeguarding.enums import AlertState, OpeningState, ReportState, TalkState

ALERT = Workflow(
    "alert",
    AlertState,
    Move("take", (AlertState.OPEN,), AlertState.TAKEN, _("I take it"), Can.HANDLE_ALERT),
    Move("hand_over", (AlertState.TAKEN,), AlertState.TAKEN, _("Take it over"), Can.HANDLE_ALERT),
    Move("close", (AlertState.TAKEN,), AlertState.CLOSED, _("Close with a reason"), Can.HANDLE_ALERT),
)

OPENING = Workflow(
    "opening",
    OpeningState,
    Move("agree", (OpeningState.ASKED,), OpeningState.OPENED, _("I agree to open it"), Can.HANDLE_ALERT),
    Move("refuse", (OpeningState.ASKED,), OpeningState.REFUSED, _("I do not agree"), Can.HANDLE_ALERT),
    Move("open_alone", (OpeningState.ASKED,), OpeningState.OPENED, _("Imminent peril: open it now"), Can.HANDLE_ALERT),
)

REPORT = Workflow(
    "report",
    ReportState,
    Move("take", (ReportState.RECEIVED,), ReportState.TAKEN, _("I look at it"), Can.HANDLE_REPORT),
    Move("answer", (ReportState.TAKEN,), ReportState.ANSWERED, _("Decide and answer"), Can.HANDLE_REPORT),
)

TALK = Workflow(
    "talk",
    TalkState,
    Move("promise", (TalkState.ASKED, TalkState.PROMISED), TalkState.PROMISED, _("Say when I call"), Can.ANSWER_TALK),
    Move("finish", (TalkState.ASKED, TalkState.PROMISED), TalkState.DONE, _("We talked"), Can.ANSWER_TALK),
    Move(
        "withdraw",
        (TalkState.ASKED, TalkState.PROMISED),
        TalkState.WITHDRAWN,
        _("I no longer need it"),
        Can.ASK_TO_TALK,
    ),
)
