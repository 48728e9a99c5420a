"""The last place, asked for at the same second: on PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.cast import Cast, actor_of
from tests.races import at_once
from vecu.agenda import actions
from vecu.agenda.enums import EnrolmentState, Presence
from vecu.agenda.models import Attendance, Enrolment, Gathering
from vecu.agenda.tests.factories import HOUR, first_half_day, make_gathering, make_peers
from vecu.people.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def enrolling(gathering: Gathering, person: Person, actor: object) -> Callable[[], object]:
    row = Gathering.objects.get(pk=gathering.pk)
    return lambda: actions.enrol(row, person, actor=actor)  # type: ignore[arg-type]


def counted(gathering: Gathering) -> tuple[int, int, int]:
    """Places taken as counted, people with a place, people waiting."""
    rows = Enrolment.objects.filter(gathering=gathering)
    enrolled, waiting = (rows.filter(state=s).count() for s in (EnrolmentState.ENROLLED, EnrolmentState.WAITING))
    return Gathering.objects.get(pk=gathering.pk).taken, enrolled, waiting


def test_the_last_place_is_given_once(cast: Cast) -> None:
    claire, people = actor_of(cast.claire), make_peers(cast.committee, 4)
    for _round in range(ROUNDS):
        gathering = make_gathering(cast, places=1)
        assert at_once(*(enrolling(gathering, person, claire) for person in people)) == ["done"] * 4
        assert counted(gathering) == (1, 1, 3)


def test_the_same_person_has_one_place(cast: Cast) -> None:
    claire, [person] = actor_of(cast.claire), make_peers(cast.committee, 1)
    for _round in range(ROUNDS):
        gathering = make_gathering(cast)
        outcomes = at_once(*(enrolling(gathering, person, claire) for _n in range(3)))
        assert sorted(outcomes) == ["already_enrolled", "already_enrolled", "done"]
        assert counted(gathering) == (1, 1, 0)


def test_a_place_given_back_while_another_asks_is_never_lost(cast: Cast) -> None:
    """Someone leaves, someone waits, someone asks: in any order the one place is taken and nobody waits for nothing."""
    claire, [holder, waiter, asker] = actor_of(cast.claire), make_peers(cast.committee, 3)
    for _round in range(ROUNDS):
        gathering = make_gathering(cast, places=1)
        held = actions.enrol(gathering, holder, actor=claire)
        waiting = actions.enrol(gathering, waiter, actor=claire)
        outcomes = at_once(
            lambda row=held: actions.withdraw(row, actor=actor_of(holder)), enrolling(gathering, asker, claire)
        )
        assert outcomes == ["done", "done"]
        assert counted(gathering) == (1, 1, 1)
        waiting.refresh_from_db()
        assert waiting.state == EnrolmentState.ENROLLED


def test_two_who_leave_at_once_free_two_places(cast: Cast) -> None:
    claire, people = actor_of(cast.claire), make_peers(cast.committee, 4)
    for _round in range(ROUNDS):
        gathering = make_gathering(cast, places=2)
        rows = [actions.enrol(gathering, person, actor=claire) for person in people]
        leaving = [
            lambda row=row, person=person: actions.withdraw(row, actor=actor_of(person))
            for row, person in zip(rows[:2], people[:2], strict=True)
        ]
        assert at_once(*leaving) == ["done", "done"]
        assert counted(gathering) == (2, 2, 0)


def test_nobody_is_counted_in_two_places_at_the_same_second(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    for n in range(ROUNDS):
        start = timezone.now() - HOUR * (1 + 4 * n)
        groups = [make_gathering(cast, start) for _two in range(2)]
        for group in groups:
            actions.enrol(group, cast.helene, actor=claire)
        noting = [
            lambda day=day: actions.record_presence(day, cast.helene, Presence.PRESENT, actor=claire)
            for day in map(first_half_day, groups)
        ]
        assert sorted(at_once(*noting)) == ["done", "elsewhere"]
        assert Attendance.objects.present().count() == n + 1
