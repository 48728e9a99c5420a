"""Planning, places, moves and cancellations: what each verb does, refuses and tells."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.agenda import actions
from vecu.agenda.enums import EnrolmentState, GatheringKind, GatheringState
from vecu.agenda.models import Enrolment, Gathering, HalfDay
from vecu.agenda.tests.factories import HOUR, first_half_day, make_gathering, make_peers, told
from vecu.core.errors import Denied, Refused
from vecu.core.tables import JournalEntry
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.people.tests.factories import MembershipFactory

DAY = timedelta(days=1)


def test_plan_gathering_keeps_its_first_and_last_moment(cast: Cast) -> None:
    start = timezone.now() + 3 * DAY
    gathering = make_gathering(cast, start + DAY, start)
    assert (gathering.starts_at, gathering.ends_at) == (start, start + DAY + 3 * HOUR)
    assert (gathering.state, gathering.taken, gathering.place) == (GatheringState.PLANNED, 0, "Salle 2")
    assert gathering.half_days.count() == 2
    assert JournalEntry.objects.filter(verb="gathering.plan", object_id=str(gathering.pk)).exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"half_days": []}, "no_half_day"),
        ({"kind": "party"}, "unknown_choice"),
        ({"places": 0}, "strange_places"),
        ({"title": "  "}, "incomplete"),
        ({"hours": 9}, "strange_length"),
        ({"hours": -1}, "ends_before_start"),
    ],
)
def test_plan_gathering_refuses_what_cannot_be(cast: Cast, given: dict[str, object], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        make_gathering(cast, **given)
    assert refusal.value.code == code
    assert not Gathering.objects.exists()


def test_two_half_days_never_overlap(cast: Cast) -> None:
    start = timezone.now() + DAY
    with pytest.raises(Refused, match="overlap"):
        make_gathering(cast, start, start + 2 * HOUR)
    gathering = make_gathering(cast, start, start + DAY)
    with pytest.raises(Refused, match="overlap"):
        actions.move_half_day(
            first_half_day(gathering),
            actor=actor_of(cast.claire),
            starts_at=start + DAY + HOUR,
            ends_at=start + DAY + 2 * HOUR,
        )


def test_a_site_of_another_organisation_is_refused(cast: Cast) -> None:
    start = timezone.now() + DAY
    with pytest.raises(Refused, match="other_site"):
        make_gathering(cast, half_days=[(start, start + HOUR, cast.other_ward, "")])


def test_who_may_plan(cast: Cast) -> None:
    make_gathering(cast, actor=actor_of(cast.solene))
    for actor in (actor_of(cast.helene), actor_of(cast.youssef), actor_of(cast.delphine)):
        with pytest.raises(Denied):
            make_gathering(cast, actor=actor)


def test_a_trainer_plans_trainings_and_what_they_lead_only(cast: Cast) -> None:
    trainer = make_peers(cast.hospital, 1)[0]
    MembershipFactory(person=trainer, organisation=cast.committee, role=Role.TRAINER)
    actor = actor_of(trainer, cast.committee)
    make_gathering(cast, actor=actor, kind=GatheringKind.TRAINING)
    make_gathering(cast, actor=actor, host=trainer)
    with pytest.raises(Denied):
        make_gathering(cast, actor=actor)
    of_solene = make_gathering(cast)
    with pytest.raises(Denied):
        actions.cancel_gathering(of_solene, actor=actor)


def test_enrol_gives_places_then_turns(cast: Cast) -> None:
    gathering = make_gathering(cast, places=1)
    claire = actor_of(cast.claire)
    first = actions.enrol(gathering, cast.helene, actor=claire)
    second = actions.enrol(gathering, cast.marc, actor=claire)
    assert (first.state, second.state) == (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
    assert Gathering.objects.get().taken == 1
    assert told(cast.helene) == ["gathering"]


def test_nobody_is_enrolled_twice(cast: Cast) -> None:
    gathering, claire = make_gathering(cast), actor_of(cast.claire)
    actions.enrol(gathering, cast.helene, actor=claire)
    with pytest.raises(Refused, match="already_enrolled"):
        actions.enrol(gathering, cast.helene, actor=claire)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enrolment.objects.create(
            organisation=cast.committee, gathering=gathering, person=cast.helene, asked_at=timezone.now()
        )


def test_the_database_itself_keeps_the_number_of_places(cast: Cast) -> None:
    gathering = make_gathering(cast, places=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Gathering.objects.filter(pk=gathering.pk).update(taken=2)


def test_someone_of_elsewhere_stopped_or_leading_is_refused(cast: Cast) -> None:
    gathering, claire = make_gathering(cast), actor_of(cast.claire)
    Person.objects.filter(pk=cast.marc.pk).update(stopped_at=timezone.now(), stop_reason="distress")
    for person, code in ((cast.aicha, "not_here"), (cast.marc, "stopped"), (cast.solene, "is_host")):
        with pytest.raises(Refused, match=code):
            actions.enrol(gathering, Person.objects.get(pk=person.pk), actor=claire)


def test_a_peer_enrols_alone_only_where_it_is_open(cast: Cast) -> None:
    helene = actor_of(cast.helene)
    with pytest.raises(Denied):
        actions.enrol(make_gathering(cast), cast.helene, actor=helene)
    opened = make_gathering(cast, is_open=True)
    assert actions.enrol(opened, cast.helene, actor=helene).state == EnrolmentState.ENROLLED
    assert told(cast.helene) == []
    with pytest.raises(Denied):
        actions.enrol(opened, cast.marc, actor=helene)
    with pytest.raises(Denied):
        actions.enrol(opened, cast.aicha, actor=actor_of(cast.aicha))


def test_withdraw_gives_the_place_to_the_first_who_waits(cast: Cast) -> None:
    gathering, claire = make_gathering(cast, places=1), actor_of(cast.claire)
    held = actions.enrol(gathering, cast.helene, actor=claire)
    waiting = actions.enrol(gathering, cast.marc, actor=claire)
    [later] = [actions.enrol(gathering, person, actor=claire) for person in make_peers(cast.committee, 1)]
    actions.withdraw(held, actor=actor_of(cast.helene))
    for row in (waiting, later):
        row.refresh_from_db()
    assert (waiting.state, later.state) == (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
    assert Gathering.objects.get().taken == 1
    assert told(cast.marc) == ["gathering", "gathering_place"]
    assert "gathering_left" in told(cast.solene)


def test_whoever_waits_and_leaves_changes_no_place(cast: Cast) -> None:
    gathering, claire = make_gathering(cast, places=1), actor_of(cast.claire)
    actions.enrol(gathering, cast.helene, actor=claire)
    waiting = actions.enrol(gathering, cast.marc, actor=claire)
    actions.withdraw(waiting, actor=actor_of(cast.marc))
    assert Gathering.objects.get().taken == 1
    with pytest.raises(Refused, match="stale"):
        actions.withdraw(waiting, actor=actor_of(cast.marc))
    assert Gathering.objects.get().taken == 1


def test_nobody_withdraws_another(cast: Cast) -> None:
    gathering = make_gathering(cast)
    held = actions.enrol(gathering, cast.helene, actor=actor_of(cast.claire))
    for actor in (actor_of(cast.marc), actor_of(cast.youssef)):
        with pytest.raises(Denied):
            actions.withdraw(held, actor=actor)


def test_coming_back_makes_a_new_line(cast: Cast) -> None:
    gathering, claire = make_gathering(cast), actor_of(cast.claire)
    actions.withdraw(actions.enrol(gathering, cast.helene, actor=claire), actor=actor_of(cast.helene))
    actions.enrol(gathering, cast.helene, actor=claire)
    assert Enrolment.objects.count() == 2
    assert Gathering.objects.get().taken == 1


def test_more_places_go_to_those_who_wait_and_never_fewer_than_taken(cast: Cast) -> None:
    gathering, claire = make_gathering(cast, places=1), actor_of(cast.claire)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=claire)
    actions.edit_gathering(gathering, actor=claire, places=2)
    assert Enrolment.objects.enrolled().count() == 2
    with pytest.raises(Refused, match="incomplete"):
        actions.edit_gathering(gathering, actor=claire, places=1)


def test_move_half_day_tells_those_enrolled_and_counts_as_calendars_do(cast: Cast) -> None:
    gathering, claire = make_gathering(cast), actor_of(cast.claire)
    actions.enrol(gathering, cast.helene, actor=claire)
    half_day = first_half_day(gathering)
    when = half_day.starts_at + 7 * DAY
    actions.move_half_day(half_day, actor=claire, starts_at=when, ends_at=when + 3 * HOUR, place="Salle 4")
    gathering.refresh_from_db()
    assert (gathering.starts_at, half_day.sequence) == (when, 1)
    assert told(cast.helene)[-1] == "gathering_moved"
    actions.move_half_day(half_day, actor=claire, starts_at=when, ends_at=when + 3 * HOUR, place="Salle 4")
    assert HalfDay.objects.get(pk=half_day.pk).sequence == 1


def test_the_last_half_day_is_not_taken_out(cast: Cast) -> None:
    start = timezone.now() + DAY
    gathering, claire = make_gathering(cast, start, start + DAY), actor_of(cast.claire)
    actions.remove_half_day(first_half_day(gathering), actor=claire)
    gathering.refresh_from_db()
    assert gathering.starts_at == start + DAY
    with pytest.raises(Refused, match="last_half_day"):
        actions.remove_half_day(first_half_day(gathering), actor=claire)
    removed = HalfDay.objects.exclude(removed_at=None).get()
    assert removed.sequence == 1


def test_a_half_day_taken_out_may_be_put_back_at_the_same_moment(cast: Cast) -> None:
    start = timezone.now() + DAY
    gathering, claire = make_gathering(cast, start, start + DAY), actor_of(cast.claire)
    actions.remove_half_day(first_half_day(gathering), actor=claire)
    actions.add_half_day(gathering, actor=claire, starts_at=start, ends_at=start + HOUR)
    assert HalfDay.objects.standing().count() == 2


def test_cancel_gathering_tells_all_and_closes_it(cast: Cast) -> None:
    gathering, claire = make_gathering(cast, places=1), actor_of(cast.claire)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=claire)
    actions.cancel_gathering(gathering, actor=claire)
    assert gathering.state == GatheringState.CANCELLED
    for person in (cast.helene, cast.marc):
        assert told(person, read_at=None) == ["gathering_cancelled"]
    with pytest.raises(Refused, match="cancelled"):
        actions.enrol(gathering, make_peers(cast.committee, 1)[0], actor=claire)
    with pytest.raises(Refused, match="stale"):
        actions.cancel_gathering(gathering, actor=claire)


def test_withdraw_everywhere_frees_what_is_to_come_only(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    coming, full = make_gathering(cast), make_gathering(cast, places=1)
    for gathering in (coming, full):
        actions.enrol(gathering, cast.helene, actor=claire)
    waiting = actions.enrol(full, cast.marc, actor=claire)
    assert actions.withdraw_everywhere(cast.helene.pk, actor=system()) == 2
    waiting.refresh_from_db()
    assert waiting.state == EnrolmentState.ENROLLED


def test_hold_gatherings_over(cast: Cast) -> None:
    start = timezone.now() + HOUR
    gathering, claire = make_gathering(cast, start, places=1), actor_of(cast.claire)
    for person in (cast.helene, cast.marc):
        actions.enrol(gathering, person, actor=claire)
    assert actions.hold_gatherings_over(start, actor=system()) == 0
    assert actions.hold_gatherings_over(start + 4 * HOUR, actor=system()) == 1
    gathering.refresh_from_db()
    assert gathering.state == GatheringState.HELD
    assert not Enrolment.objects.waiting().exists()


def test_reminded_once_the_day_before_and_again_when_moved(cast: Cast) -> None:
    gathering, claire = make_gathering(cast), actor_of(cast.claire)
    actions.enrol(gathering, cast.helene, actor=claire)
    half_day = first_half_day(gathering)
    day = timezone.localdate(half_day.starts_at)
    assert actions.remind_of(day - DAY, now=timezone.now()) == 0
    assert actions.remind_of(day, now=timezone.now()) == 1
    assert actions.remind_of(day, now=timezone.now()) == 0
    assert told(cast.helene)[-1] == "gathering_reminder"
    when = half_day.starts_at + 2 * DAY
    actions.move_half_day(half_day, actor=claire, starts_at=when, ends_at=when + HOUR)
    assert actions.remind_of(day + 2 * DAY, now=timezone.now()) == 1


def test_two_files_of_one_person_keep_one_place(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    both, one = make_gathering(cast), make_gathering(cast)
    for person in (cast.helene, cast.marc):
        actions.enrol(both, person, actor=claire)
    actions.enrol(one, cast.helene, actor=claire)
    actions.move_enrolments(cast.helene.pk, cast.marc.pk)
    assert set(Enrolment.objects.enrolled().values_list("gathering_id", "person_id")) == {
        (both.pk, cast.marc.pk),
        (one.pk, cast.marc.pk),
    }
    assert sorted(Gathering.objects.values_list("taken", flat=True)) == [1, 1]
