"""What the engine is told of those who wait and of those who can give."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from vecu.accompaniment import adapter, reasons
from vecu.accompaniment.tests.factories_pairs import World
from vecu.peers import actions as peer_actions
from vecu.peers.tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


class TestNotMyHospital:
    @pytest.fixture
    def asked(self, world: World) -> World:
        """Nadia is treated in the ward, where both peers may go, and wishes nobody from there."""
        AgreementFactory(site=world.cast.ward, organisation=world.organisation)
        world.request.site = world.cast.ward
        world.request.wishes = {**world.request.wishes, "not_same_site": True}
        world.request.save()
        return world

    def test_a_peer_treated_there_is_left_out_and_it_is_said(self, asked: World) -> None:
        peer_actions.edit_peer(asked.helene, actor=asked.claire, care_site=asked.cast.ward)
        looked = adapter.look_at(asked.request, timezone.now())
        stopped = looked.explanation(str(asked.helene.pk))
        assert looked.rank_of(str(asked.helene.pk)) is None and stopped is not None
        assert [block.rule for block in stopped.blocks] == ["same_site"]
        assert reasons.say_blocks(stopped, looked.asked_before) == [reasons.say_block(stopped.blocks[0])]

    def test_a_peer_who_did_not_say_is_neither_helped_nor_left_out(self, asked: World) -> None:
        looked = adapter.look_at(asked.request, timezone.now())
        assert looked.rank_of(str(asked.helene.pk)) == 1

    def test_without_the_wish_the_same_place_changes_nothing(self, asked: World) -> None:
        peer_actions.edit_peer(asked.helene, actor=asked.claire, care_site=asked.cast.ward)
        asked.request.wishes = {**asked.request.wishes, "not_same_site": False}
        asked.request.save()
        assert adapter.look_at(asked.request, timezone.now()).rank_of(str(asked.helene.pk)) == 1


def test_a_fixed_date_that_has_passed_presses_no_more(world: World) -> None:
    today, key = timezone.localdate(), str(world.request.pk)
    for days, expected in ((-3, None), (0, 0), (9, 9)):
        world.request.fixed_on = today + timedelta(days=days)
        found = adapter.instance(world.organisation, [world.request], timezone.now())
        assert found.needs[key].priority_in_days == expected
