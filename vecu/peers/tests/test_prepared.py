"""The prepared list of peers gives each actor the rows their rights give, and no others."""

from __future__ import annotations

import pytest
from django.utils import timezone
from django.utils.translation import override

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


def test_lines_speak_the_language_of_their_reader() -> None:
    cast = make_cast()
    PeerFactory(organisation=cast.committee)
    actor = actor_of(cast.claire)

    def words() -> str:
        page = lines.listed_peers(actor, "all", lines.counts(actor))[0:50]
        return "".join(line.told for line in lines.of_page(page, actor))

    french = words()
    with override("en"):
        english = words()
    assert "Pair depuis" in french and "Peer since" in english
    assert words() == french
