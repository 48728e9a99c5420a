"""The charter and the confidentiality undertaking, read and signed on screen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.cast import actor_of, make_cast, sign_in
from vecu.peers import readiness, ready_lines
from vecu.peers.enums import ClearanceKind
from vecu.peers.models import Clearance
from vecu.peers.tests.factories import PeerFactory
from vecu.people import actions as people_actions
from vecu.people.enums import UNDERTAKINGS, ConsentChannel, ConsentPurpose
from vecu.people.models import Consent

pytestmark = pytest.mark.django_db
SIGN = reverse("undertaking_sign", args=["charter"])


@pytest.fixture
def cast(db):
    return make_cast()


@pytest.fixture
def helene(cast, client):
    peer = PeerFactory(organisation=cast.committee)
    sign_in(client, peer.person, cast.committee)
    return peer


def lacks(peer):
    return [missing.kind for missing in readiness.personal([peer.pk])[peer.pk]]


def test_every_undertaking_is_a_proof():
    assert {str(kind) for kind in UNDERTAKINGS} <= set(ClearanceKind.values)


def test_read_then_signed(client, helene):
    assert SIGN in client.get(reverse("my_peer")).text
    page = client.get(SIGN).text
    text = people_actions.current_text(ConsentPurpose.CHARTER, helene.organisation)
    assert text.title in page and text.sha256[:12] in page
    assert client.post(SIGN).status_code == 303
    consent = Consent.objects.get(person=helene.person, text=text)
    clearance = Clearance.objects.get(peer=helene, kind="charter")
    assert (clearance.consent, clearance.obtained_on) == (consent, timezone.localdate())
    assert "charter" not in lacks(helene) and SIGN not in client.get(reverse("my_peer")).text


def test_signed_twice_is_one_proof(client, helene):
    client.post(SIGN)
    client.post(SIGN)
    assert Clearance.objects.filter(peer=helene, kind="charter").count() == 1


def test_taken_back_the_same_day_it_never_counted(client, helene):
    client.post(SIGN)
    consent = Consent.objects.get(person=helene.person, text__purpose="charter")
    client.post(reverse("consent_withdraw", args=[consent.pk]))
    assert "charter" in lacks(helene) and not Clearance.objects.filter(peer=helene, kind="charter").exists()


def test_taken_back_later_it_no_longer_counts_and_what_held_stays_written(client, helene):
    signed_at = timezone.now() - timedelta(days=30)
    actor = actor_of(helene.person, helene.organisation)
    consent = people_actions.give_consent(
        helene.person, ConsentPurpose.CHARTER, actor=actor, organisation=helene.organisation, now=signed_at
    )
    people_actions.withdraw_consent(consent, actor=actor)
    clearance = Clearance.objects.get(peer=helene, kind="charter")
    assert clearance.expires_on == timezone.localdate() - timedelta(days=1)
    assert "charter" in lacks(helene)
    assert ready_lines.to_sign(helene)[0][0] == "charter"


def test_signed_on_paper_before_a_coordinator(cast, helene):
    people_actions.record_consent(
        helene.person,
        ConsentPurpose.CONFIDENTIALITY,
        actor=actor_of(cast.claire),
        organisation=cast.committee,
        channel=ConsentChannel.PAPER,
    )
    assert "confidentiality" not in lacks(helene)


def test_other_agreements_are_no_proof(helene):
    actor = actor_of(helene.person, helene.organisation)
    people_actions.give_consent(helene.person, ConsentPurpose.PEER_FILE, actor=actor, organisation=helene.organisation)
    assert not Clearance.objects.filter(peer=helene).exists()


def test_the_coordinator_sees_the_version_signed(client, cast, helene):
    client.post(SIGN)
    sign_in(client, cast.claire)
    page = client.get(reverse("peer_detail", args=[helene.pk])).text
    assert people_actions.current_text(ConsentPurpose.CHARTER, helene.organisation).sha256[:12] in page


def test_who_is_no_peer_signs_nothing(client, cast):
    sign_in(client, cast.nadia)
    assert client.get(SIGN).status_code in (403, 404)
    assert client.get(reverse("consent_give", args=["charter"])).status_code == 404


def test_an_unknown_undertaking_is_not_found(client, helene):
    assert client.get(reverse("undertaking_sign", args=["peer_file"])).status_code == 404
    assert client.get(SIGN).status_code == 200
