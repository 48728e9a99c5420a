"""What the clock does, and how long things are kept."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.agenda import actions, tasks
from vecu.agenda.enums import GatheringKind, GatheringState, Presence
from vecu.agenda.models import Attendance, CalendarFeed, Enrolment, Gathering
from vecu.agenda.tests.factories import first_half_day, make_gathering, notices
from vecu.core import retention
from vecu.core.tables import Job
from vecu.people import actions as people
from vecu.people.actor import system
from vecu.people.enums import StopReason

DAY = timedelta(days=1)


def test_the_day_before_whoever_comes_and_whoever_leads_is_told(cast: Cast) -> None:
    gathering = make_gathering(cast, timezone.now() + DAY, places=1)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=actor_of(cast.claire))
    tasks.remind(timezone.now())
    told = notices(kind="gathering_reminder")
    assert set(told.values_list("person_id", flat=True)) == {cast.helene.pk, cast.solene.pk}


def test_a_letter_says_nothing_of_what_it_is_about(cast: Cast) -> None:
    """The reminder leaves as the one neutral letter; the words of the gathering are in no job."""
    gathering = make_gathering(cast, timezone.now() + DAY, title="Cancer du sein, groupe")
    actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    tasks.remind(timezone.now())
    assert not any("Cancer" in str(row.payload) for row in Job.objects.all())
    for notice in notices():
        assert "ancer" not in f"{notice.get_kind_display()} {notice.url_name} {notice.url_key}"


def test_what_is_over_is_said_to_be(cast: Cast) -> None:
    gathering = make_gathering(cast, timezone.now() - DAY)
    tasks.hold(timezone.now())
    gathering.refresh_from_db()
    assert gathering.state == GatheringState.HELD


def test_whoever_is_stopped_or_leaves_gives_their_places_back(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    gathering = make_gathering(cast, places=1)
    actions.enrol(gathering, cast.helene, actor=claire)
    waiting = actions.enrol(gathering, cast.marc, actor=claire)
    people.stop_person(cast.helene, actor=claire, reason=StopReason.DISTRESS)
    waiting.refresh_from_db()
    assert waiting.state == "enrolled"
    people.suspend_member(cast.marc, actor=system(cast.committee.pk), organisation=cast.committee)
    assert not Enrolment.objects.standing().exists()


def test_each_thing_has_its_end(cast: Cast) -> None:
    now = timezone.now()
    solene = actor_of(cast.solene)
    kept = {}
    for kind in (GatheringKind.SUPERVISION, GatheringKind.INTERVIEW):
        gathering = kept[kind] = make_gathering(cast, now - DAY, kind=kind)
        actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
        half_day = first_half_day(gathering)
        presence = Presence.PRESENT if kind == GatheringKind.SUPERVISION else Presence.ABSENT
        actions.record_presence(half_day, cast.helene, presence, actor=solene)
    actions.make_address(cast.helene, actor=actor_of(cast.helene))
    retention.apply(now + 300 * DAY)
    assert (Gathering.objects.count(), CalendarFeed.objects.count()) == (2, 1)
    retention.apply(now + 400 * DAY)
    assert list(Gathering.objects.all()) == [kept[GatheringKind.SUPERVISION]]
    assert not CalendarFeed.objects.exists()
    retention.apply(now + 2200 * DAY)
    assert not Gathering.objects.exists() and not Attendance.objects.exists()


def test_every_kind_of_gathering_has_its_clock() -> None:
    kinds = [kind for clock in retention.CLOCKS if clock.model == "agenda.Gathering" for kind in clock.only["kind__in"]]
    assert sorted(kinds) == sorted(GatheringKind.values)
