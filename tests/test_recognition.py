"""Hours come from the activity itself: an attendance list, a talk logged; and follow what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from vecu.accompaniment.actions import contacts
from vecu.accompaniment.tests.factories_pairs import World
from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Attendance
from vecu.core.errors import Refused
from vecu.messaging.models import Notice
from vecu.recognition import actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import ClaimState
from vecu.recognition.models import Activity, Claim
from vecu.recognition.tests.factories import (
    DRIVE,
    make_activity,
    make_approved,
    make_draft,
    make_paid,
    make_scale,
    make_sent,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def attend(cast: Cast, person: Any, presence: str = Presence.PRESENT) -> Attendance:
    """A supervision evening that began three hours ago."""
    at = timezone.now() - 3 * HOUR
    gathering = agenda.plan_gathering(
        cast.committee,
        actor=actor_of(cast.claire),
        kind=GatheringKind.SUPERVISION,
        title="Groupe du mardi",
        host=cast.solene,
        half_days=[(at, at + 2 * HOUR, cast.ward, "")],
    )
    agenda.enrol(gathering, person, actor=actor_of(cast.claire))
    return agenda.record_presence(gathering.half_days.get(), person, presence, actor=actor_of(cast.claire))


def correct(cast: Cast, attendance: Attendance, presence: str) -> None:
    agenda.record_presence(attendance.half_day, attendance.person, presence, actor=actor_of(cast.claire))


def test_a_presence_is_hours_and_its_correction_too(cast: Cast) -> None:
    attendance = attend(cast, cast.helene)
    activity = Activity.objects.get()
    assert (activity.person, activity.kind, activity.minutes) == (cast.helene, "supervision", 120)
    assert activity.source_id == attendance.pk and activity.happened_on == timezone.localdate(
        attendance.half_day.starts_at
    )
    for presence, held in ((Presence.EXCUSED, False), (Presence.ABSENT, False), (Presence.PRESENT, True)):
        correct(cast, attendance, presence)
        assert Activity.objects.get().is_held is held
        assert Activity.objects.held().count() == held


def test_only_those_whose_hours_are_counted_here(cast: Cast) -> None:
    attend(cast, cast.delphine)
    attend(cast, cast.helene, Presence.ABSENT)
    assert not Activity.objects.exists()


def test_a_talk_logged_is_hours() -> None:
    world = World()
    pair = world.pair()
    contacts.log_contact(
        pair,
        actor=actor_of(pair.peer.person),
        happened_on=timezone.localdate(),
        channel="in_person",
        duration="hour",
        feeling="good",
    )
    activity = Activity.objects.get()
    assert (activity.kind, activity.minutes, activity.person_id) == ("contact", 60, pair.peer.person_id)


class TestCorrectedToAbsent:
    """The presence is corrected after the claim."""

    @pytest.fixture
    def activity(self, cast: Cast) -> Activity:
        attend(cast, cast.helene)
        return Activity.objects.get()

    def absent(self, cast: Cast, activity: Activity) -> None:
        correct(cast, Attendance.objects.get(pk=activity.source_id), Presence.ABSENT)

    def doubts(self, cast: Cast) -> int:
        return Notice.objects.filter(kind="claim_in_doubt", person=cast.claire).count()

    def test_a_draft_cannot_be_sent(self, cast: Cast, activity: Activity) -> None:
        draft = make_draft(cast, activity)
        self.absent(cast, activity)
        assert self.doubts(cast) == 0
        with pytest.raises(Refused, match=r"^absent: "):
            actions.send_claim(draft, actor=actor_of(cast.helene))

    def test_what_was_sent_is_neither_accepted_nor_paid_and_somebody_is_told(
        self, cast: Cast, activity: Activity
    ) -> None:
        claim = make_sent(cast, activity)
        self.absent(cast, activity)
        claim.refresh_from_db()
        with pytest.raises(Refused, match=r"^absent: "):
            actions.approve(claim, actor=actor_of(cast.claire))
        actions.refuse(claim, actor=actor_of(cast.claire), answer="Vous étiez notée absente ce jour-là.")
        assert self.doubts(cast) == 1

    def test_what_was_accepted_is_not_paid(self, cast: Cast, activity: Activity) -> None:
        claim = make_approved(cast, activity)
        self.absent(cast, activity)
        claim.refresh_from_db()
        with pytest.raises(Refused, match=r"^absent: "):
            actions.pay(claim, actor=actor_of(cast.claire), paid_on=timezone.localdate())
        actions.cancel(claim, actor=actor_of(cast.claire), answer="Absente ce jour-là.")
        assert claim.state == ClaimState.CANCELLED

    def test_what_was_paid_stays_and_somebody_is_told(self, cast: Cast, activity: Activity) -> None:
        make_paid(cast, activity)
        self.absent(cast, activity)
        assert Claim.objects.get().state == ClaimState.PAID and self.doubts(cast) == 1

    def test_nothing_new_is_asked_for_it(self, cast: Cast, activity: Activity) -> None:
        make_scale(cast)
        self.absent(cast, activity)
        with pytest.raises(Refused, match=r"^absent: "):
            actions.start_claim(Activity.objects.get(), actor=actor_of(cast.helene), costs=DRIVE)

    def test_corrected_back_it_goes_on(self, cast: Cast, activity: Activity) -> None:
        claim = make_sent(cast, activity)
        self.absent(cast, activity)
        correct(cast, Attendance.objects.get(pk=activity.source_id), Presence.PRESENT)
        claim.refresh_from_db()
        assert actions.approve(claim, actor=actor_of(cast.claire)).state == ClaimState.APPROVED


def test_two_files_are_one_person(cast: Cast) -> None:
    """What both have is kept once, with the claim there is; numbers and receipts follow."""
    shared = make_activity(cast)
    make_activity(cast, cast.marc, source_id=shared.source_id)
    claim = make_sent(cast, make_activity(cast, cast.marc), costs=Costs(tickets_cents=900), receipts=1)
    actions.move_activities(cast.marc.pk, cast.helene.pk)
    assert Activity.objects.filter(person=cast.helene).count() == 2 and not Activity.objects.filter(person=cast.marc)
    claim.refresh_from_db()
    assert claim.person == cast.helene and bytes(claim.receipts.get().file)


def test_those_concerned_are_told_and_nobody_else(cast: Cast) -> None:
    claim = make_sent(cast)
    assert list(Notice.objects.filter(kind="claim").values_list("person", flat=True)) == [cast.claire.pk]
    actions.approve(claim, actor=actor_of(cast.claire))
    assert not Notice.objects.unread().filter(kind="claim").exists()
    assert list(Notice.objects.filter(kind="claim_answered").values_list("person", flat=True)) == [cast.helene.pk]


def test_a_claim_withdrawn_is_off_the_list(cast: Cast) -> None:
    claim = make_sent(cast)
    assert Notice.objects.unread().filter(kind="claim").exists()
    actions.withdraw_claim(claim, actor=actor_of(cast.helene))
    assert not Notice.objects.unread().filter(kind="claim").exists()
