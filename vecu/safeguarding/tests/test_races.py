"""Two people on duty, one second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from tests.races import at_once
from vecu.core import jobs
from vecu.core.tables import JournalEntry
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.people.tests.factories import MembershipFactory
from vecu.safeguarding.actions import alerts
from vecu.safeguarding.enums import AlertKind, AlertState
from vecu.safeguarding.models import Alert, AlertClock
from vecu.safeguarding.tests.factories import make_duty

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def alert(cast: Cast) -> Alert:
    make_duty(cast.committee, cast.claire)
    return alerts.open_alert(
        cast.committee, actor=actor_of(cast.helene), kind=AlertKind.WORRY, subject=cast.nadia, facts="Ne répond plus."
    )


def taking(alert: Alert, person: Person) -> Callable[[], None]:
    row = Alert.objects.get(pk=alert.pk)
    return lambda: alerts.take_alert(row, actor=actor_of(person))


def taking_over(alert: Alert, person: Person, seen: Person) -> Callable[[], None]:
    row = Alert.objects.get(pk=alert.pk)
    return lambda: alerts.take_over_alert(row, actor=actor_of(person, row.organisation), seen=seen.pk)


def test_an_alert_is_taken_by_one(cast: Cast, alert: Alert) -> None:
    outcomes = at_once(taking(alert, cast.claire), taking(alert, cast.solene))
    assert sorted(outcomes) == ["done", "stale"]
    alert.refresh_from_db()
    assert alert.owner_id == (cast.claire, cast.solene)[outcomes.index("done")].pk
    assert JournalEntry.objects.filter(verb="alert.take").count() == 1


def test_it_is_taken_over_from_whom_was_seen_in_charge(cast: Cast, alert: Alert) -> None:
    """Back and forth: of two who take over at once, one learns that the other has it."""
    alerts.take_alert(alert, actor=actor_of(cast.claire))
    MembershipFactory(person=cast.bertrand, organisation=cast.committee, role=Role.COORDINATOR)
    for _round in range(ROUNDS):
        Alert.objects.filter(pk=alert.pk).update(owner=cast.claire)
        outcomes = at_once(
            taking_over(alert, cast.solene, seen=cast.claire), taking_over(alert, cast.bertrand, seen=cast.claire)
        )
        assert sorted(outcomes) == ["done", "taken_over"]
        alert.refresh_from_db()
        assert alert.owner_id == (cast.solene, cast.bertrand)[outcomes.index("done")].pk


def test_taken_while_the_next_circle_is_told(cast: Cast, alert: Alert) -> None:
    """Whoever is told, the alert has its owner and each clock rang at most once."""
    first = AlertClock.objects.get(alert=alert, step="duty")
    outcomes = at_once(
        taking(alert, cast.solene),
        lambda: alerts.escalate(alert.pk, "duty", now=first.due_at),
        lambda: alerts.escalate(alert.pk, "duty", now=first.due_at),
    )
    assert outcomes == ["done"] * 3
    alert.refresh_from_db()
    assert (alert.state, alert.owner_id) == (AlertState.TAKEN, cast.solene.pk)
    assert JournalEntry.objects.filter(verb="alert.told_duty").count() <= 1
    jobs.run_due(now=timezone.now() + 2 * (AlertClock.objects.last().due_at - first.due_at))
    assert AlertClock.objects.exclude(done_at=None).count() <= 1
