"""The prepared list of peers gives each actor the rows their rights give, and no others."""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.cast import actor_of, make_cast
from vecu.core.access import visible
from vecu.peers import lines
from vecu.peers.models import Peer
from vecu.peers.tests.factories import PeerFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", lines.FILTERS)
def test_rows_and_counts_are_those_of_visible(name: str) -> None:
    cast = make_cast()
    for organisation in (cast.committee, cast.committee, cast.other_hospital):
        PeerFactory(organisation=organisation)
    day = timezone.localdate()
    for _round in range(2):  # one actor after another, so that a query written for one is asked by the next
        for person in (cast.claire, cast.youssef, cast.helene, cast.solene, cast.bertrand, cast.etienne):
            actor = actor_of(person)
            expected = lines._chosen(visible(Peer, actor), name, day)
            held = lines.counts(actor)
            listed = lines.listed_peers(actor, name, held)
            assert [row[0] for row in listed[0:50]] == [peer.pk for peer in expected]
            assert listed.count() == held[name] == expected.count()
