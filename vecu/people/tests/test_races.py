"""Two coordinators, one second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from tests.cast import actor_of, make_cast
from vecu.core.errors import Refused
from vecu.people import actions
from vecu.people.enums import Role
from vecu.people.models import Membership, Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def end_at_once(*pairs: tuple[Membership, Person]) -> list[str]:
    """Each role is ended by somebody at the same moment: "done", or the code of the refusal."""
    start, outcomes = threading.Barrier(len(pairs)), []

    def end(membership: Membership, by: Person) -> None:
        actor = actor_of(by)
        start.wait()
        try:
            actions.end_role(membership, actor=actor)
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=end, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_two_who_end_each_other_s_role_leave_one_coordinator() -> None:
    cast = make_cast()
    actions.give_role(cast.solene, Role.COORDINATOR, actor=actor_of(cast.claire), organisation=cast.committee)
    held = Membership.objects.filter(organisation=cast.committee, role=Role.COORDINATOR)
    for _round in range(ROUNDS):
        held.update(ended_on=None)
        outcomes = end_at_once((held.get(person=cast.solene), cast.claire), (held.get(person=cast.claire), cast.solene))
        assert outcomes == ["done", "last_coordinator"]
        assert held.filter(ended_on=None).count() == 1
