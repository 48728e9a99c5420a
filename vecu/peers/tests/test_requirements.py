"""What an organisation asks of each profile, for how long, and of whom it does not."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from vecu.core.errors import Denied, Refused
from vecu.peers import actions, readiness
from vecu.peers.actions.requirements import Rule
from vecu.peers.enums import ENTERED, Profile
from vecu.peers.models import Clearance, Peer, Requirement
from vecu.peers.tests.conftest import actor_of
from vecu.peers.tests.factories import PeerFactory
from vecu.people.enums import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def claire(world):
    return actor_of(world.people["claire"], world.here, Role.COORDINATOR)


def rules(*unasked, **months):
    return [Rule(kind, kind not in unasked, months.get(kind)) for kind in ENTERED]


def lacks(peer, profile=Profile.COMPANION):
    return {missing.kind for missing in readiness.personal([peer.pk], profile=profile)[peer.pk]}


def test_whatever_is_not_written_is_asked(world):
    peer = PeerFactory(organisation=world.here)
    assert lacks(peer) == set(ENTERED) == lacks(peer, Profile.WITNESS)


def test_what_is_not_asked_is_not_missing_in_words_nor_in_the_list(world, claire):
    peer = PeerFactory(organisation=world.here)
    elsewhere = PeerFactory(organisation=world.elsewhere)
    actions.set_requirements(world.here, Profile.COMPANION, rules("insurance"), actor=claire)
    assert lacks(peer) == set(ENTERED) - {"insurance"}
    assert lacks(elsewhere) == set(ENTERED) == lacks(peer, Profile.WITNESS)
    for kind in set(ENTERED) - {"insurance"}:
        actions.record_clearance(peer, actor=claire, kind=kind, obtained_on=timezone.localdate())
    assert not lacks(peer) and lacks(peer, Profile.WITNESS) == {"insurance"}
    assert not Peer.objects.filter(pk=peer.pk).uncleared().exists()
    actions.set_requirements(world.here, Profile.COMPANION, rules(), actor=claire)
    assert lacks(peer) == {"insurance"} and Peer.objects.filter(pk=peer.pk).uncleared().exists()


def test_a_proof_without_an_end_holds_the_shortest_time_asked_of_what_they_do(world, claire):
    peer = PeerFactory(organisation=world.here, profiles=[Profile.COMPANION, Profile.WITNESS])
    actions.set_requirements(world.here, Profile.COMPANION, rules(training=36), actor=claire)
    actions.set_requirements(world.here, Profile.WITNESS, rules(training=24), actor=claire)
    actions.set_requirements(world.here, Profile.VOICE, rules(training=1), actor=claire)
    proof = actions.record_clearance(peer, actor=claire, kind="training", obtained_on=date(2026, 1, 31))
    assert proof.expires_on == date(2028, 1, 31)
    said = actions.record_clearance(
        peer, actor=claire, kind="training", obtained_on=date(2026, 2, 1), expires_on=date(2026, 6, 1)
    )
    assert said.expires_on == date(2026, 6, 1)


def test_someone_exempted_is_ready_and_the_reason_is_written(world, claire):
    peer = PeerFactory(organisation=world.here)
    day = timezone.localdate()
    actions.record_clearance(peer, actor=claire, kind="training", obtained_on=day, exemption="equivalent")
    assert "training" not in lacks(peer)
    assert Clearance.objects.get(peer=peer).get_exemption_display() == "Quelque chose d’équivalent a été accepté"


@pytest.mark.parametrize("months", [0, -1, 121])
def test_months_out_of_reason_are_refused(world, claire, months):
    with pytest.raises(Refused, match="120"):
        actions.set_requirements(world.here, Profile.COMPANION, rules(training=months), actor=claire)
    assert not Requirement.objects.exists()


def test_only_who_manages_the_organisation_changes_it(world):
    for name, role in (("helene", Role.PEER), ("solene", Role.PSYCHOLOGIST)):
        person = world.people[name]
        with pytest.raises(Denied):
            actions.set_requirements(
                world.here, Profile.COMPANION, rules("training"), actor=actor_of(person, world.here, role)
            )


def test_pages(world, enter):
    client = enter("claire")
    edit = reverse("requirement_edit", args=["witness"])
    assert edit in client.get(reverse("requirement_list")).text
    typed = {"charter": "on", "confidentiality": "on", "training": "on", "training_months": "36"}
    assert client.post(edit, typed).status_code == 303
    page = client.get(reverse("requirement_list")).text
    assert "valable 36 mois" in page and "Assurance\xa0: pas demandé" in page
    assert client.post(edit, {**typed, "training_months": "9999"}).status_code == 422
    assert client.get(reverse("requirement_edit", args=["nobody"])).status_code == 404
    assert enter("solene").get(edit).status_code == 403
