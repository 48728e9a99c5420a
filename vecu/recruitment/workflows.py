"""When an application is met, decided, answered and ended; when a campaign opens and closes."""

from django.utils.translation import gettext_lazy as _

from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can
from vecu.recruitment.enums import ApplicationState as State
from vecu.recruitment.enums import CampaignState

MET = (State.RECEIVED, State.TO_MEET, State.INTERVIEWED)

APPLICATION = Workflow(
    "application",
    State,
    Move(
        "invite", (State.RECEIVED, State.DEFERRED), State.TO_MEET, _("Invite to an interview"), Can.DECIDE_APPLICATION
    ),
    Move("meet", (State.TO_MEET, State.RECEIVED), State.INTERVIEWED, _("Interview held")),
    # Seen again: another interview is wished for before deciding.
    Move("meet_again", (State.INTERVIEWED,), State.TO_MEET, _("Meet again"), Can.DECIDE_APPLICATION),
    # Without an interview too: someone under age, or a role that is full, is told so without being made to wait.
    Move("decide", MET, State.DECIDED, _("Decide"), Can.DECIDE_APPLICATION),
    Move("take_back", (State.DECIDED,), State.INTERVIEWED, _("Take the decision back"), Can.DECIDE_APPLICATION),
    Move("accept", (State.DECIDED,), State.ACCEPTED, _("Letter sent: accepted")),
    Move("defer", (State.DECIDED,), State.DEFERRED, _("Letter sent: later")),
    Move("redirect", (State.DECIDED,), State.REDIRECTED, _("Letter sent: another role")),
    Move("decline", (State.DECIDED,), State.DECLINED, _("Letter sent: not retained")),
    Move("withdraw", (*State.standing(), State.DEFERRED), State.WITHDRAWN, _("The person stops")),
)

CAMPAIGN = Workflow(
    "campaign",
    CampaignState,
    Move("open", (CampaignState.DRAFT,), CampaignState.OPEN, _("Open the campaign"), Can.MANAGE_RECRUITMENT),
    Move("close", (CampaignState.OPEN,), CampaignState.CLOSED, _("Close the campaign"), Can.MANAGE_RECRUITMENT),
)
