"""Every lifecycle, all states × all moves: what the table does not allow is refused with a sentence, never an error.

What it allows works, or is refused by a constraint which says in words what is missing.
"""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.access.walk import taken_back
from tests.access.world import World
from vecu.core.errors import Refused
from vecu.core.models import Row
from vecu.core.workflow import Move, Workflow
from vecu.people.actor import system
from vecu.portal.reference import all_workflows

pytestmark = pytest.mark.django_db

# A row of each lifecycle.
SUBJECTS = {
    "request": "request_open",
    "proposal": "proposal",
    "pair": "pair",
    "plan_line": "plan_line",
    "thread": "thread",
    "alert": "alert",
    "opening": "opening",
    "report": "report",
    "talk": "talk",
    "gathering": "gathering",
    "enrolment": "enrolment",
    "attestation": "attestation",
    "equivalence": "equivalence",
    "application": "application",
    "claim": "claim",
}
STALE = "Quelqu’un a déjà"


def cases() -> list[Any]:
    return [
        pytest.param(workflow, state, move, id=f"{workflow.name}-{state}-{move.name}")
        for workflow in all_workflows()
        for state, move in itertools.product(workflow.states.values, workflow)
    ]


def test_each_lifecycle_has_its_row() -> None:
    assert {workflow.name for workflow in all_workflows()} == set(SUBJECTS)


@pytest.mark.parametrize(("workflow", "state", "move"), cases())
def test_move(workflow: Workflow, state: str, move: Move, world: World) -> None:
    row = put_in(world.here[SUBJECTS[workflow.name]], state)
    try:
        workflow.apply(row, move.name, actor=system(row.organisation_id))
    except Refused as refusal:
        assert refusal.sentence.strip().endswith((".", "!", "?"))
        assert refusal.code == ("stale" if state not in move.sources else "incomplete")
        return
    assert state in move.sources
    row.refresh_from_db(fields=["state"])
    assert row.state == move.target
    check_constraints()


@pytest.mark.parametrize(
    ("workflow", "state", "move"), [case for case in cases() if case.values[1] in case.values[2].sources]
)
def test_a_stale_click_changes_nothing(workflow: Workflow, state: str, move: Move, world: World) -> None:
    """Two people look at the same page; the second one clicks a moment too late."""
    row = put_in(world.here[SUBJECTS[workflow.name]], state)
    moved = next((other for other in workflow.states.values if other != state), None)
    put_in(world.here[SUBJECTS[workflow.name]], moved)
    with pytest.raises(Refused) as refusal, taken_back():
        workflow.apply(row, move.name, actor=system(row.organisation_id))
    assert refusal.value.code in {"stale", "incomplete"}
    assert type(row)._base_manager.values_list("state", flat=True).get(pk=row.pk) == moved


def put_in(row: Row, state: str | None) -> Any:
    """This row as it is stored in a state: with what its constraints ask for, in order of least to most."""
    model, now = type(row), timezone.now()
    dated = {
        field.name: now
        for field in model._meta.fields
        if field.null and field.name.endswith("_at") and field.name not in {"erased_at", "replaced_at"}
    }
    days = {
        f.name: timezone.localdate() + timedelta(days=9)
        for f in model._meta.fields
        if f.null and f.name.endswith("_on")
    }
    names = {field.name for field in model._meta.fields}
    words = {"closing": "other", "outcome": "other", "why": "other", "revoke_reason": "mistake"}
    people = {
        name: row.organisation.memberships.first().person
        for name in ("owner", "answered_by", "second")
        if name in names
    }
    full = {**dated, **days, **people, **{name: value for name, value in words.items() if name in names}}
    bare = {"decided_at": None, "revoked_at": None, "revoke_reason": ""}
    for fields in (
        {},
        bare,
        {"is_gift": True},
        {**full, "erased_at": now},
        full,
        {**full, "answered_at": None},
        {**full, "closed_at": None},
    ):
        fields = {name: value for name, value in fields.items() if name in names}
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(state=state, **fields)
        except IntegrityError:
            continue
        return model._base_manager.get(pk=row.pk)
    raise AssertionError(f"no row of {model._meta.label} can be {state}")


def check_constraints() -> None:
    connection.check_constraints()
