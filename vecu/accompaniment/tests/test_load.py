"""A proposal above what a peer accepts: asked for a reason, shown to them, told to the psychologist."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment.models import Proposal
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory, make_safe
from vecu.core.tables import JournalEntry
from vecu.messaging.models import Notice
from vecu.peers import actions as peer_actions
from vecu.peers.models import Peer
from vecu.peers.tests.factories import PassportFactory, PeerFactory
from vecu.people.enums import Role
from vecu.people.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    make_safe(made.committee, made.solene)
    return made


def resting(cast: Cast) -> Peer:
    Membership.objects.filter(person=cast.helene, role=Role.PEER).delete()  # the factory gives it again
    peer = PeerFactory(organisation=cast.committee, person=cast.helene, ready=True, lived=["cancer_sein"])
    on = timezone.localdate() - timedelta(days=2)
    peer_actions.note_load(peer.pk, organisation_id=cast.committee.pk, kind="hard", about=peer.pk, on=on)
    PassportFactory(peer=peer)
    return peer


def test_the_page_asks_why_and_the_person_reads_it_first(client: Client, cast: Cast) -> None:
    peer = resting(cast)
    request: Any = RequestFactory(programme=ProgrammeFactory(organisation=cast.committee), open=True)
    sign_in(client, cast.claire)
    url = f"/apparier/{request.pk}/proposer/{peer.pk}/"
    assert "(facultatif)" not in client.get(url).content.decode()
    answer = client.post(url, {"choice_reason": ""})
    assert answer.status_code == 422 and "repos" in answer.content.decode()
    assert not Proposal.objects.exists()
    peer.refresh_from_db()
    assert peer.active_pairs == 0
    assert client.post(url, {"load_reason": "Elle l’a demandé"}).status_code == 303
    proposal = Proposal.objects.get()
    assert (proposal.load_reason, proposal.limits_version) == ("Elle l’a demandé", 1)
    assert not JournalEntry.objects.filter(reason__contains="demandé").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT load_reason FROM accompaniment_proposal")
        assert "demandé".encode() not in bytes(cursor.fetchone()[0])
    assert Notice.objects.filter(person=cast.solene, kind="peer_load").exists()
    own = Client()
    sign_in(own, cast.helene)
    page = own.get(f"/propositions/{proposal.pk}/").content.decode()
    assert "Elle l’a demandé" in page and "version 1" in page
    assert "On vous sollicite tout de même" in page and "plus que ce que vous avez dit accepter" not in page


def test_what_they_carry_is_on_both_pages_in_words(client: Client, cast: Cast) -> None:
    peer = resting(cast)
    sign_in(client, cast.claire)
    assert "Au repos" in client.get(f"/pairs/{peer.pk}/").content.decode()
    sign_in(client, cast.helene)
    assert "Reposez-vous" in client.get("/mon-engagement/").content.decode()
    assert actor_of(cast.helene).person_id == peer.person_id
