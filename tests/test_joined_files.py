"""Whoever recognises a file as theirs finds everything in their own, and nothing is erased that cannot follow."""

from __future__ import annotations

import pytest

from tests.cast import Cast, actor_of, make_cast
from vecu.core.errors import Refused
from vecu.peers.models import Peer
from vecu.peers.tests.factories import PeerFactory
from vecu.people import actions as people
from vecu.people.actor import system
from vecu.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def test_a_patient_partner_entered_by_hand_is_not_erased(cast: Cast) -> None:
    """They never applied: what they give would be lost all the same."""
    peer = PeerFactory(organisation=cast.committee)
    person = peer.person
    person.user = None
    person.save()
    people.await_address(person, actor=system(), organisation=cast.committee, email=cast.nadia.user.email)
    with pytest.raises(Refused, match="retained"):
        people.join_file(person.awaited, actor=actor_of(cast.nadia))
    assert Person.objects.get(pk=person.pk).erased_at is None
    assert Peer.objects.get(pk=peer.pk).person == person
