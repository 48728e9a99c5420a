"""Presence noted in the agenda makes a patient partner ready, at once, and the reverse."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from vecu.agenda import actions as agenda
from vecu.agenda.enums import GatheringKind, Presence
from vecu.agenda.models import Gathering
from vecu.agenda.tests.factories import make_gathering
from vecu.peers import actions, readiness
from vecu.peers.actions.requirements import Rule
from vecu.peers.enums import ENTERED, Profile
from vecu.peers.models import Clearance, LoadEntry, Peer
from vecu.peers.tests.factories import ClearanceFactory
from vecu.training import expiries

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def helene(cast: Cast) -> Peer:
    """In order but for groups: two sessions are asked in twelve months."""
    peer = engaged(cast)
    for kind in ENTERED:
        ClearanceFactory(peer=peer, kind=kind)
    rule = Rule("supervision", True, 12, 2, "sessions")
    actions.set_requirements(cast.committee, Profile.COMPANION, [rule], actor=actor_of(cast.claire))
    return peer


def engaged(cast: Cast) -> Peer:
    claire = actor_of(cast.claire)
    return actions.add_peer(
        cast.helene,
        actor=claire,
        organisation=cast.committee,
        profiles=[Profile.COMPANION],
        started_on=timezone.localdate(),
    )


def note(cast: Cast, gathering: Gathering, presence: str = Presence.PRESENT) -> None:
    agenda.enrol(gathering, cast.helene, actor=actor_of(cast.solene))
    for half_day in gathering.half_days.order_by("starts_at"):
        agenda.record_presence(half_day, cast.helene, presence, actor=actor_of(cast.solene))


def test_a_group_moved_to_another_day_weighs_on_that_day(cast: Cast) -> None:
    peer, now = engaged(cast), timezone.now()
    group = make_gathering(cast, now + 3 * DAY)
    agenda.enrol(group, cast.helene, actor=actor_of(cast.solene))
    half_day, later = group.half_days.get(), now + 40 * DAY
    agenda.move_half_day(half_day, actor=actor_of(cast.solene), starts_at=later, ends_at=later + DAY / 8)
    assert LoadEntry.objects.get(peer=peer).happens_on == timezone.localdate(later)


def is_ready(peer: Peer) -> bool:
    return readiness.readiness(peer, None).is_ready


def test_supervision_and_practice_count_and_other_meetings_do_not(cast: Cast, helene: Peer) -> None:
    now = timezone.now()
    note(cast, make_gathering(cast, now - 40 * DAY))
    note(cast, make_gathering(cast, now - 20 * DAY, kind=GatheringKind.MEETING))
    assert not is_ready(helene)
    note(cast, make_gathering(cast, now - 10 * DAY, kind=GatheringKind.PRACTICE))
    assert is_ready(helene)


def test_a_presence_corrected_to_absent_is_no_longer_counted(cast: Cast, helene: Peer) -> None:
    group = make_gathering(cast, timezone.now() - 40 * DAY, timezone.now() - 10 * DAY)
    note(cast, group)
    assert is_ready(helene)
    last = group.half_days.order_by("starts_at").last()
    agenda.record_presence(last, cast.helene, Presence.ABSENT, actor=actor_of(cast.solene))
    assert not is_ready(helene)


def test_a_cancelled_group_is_no_longer_counted(cast: Cast, helene: Peer) -> None:
    now = timezone.now()
    group = make_gathering(cast, now - 40 * DAY, now - 10 * DAY, now + 10 * DAY)
    agenda.enrol(group, cast.helene, actor=actor_of(cast.solene))
    for half_day in group.half_days.order_by("starts_at")[:2]:
        agenda.record_presence(half_day, cast.helene, Presence.PRESENT, actor=actor_of(cast.solene))
    assert is_ready(helene)
    agenda.cancel_gathering(group, actor=actor_of(cast.claire))
    assert not is_ready(helene)


def test_what_was_attended_before_being_a_peer_counts(cast: Cast) -> None:
    rule = Rule("supervision", True, 12, 1, "sessions")
    actions.set_requirements(cast.committee, Profile.COMPANION, [rule], actor=actor_of(cast.claire))
    note(cast, make_gathering(cast, timezone.now() - 40 * DAY))
    engaged(cast)
    assert Clearance.objects.filter(kind="supervision").exists()


def test_it_stands_among_what_ends_within_ninety_days(cast: Cast, helene: Peer) -> None:
    now = timezone.now()
    note(cast, make_gathering(cast, now - 300 * DAY, now - 200 * DAY))
    found = [row for row in expiries.endings([cast.committee.pk]) if row.what == "supervision"]
    assert [row.person_id for row in found] == [cast.helene.pk]
