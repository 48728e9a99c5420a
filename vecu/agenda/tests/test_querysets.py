"""Which gatherings and rows each one sees."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.agenda import actions
from vecu.agenda.enums import GatheringKind
from vecu.agenda.forms import dates_of
from vecu.agenda.models import Enrolment, Gathering, HalfDay
from vecu.agenda.tests.factories import HOUR, make_gathering, make_peers
from vecu.core.access import visible
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.people.policy import Can
from vecu.people.tests.factories import MembershipFactory

DAY = timedelta(days=1)


def test_an_open_gathering_is_seen_by_the_peers_of_its_organisation_only(cast: Cast) -> None:
    opened = make_gathering(cast, is_open=True)
    for person in (cast.helene, cast.marc):
        assert set(visible(Gathering, actor_of(person))) == {opened}
    for person in (cast.aicha, cast.nadia, cast.etienne, cast.bertrand):
        assert not visible(Gathering, actor_of(person)).exists()
    Membership.objects.filter(person=cast.marc).update(ended_on=timezone.localdate())
    assert not visible(Gathering, actor_of(cast.marc)).exists()


def test_a_trainer_sees_trainings_and_what_they_lead(cast: Cast) -> None:
    trainer = make_peers(cast.hospital, 1)[0]
    MembershipFactory(person=trainer, organisation=cast.committee, role=Role.TRAINER)
    supervision, training = make_gathering(cast), make_gathering(cast, kind=GatheringKind.TRAINING)
    led = make_gathering(cast, host=trainer)
    for gathering in (supervision, training, led):
        actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    actor = actor_of(trainer, cast.committee)
    assert set(visible(Gathering, actor, Can.RUN_GATHERINGS)) == {training, led}
    assert set(visible(HalfDay, actor).values_list("gathering", flat=True)) == {training.pk, led.pk}
    assert set(visible(Enrolment, actor).values_list("gathering", flat=True)) == {training.pk, led.pk}


def test_to_come_and_past(cast: Cast) -> None:
    now = timezone.now()
    later, sooner = make_gathering(cast, now + 2 * DAY), make_gathering(cast, now - HOUR)
    over = make_gathering(cast, now - DAY)
    cancelled = actions.cancel_gathering(make_gathering(cast, now + DAY), actor=actor_of(cast.claire))
    assert list(Gathering.objects.all().to_come(now)) == [sooner, later]
    assert list(Gathering.objects.all().past(now)) == [cancelled, over]


def test_half_days_on_a_day_are_those_of_the_wall(cast: Cast) -> None:
    late = timezone.make_aware(timezone.datetime(2026, 12, 3, 23, 30))
    make_gathering(cast, late, hours=2)
    assert HalfDay.objects.all().on(late.date()).count() == 1
    assert not HalfDay.objects.all().on(late.date() + DAY).exists()


def test_every_month_means_the_same_weekday() -> None:
    first = timezone.datetime(2026, 12, 3).date()  # the first Thursday
    assert [str(day) for day in dates_of(first, "month", 4)] == ["2026-12-03", "2027-01-07", "2027-02-04", "2027-03-04"]
    fifth = timezone.datetime(2026, 12, 31).date()  # the fifth Thursday: the last one of shorter months
    assert [str(day) for day in dates_of(fifth, "month", 3)] == ["2026-12-31", "2027-01-28", "2027-02-25"]
    assert len(dates_of(first, "fortnight", 3)) == 3
