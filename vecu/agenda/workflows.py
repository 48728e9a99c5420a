"""The moves of a gathering and of a place in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from vecu.agenda.enums import EnrolmentState, GatheringState
from vecu.core.workflow import Move, Workflow
from vecu.people.policy import Can

GATHERING = Workflow(
    "gathering",
    GatheringState,
    Move("cancel", (GatheringState.PLANNED,), GatheringState.CANCELLED, _("Cancel it"), Can.RUN_GATHERINGS),
    Move("hold", (GatheringState.PLANNED,), GatheringState.HELD, _("It took place")),
)

ENROLMENT = Workflow(
    "enrolment",
    EnrolmentState,
    Move("promote", (EnrolmentState.WAITING,), EnrolmentState.ENROLLED, _("The place is free")),
    Move(
        "withdraw",
        (EnrolmentState.ENROLLED, EnrolmentState.WAITING),
        EnrolmentState.WITHDRAWN,
        _("I cannot come"),
        Can.JOIN_GATHERINGS,
    ),
)
