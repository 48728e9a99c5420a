"""How a mission goes from the asker to those who come; how an answer becomes a reply."""

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.missions.enums import AnswerState, MissionState
from vecu.people.policy import Can

MISSION = Workflow(
    "mission",
    MissionState,
    Move("ask", (MissionState.RECEIVED,), MissionState.ASKING, _("Ask peers"), Can.MANAGE_MISSIONS),
    Move("settle", (MissionState.ASKING,), MissionState.SETTLED, _("Choose, and answer everyone"), Can.MANAGE_MISSIONS),
    Move(
        "close",
        (MissionState.RECEIVED, MissionState.ASKING),
        MissionState.CLOSED,
        _("Nobody was found: say so to everyone"),
        Can.MANAGE_MISSIONS,
    ),
    Move(
        "cancel",
        (MissionState.RECEIVED, MissionState.ASKING, MissionState.SETTLED),
        MissionState.CANCELLED,
        _("No longer needed: say so to everyone"),
        Can.MANAGE_MISSIONS,
    ),
    Move("pass", (MissionState.RECEIVED, MissionState.ASKING), MissionState.PASSED, _("Its day has passed")),
)
ANSWERED = (AnswerState.YES, AnswerState.NO)
ANSWER = Workflow(
    "mission_answer",
    AnswerState,
    # Said once, and changed for as long as nobody was chosen.
    Move("accept", (AnswerState.ASKED, AnswerState.NO), AnswerState.YES, _("Yes, I can"), Can.ANSWER_MISSION),
    Move("decline", (AnswerState.ASKED, AnswerState.YES), AnswerState.NO, _("Not this time"), Can.ANSWER_MISSION),
    Move("choose", (AnswerState.YES,), AnswerState.CHOSEN, _("Chosen")),
    # Whoever was chosen is thanked too, when nobody is needed any more.
    Move("thank", (*ANSWERED, AnswerState.CHOSEN), AnswerState.THANKED, _("Thanked")),
    Move("end", (AnswerState.ASKED,), AnswerState.OVER, _("No longer asked")),
    # A pause, a departure, a stop: whatever they had said.
    Move(
        "withdraw",
        (AnswerState.ASKED, *ANSWERED, AnswerState.CHOSEN),
        AnswerState.WITHDRAWN,
        _("No longer available"),
    ),
    Move("ask_again", (AnswerState.WITHDRAWN,), AnswerState.ASKED, _("Ask again"), Can.MANAGE_MISSIONS),
)
