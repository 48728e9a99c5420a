"""Two coordinators, one second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.cast import actor_of, make_cast
from tests.races import at_once
from vecu.people import actions
from vecu.people.enums import Role
from vecu.people.models import Membership, Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def ending(membership: Membership, by: Person) -> Callable[[], None]:
    actor = actor_of(by)
    return lambda: actions.end_role(membership, actor=actor)


def test_two_who_end_each_other_s_role_leave_one_coordinator() -> None:
    cast = make_cast()
    actions.give_role(cast.solene, Role.COORDINATOR, actor=actor_of(cast.claire), organisation=cast.committee)
    held = Membership.objects.filter(organisation=cast.committee, role=Role.COORDINATOR)
    for _round in range(ROUNDS):
        held.update(ended_on=None)
        solene, claire = held.get(person=cast.solene), held.get(person=cast.claire)
        outcomes = at_once(ending(solene, cast.claire), ending(claire, cast.solene))
        assert sorted(outcomes) == ["done", "last_coordinator"]
        assert held.filter(ended_on=None).count() == 1
