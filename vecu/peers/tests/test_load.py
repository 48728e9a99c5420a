"""How much somebody carries, over all activities."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from vecu.core.errors import Refused
from vecu.core.tables import JournalEntry
from vecu.peers import actions, load
from vecu.peers.enums import LoadKind
from vecu.peers.models import Peer
from vecu.peers.tests.factories import PeerFactory
from vecu.people.actor import system

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def weigh(peer: Peer, kind: str, days_ago: int = 0) -> None:
    on = timezone.localdate() - days_ago * DAY
    actions.note_load(peer.pk, organisation_id=peer.organisation_id, kind=kind, about=uuid4(), on=on)


class TestGauge:
    def test_every_kind_has_its_weight_and_words(self) -> None:
        assert set(load.weights()) == set(LoadKind.values)
        assert all(weight.points > 0 for weight in load.weights().values())

    def test_activities_add_up_and_fade(self) -> None:
        peer = PeerFactory(max_pairs=2, active_pairs=1)
        weigh(peer, "gathering", 3)
        weigh(peer, "testimony", 10)
        weigh(peer, "testimony", 31)  # too long ago
        found = load.gauge(peer)
        assert found.counts == (("pair", 1), ("gathering", 1), ("testimony", 1))
        assert (found.points, found.limit) == (7, 9)
        assert found.is_over_with("testimony") and not found.is_over_with("gathering")

    def test_what_is_planned_weighs_already(self) -> None:
        peer = PeerFactory()
        weigh(peer, "testimony", -20)
        assert load.gauge(peer).points == 3

    @pytest.mark.parametrize(("days", "rests"), [(0, True), (6, True), (7, False)])
    def test_rest_after_a_hard_contact(self, days: int, rests: bool) -> None:
        peer = PeerFactory()
        weigh(peer, "hard", days)
        assert (load.gauge(peer).rests_until is not None) is rests
        assert load.gauge(peer).is_over_with("gathering") is rests

    def test_the_same_thing_weighs_once(self) -> None:
        peer, about = PeerFactory(), uuid4()
        for days in (0, 3):
            on = timezone.localdate() + days * DAY
            actions.note_load(peer.pk, organisation_id=peer.organisation_id, kind="mission", about=about, on=on)
        assert peer.load_entries.get().happens_on == on
        actions.drop_load(about)
        assert load.gauge(peer).points == 0

    def test_one_query_for_many(self, django_assert_num_queries: object) -> None:
        peers = [PeerFactory() for _number in range(4)]
        load.gauges(peers)
        with django_assert_num_queries(1):  # type: ignore[operator]
            load.gauges(peers)


class TestAbove:
    def test_a_reason_is_asked_and_kept_in_the_journal(self) -> None:
        peer = PeerFactory(max_pairs=1, active_pairs=1)
        actor = system(peer.organisation_id)
        assert actions.pass_load(peer, actor=actor, kind="mission", reason="") == ""
        weigh(peer, "testimony")
        for reason in ("", "  ok "):
            with pytest.raises(Refused):
                actions.pass_load(peer, actor=actor, kind="mission", reason=reason)
        assert actions.pass_load(peer, actor=actor, kind="mission", reason="Elle le souhaite") == "Elle le souhaite"
        assert JournalEntry.objects.filter(verb="peer.pass_load").count() == 1
