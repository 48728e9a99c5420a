"""Hours come from the activity itself: an attendance list, a talk logged; and follow what becomes of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from vecu.accompaniment.actions import contacts
from vecu.accompaniment.tests.factories_pairs import World
from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Attendance
from vecu.core.errors import Refused
from vecu.core.events import publish
from vecu.messaging.models import Notice
from vecu.people.events import FilesJoined
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
        assert not Notice.objects.unread().filter(kind="claim_in_doubt").exists()

    def test_what_was_accepted_is_not_paid(self, cast: Cast, activity: Activity) -> None:
        claim = make_approved(cast, activity)
        self.absent(cast, activity)
        claim.refresh_from_db()
        with pytest.raises(Refused, match=r"^absent: "):
            actions.pay(claim, actor=actor_of(cast.claire), paid_on=timezone.localdate())
        assert Notice.objects.unread().filter(kind="claim_in_doubt").exists()
        actions.cancel(claim, actor=actor_of(cast.claire), answer="Absente ce jour-là.")
        assert claim.state == ClaimState.CANCELLED
        assert not Notice.objects.unread().filter(kind="claim_in_doubt").exists()

    def test_what_is_cancelled_after_all_gave_no_hours(self, cast: Cast, activity: Activity) -> None:
        claim = make_sent(cast, activity)
        attendance = Attendance.objects.get(pk=activity.source_id)
        agenda.cancel_gathering(attendance.half_day.gathering, actor=actor_of(cast.claire))
        assert not Activity.objects.held().exists() and self.doubts(cast) == 1
        claim.refresh_from_db()
        with pytest.raises(Refused, match=r"^absent: "):
            actions.approve(claim, actor=actor_of(cast.claire))

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


class TestOneHalfDayUnderTwoNames:
    """The same person was on the list twice: once the files are joined, the half-day counts once, and is paid once."""

    @pytest.fixture
    def both(self, cast: Cast) -> tuple[Activity, Activity]:
        """Marc's line, which gives way, and Hélène's, which is kept."""
        make_scale(cast)
        attendance = attend(cast, cast.helene)
        agenda.enrol(attendance.half_day.gathering, cast.marc, actor=actor_of(cast.claire))
        agenda.record_presence(attendance.half_day, cast.marc, Presence.PRESENT, actor=actor_of(cast.claire))
        assert Activity.objects.count() == 2
        return Activity.objects.get(person=cast.marc), Activity.objects.get(person=cast.helene)

    def join(self, cast: Cast) -> None:
        with transaction.atomic():
            publish(FilesJoined(cast.marc.pk, cast.helene.pk, cast.committee.pk))

    def test_hours_are_counted_once(self, cast: Cast, both: tuple[Activity, Activity]) -> None:
        self.join(cast)
        assert Activity.objects.get() == both[1]

    @pytest.mark.parametrize("make", [make_draft, make_sent, make_approved, make_paid])
    def test_the_claim_there_is_goes_to_the_line_that_is_kept(
        self, cast: Cast, both: tuple[Activity, Activity], make: Any
    ) -> None:
        claim = make(cast, both[0])
        self.join(cast)
        claim.refresh_from_db()
        assert claim.person == cast.helene and claim.activity == both[1] == Activity.objects.get()
        with pytest.raises(Refused, match=r"^already: "):
            actions.start_claim(both[1], actor=actor_of(cast.helene), costs=DRIVE)

    def test_claimed_under_both_names_somebody_is_told(self, cast: Cast, both: tuple[Activity, Activity]) -> None:
        paid, sent = make_paid(cast, both[0]), make_sent(cast, both[1])
        self.join(cast)
        assert Activity.objects.held().get() == both[1] and Activity.objects.count() == 2
        [notice] = Notice.objects.filter(kind="claim_in_doubt")
        assert notice.about == paid.pk and notice.person == cast.claire
        sent.refresh_from_db()
        assert sent.state == ClaimState.SENT and sent.activity == both[1]

    def test_what_is_kept_says_absent(self, cast: Cast, both: tuple[Activity, Activity]) -> None:
        claim = make_sent(cast, both[0])
        correct(cast, Attendance.objects.get(pk=both[1].source_id), Presence.ABSENT)
        self.join(cast)
        claim.refresh_from_db()
        assert not Activity.objects.held().exists() and claim.activity is not None
        assert Notice.objects.filter(kind="claim_in_doubt").exists()


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
