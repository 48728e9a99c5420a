"""All states, all moves: what may follow what, and a stale click changes nothing."""

from __future__ import annotations

import pytest

from vecu.accompaniment.actions import plans
from vecu.accompaniment.enums import PairState, PlanLineState, ProposalState
from vecu.accompaniment.models import PlanLine
from vecu.accompaniment.tests.factories_pairs import World, at
from vecu.accompaniment.workflows.pairs import PAIR, PLAN_LINE, PROPOSAL
from vecu.core.errors import Refused
from vecu.core.workflow import Workflow

pytestmark = pytest.mark.django_db

TABLES = {
    PROPOSAL: {
        "accept": {"asked"},
        "decline": {"asked"},
        "expire": {"asked"},
        "withdraw": {"asked"},
    },
    PAIR: {"meet": {"starting"}, "close": {"starting", "ongoing"}},
    PLAN_LINE: {
        "lock": {"suggested"},
        "refuse": {"suggested", "locked"},
        "reopen": {"locked", "refused"},
        "accept": {"suggested", "locked"},
        "come_back": {"accepted"},
    },
}
FIELDS = {
    "accept": {"answered_at": at()},
    "decline": {"answered_at": at()},
    "expire": {"answered_at": at()},
    "withdraw": {"answered_at": at()},
    "meet": {"first_contact_at": at()},
    "close": {"closed_at": at(), "closing": "need_met"},
}


def every(workflow: Workflow) -> list[tuple[Workflow, str, str]]:
    return [(workflow, move.name, state) for move in workflow for state in workflow.states.values]


@pytest.mark.parametrize(("workflow", "name", "state"), [case for one in TABLES for case in every(one)])
def test_each_move_from_each_state(workflow: Workflow, name: str, state: str) -> None:
    world = World()
    row = {
        PROPOSAL: world.propose,
        PAIR: world.pair,
        PLAN_LINE: lambda: PlanLine.objects.get(plan=plans.make_plan(actor=world.claire)),
    }[workflow]()
    dated = {"answered_at": at()} if workflow is PROPOSAL and state != ProposalState.ASKED else {}
    if workflow is PAIR and state != PairState.STARTING:
        dated = {"first_contact_at": at()} | (
            {"closed_at": at(), "closing": "moved"} if state == PairState.CLOSED else {}
        )
    type(row).objects.filter(pk=row.pk).update(**{"state": state, **dated})
    row.refresh_from_db()
    fields = FIELDS.get(name, {}) if workflow is not PLAN_LINE else {}
    if state in TABLES[workflow][name]:
        workflow.apply(row, name, actor=world.claire, **fields)
        assert row.state == workflow.moves[name].target
    else:
        with pytest.raises(Refused) as refusal:
            workflow.apply(row, name, actor=world.claire, **fields)
        assert refusal.value.code == "stale"
        row.refresh_from_db()
        assert row.state == state


def test_tables_name_every_move() -> None:
    for workflow, table in TABLES.items():
        assert set(table) == set(workflow.moves)
    assert {PairState, ProposalState, PlanLineState} == {workflow.states for workflow in TABLES}
