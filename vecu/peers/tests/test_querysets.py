"""Which peers: every adjective with one it keeps and the ones it leaves out."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from vecu.peers import lines
from vecu.peers.models import Absence, Clearance, LivedExperience, Peer, SiteAgreement
from vecu.peers.offers import offers
from vecu.peers.tests.factories import AbsenceFactory, ClearanceFactory, PeerFactory
from vecu.people import actions as people_actions
from vecu.people.actor import PUBLIC, system
from vecu.people.enums import ConsentPurpose
from vecu.people.models import Organisation
from vecu.people.tests.factories import PersonFactory

TODAY = timezone.localdate


def counts(organisation: Organisation) -> dict[str, int]:
    return lines._counted(lines._filtered(organisation.pk, None, TODAY()).values())


def test_each_sees_what_is_theirs(world: SimpleNamespace) -> None:
    other = PeerFactory(organisation=world.here)
    far = PeerFactory(organisation=world.elsewhere)
    assert set(Peer.objects.visible_to(world.claire)) == {world.helene, other}
    assert set(Peer.objects.visible_to(world.solene)) == {world.helene, other}
    assert set(Peer.objects.visible_to(world.herself)) == {world.helene}
    assert set(Peer.objects.visible_to(world.youssef)) == {far}
    assert not Peer.objects.visible_to(PUBLIC).exists()
    assert Peer.objects.visible_to(system()).count() == 3
    assert LivedExperience.objects.visible_to(world.herself).count() == 2
    assert not Clearance.objects.visible_to(world.youssef).exists()
    assert not SiteAgreement.objects.visible_to(world.youssef).exists()


def test_engaged_leaves_out_those_gone_not_begun_or_deceased(world: SimpleNamespace) -> None:
    PeerFactory(ended=True)
    PeerFactory(started_on=TODAY() + timedelta(days=1))
    PeerFactory(person=PersonFactory(stopped_at=timezone.now(), stop_reason="death"))
    assert set(Peer.objects.engaged()) == {world.helene}


def test_available_leaves_out_pauses_absences_and_the_stopped(world: SimpleNamespace) -> None:
    PeerFactory(paused=True)
    PeerFactory(paused=True, paused_until=TODAY() + timedelta(days=1))
    PeerFactory(person=PersonFactory(stopped=True))
    back = PeerFactory(paused=True, paused_until=TODAY())
    away, between = PeerFactory(), PeerFactory()
    AbsenceFactory(peer=away)
    # One absence over and one to come: today lies in neither, though each half of the question has a row.
    AbsenceFactory(peer=between, starts_on=TODAY() - timedelta(days=9), ends_on=TODAY() - timedelta(days=8))
    AbsenceFactory(peer=between, starts_on=TODAY() + timedelta(days=8), ends_on=TODAY() + timedelta(days=9))
    assert set(Peer.objects.available()) == {world.helene, back, between}
    assert Peer.objects.paused().count() == 2
    assert Absence.objects.to_come().count() == 2


def test_standing_says_for_each_what_holds_them_back(world: SimpleNamespace) -> None:
    own = {"purpose": ConsentPurpose.SHARED_EXPERIENCE, "organisation": world.here}
    given = people_actions.give_consent(world.helene.person, actor=world.herself, **own)
    people_actions.withdraw_consent(given, actor=world.herself)
    away, unready = PeerFactory(ready=True), PeerFactory()
    for days in (3, 9, 5):
        AbsenceFactory(peer=away, starts_on=TODAY(), ends_on=TODAY() + timedelta(days=days))
    AbsenceFactory(peer=unready, starts_on=TODAY() + timedelta(days=1), ends_on=TODAY() + timedelta(days=2))
    columns = ("lacks_proofs", "took_back", "away_until")
    found = {peer.pk: tuple(getattr(peer, name) for name in columns) for peer in Peer.objects.with_standing()}
    lacks = world.helene in Peer.objects.uncleared()
    assert found == {
        world.helene.pk: (lacks, True, None),
        away.pk: (False, False, TODAY() + timedelta(days=9)),
        unready.pk: (True, False, None),
    }


def test_available_leaves_out_those_who_took_their_agreement_back(world: SimpleNamespace) -> None:
    own = {"purpose": ConsentPurpose.SHARED_EXPERIENCE, "organisation": world.here}
    given = people_actions.give_consent(world.helene.person, actor=world.herself, **own)
    assert world.helene in Peer.objects.available()
    people_actions.withdraw_consent(given, actor=world.herself)
    assert world.helene not in Peer.objects.available() and world.helene in Peer.objects.engaged()
    assert counts(world.here)["available"] == Peer.objects.available().count() == 0
    assert [offer.peer_id for offer in offers(world.here)] == []
    elsewhere = PeerFactory(organisation=world.elsewhere, person=world.helene.person)
    assert set(Peer.objects.available()) == {elsewhere}
    people_actions.give_consent(world.helene.person, actor=world.herself, **own)
    assert world.helene in Peer.objects.available()
    assert [offer.peer_id for offer in offers(world.here)] == [world.helene.pk]


def test_another_agreement_taken_back_changes_nothing(world: SimpleNamespace) -> None:
    given = people_actions.give_consent(
        world.helene.person, ConsentPurpose.EVALUATION, actor=world.herself, organisation=world.here
    )
    people_actions.withdraw_consent(given, actor=world.herself)
    assert world.helene in Peer.objects.available()


def test_overloaded_by_their_own_limit_or_by_the_programme(world: SimpleNamespace) -> None:
    full = PeerFactory(overloaded=True)
    many = PeerFactory(max_pairs=9, active_pairs=5)
    PeerFactory(max_pairs=0, active_pairs=0)
    assert set(Peer.objects.overloaded()) == {full}
    assert set(Peer.objects.overloaded(gauge=4)) == {full, many}


def test_never_called_for_ninety_days(world: SimpleNamespace) -> None:
    PeerFactory(started_on=TODAY() - timedelta(days=89))
    PeerFactory(last_pair_at=timezone.now() - timedelta(days=85))
    PeerFactory(last_pair_at=timezone.now() - timedelta(days=200), active_pairs=1)
    long_ago = PeerFactory(last_pair_at=timezone.now() - timedelta(days=95))
    assert set(Peer.objects.never_called()) == {world.helene, long_ago}


def test_uncleared_means_a_proof_not_in_force(world: SimpleNamespace) -> None:
    bare, lapsed = PeerFactory(), PeerFactory(ready=True)
    Clearance.objects.filter(peer=lapsed, kind="insurance").delete()
    ClearanceFactory(peer=lapsed, kind="insurance", over=True)
    assert set(Peer.objects.uncleared()) == {bare, lapsed}


def test_counts_say_what_the_filters_give(world: SimpleNamespace) -> None:
    PeerFactory(organisation=world.here, paused=True)
    PeerFactory(organisation=world.here, overloaded=True, ready=True)
    away = PeerFactory(organisation=world.here)
    AbsenceFactory(peer=away)
    peers = Peer.objects.filter(organisation=world.here)
    assert peers.engaged().count() == 4
    filters = {name: "engaged" if name == "all" else name for name in lines.FILTERS}
    assert counts(world.here) == {name: getattr(peers, one)().count() for name, one in filters.items()}


def test_counts_are_of_one_organisation(world: SimpleNamespace) -> None:
    elsewhere = PeerFactory(organisation=world.elsewhere, person=world.helene.person)
    own = {"purpose": ConsentPurpose.SHARED_EXPERIENCE, "organisation": world.here}
    given = people_actions.give_consent(world.helene.person, actor=world.herself, **own)
    people_actions.withdraw_consent(given, actor=world.herself)
    found = [counts(place) for place in (world.here, world.elsewhere)]
    assert [(held["available"], held["all"]) for held in found] == [(0, 1), (1, 1)]
    assert set(Peer.objects.agreeing_in(world.elsewhere.pk)) == {elsewhere}


def test_who_was_called_longest_ago_comes_first(world: SimpleNamespace) -> None:
    now = timezone.now()
    recent = PeerFactory(last_pair_at=now - timedelta(days=1))
    old = PeerFactory(last_pair_at=now - timedelta(days=300))
    busy = PeerFactory(active_pairs=1)
    assert list(Peer.objects.longest_waiting_first()) == [world.helene, old, recent, busy]


def test_by_experience_and_place(world: SimpleNamespace) -> None:
    PeerFactory(lived=["crohn"])
    assert set(Peer.objects.with_experience(["sep", "parkinson"])) == {world.helene}
    assert set(Peer.objects.living_in("44")) == {world.helene}
