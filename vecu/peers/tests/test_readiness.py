"""Nobody is proposed where not ready."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from vecu.core.dates import add_months
from vecu.peers import actions, readiness, ready_lines
from vecu.peers.actions import requirements
from vecu.peers.actions.requirements import Rule
from vecu.peers.enums import ENTERED, ClearanceKind, Profile
from vecu.peers.models import Clearance, Peer, SiteAgreement
from vecu.peers.offers import offers
from vecu.peers.readiness import AGREEMENT, Missing
from vecu.peers.tests.factories import AgreementFactory, ClearanceFactory, PassportFactory, PeerFactory
from vecu.people.actor import system
from vecu.people.tests.factories import SiteFactory

TODAY = timezone.localdate


def test_everything_in_order(world: SimpleNamespace) -> None:
    assert readiness.readiness(world.helene, world.site).is_ready
    assert readiness.readiness(world.helene, None).is_ready


@pytest.mark.parametrize("kind", ENTERED)
def test_each_proof_is_needed(world: SimpleNamespace, kind: str) -> None:
    Clearance.objects.filter(peer=world.helene, kind=kind).delete()
    assert readiness.readiness(world.helene, world.site).missing == (Missing(kind, "absent"),)
    over = ClearanceFactory(peer=world.helene, kind=kind, over=True)
    assert readiness.readiness(world.helene, None).missing == (Missing(kind, "expired", over.expires_on),)
    later = ClearanceFactory(peer=world.helene, kind=kind, to_come=True)
    assert readiness.readiness(world.helene, None).missing == (Missing(kind, "not_yet", later.obtained_on),)
    assert readiness.readiness(world.helene, None, on=later.obtained_on).is_ready
    ClearanceFactory(peer=world.helene, kind=kind, expires_on=TODAY())
    assert readiness.readiness(world.helene, world.site).is_ready, "the last day counts"


def test_an_interview_is_asked_where_the_organisation_says_so(world: SimpleNamespace) -> None:
    """« Témoin = entretien, renewed every three years » and no word of it for those who talk one to one."""
    witness = [Profile.WITNESS, Profile.COMPANION]
    rule = Rule(ClearanceKind.INTERVIEW, True, 36)
    lacking = (Missing("interview", "absent"),)
    ids = [world.helene.pk]

    def missing() -> list[tuple[Missing, ...]]:
        return [readiness.personal(ids, profile=profile)[world.helene.pk] for profile in witness]

    requirements.set_requirements(world.here, Profile.WITNESS, [rule], actor=system(world.here.pk))
    assert missing() == [lacking, ()]
    assert not Peer.objects.uncleared().filter(pk=world.helene.pk)
    requirements.set_requirements(world.here, Profile.COMPANION, [rule], actor=system(world.here.pk))
    assert missing() == [lacking, lacking]
    assert Peer.objects.uncleared().get() == world.helene
    proof = actions.record_clearance(world.helene, actor=world.claire, kind="interview", obtained_on=TODAY())
    assert missing() == [(), ()], "one proof serves every profile"
    assert not Peer.objects.uncleared().exists()
    assert proof.expires_on == add_months(TODAY(), 36)


def test_the_convention_of_the_site_is_needed_there_only(world: SimpleNamespace) -> None:
    other = SiteFactory(organisation=world.here)
    found = readiness.readiness_of([world.helene], [world.site, other])
    assert found[world.helene.pk, world.site.pk].is_ready
    assert found[world.helene.pk, other.pk].missing == (Missing(AGREEMENT, "absent"),)
    SiteAgreement.objects.update(ends_on=TODAY() - timedelta(days=1))
    assert not readiness.readiness(world.helene, world.site).is_ready
    assert readiness.readiness(world.helene, None).is_ready


def test_another_organisations_convention_is_worth_nothing(world: SimpleNamespace) -> None:
    site = SiteFactory(organisation=world.here)
    AgreementFactory(site=site, organisation=world.elsewhere)
    assert not readiness.readiness(world.helene, site).is_ready


def test_sites_alike_are_said_together(world: SimpleNamespace) -> None:
    other = SiteFactory(organisation=world.here, name="Zinc")
    phone, site = "Par téléphone, en visio ou par écrit", world.site.name
    said = ready_lines.of_peer(world.helene, world.claire)
    assert [(line.names, line.is_ready) for line in said] == [([phone, site], True), (["Zinc"], False)]
    SiteAgreement.objects.filter(site=other).delete()
    Clearance.objects.filter(peer=world.helene, kind="charter").delete()
    theirs, own = (
        [what for line in ready_lines.of_peer(world.helene, actor) for what in line.missing]
        for actor in (world.claire, world.herself)
    )
    assert theirs[0] == ("Charte : pas encore saisie", "Une fois fait, saisir la date.")
    assert own[0] == ("Charte : pas encore", ""), "the peers do not enter it themselves"


def test_many_peers_and_sites_cost_three_queries(world: SimpleNamespace, django_assert_num_queries: Any) -> None:
    peers = [world.helene, *(PeerFactory(organisation=world.here, ready=True) for _n in range(5))]
    sites = [world.site, SiteFactory(organisation=world.here)]
    with django_assert_num_queries(3):
        found = readiness.readiness_of(peers, sites)
    assert len(found) == 6 * 3 and sum(one.is_ready for one in found.values()) == 12


def test_offers_hold_all_that_matching_needs(world: SimpleNamespace) -> None:
    actions.set_experience(world.helene, actor=world.herself, code="hepatite_c", year_from=1999, year_to=2001)
    actions.set_availability(world.helene, actor=world.herself, slots=["mon_am"], territories=["44", "49"])
    actions.edit_peer(world.helene, actor=world.herself, employer_code="Mairie de Valmont")
    actions.save_limits(world.helene, actor=world.herself, activity="accompaniment", refused_codes=["deuil"])
    actions.take_place(world.helene.pk)
    actions.note_pair(world.helene.pk, now=timezone.now() - timedelta(days=12))
    (offer,) = offers(world.here)
    assert (offer.peer_id, offer.load, offer.places_left, offer.days_since_last_pair) == (world.helene.pk, 1, 2, 12)
    assert offer.ready_site_ids == {world.site.pk} and offer.is_cleared and not offer.is_paused
    assert offer.refused_codes == {"deuil"} and offer.slots == {"mon_am"} and offer.territories == {"44", "49"}
    assert (offer.employer, offer.departement, offer.languages) == ("Mairie de Valmont", "44", {"fr"})
    assert offer.age == TODAY().year - 1966 and offer.years_engaged == 1
    lived = {one.code: one for one in offer.experiences}
    assert lived["hepatite_c"].changed_in == 2014 and lived["sep"].family == "neuro_inflammatoire"


def test_offers_keep_who_may_be_proposed(world: SimpleNamespace) -> None:
    PeerFactory(organisation=world.here, ended=True, ready=True)
    PeerFactory(organisation=world.here, person__stopped=True)
    PeerFactory(organisation=world.elsewhere, ready=True)
    bare = PeerFactory(organisation=world.here)
    resting = PeerFactory(organisation=world.here, paused=True, ready=True)
    everyone = {offer.peer_id: offer for offer in offers(world.here)}
    assert set(everyone) == {world.helene.pk, bare.pk, resting.pk}
    assert everyone[resting.pk].is_paused and everyone[bare.pk].ready_site_ids == frozenset()
    assert {offer.peer_id for offer in offers(world.here, world.site)} == {world.helene.pk, resting.pk}
    assert [offer.peer_id for offer in offers(world.here, peer_ids=[bare.pk])] == [bare.pk]


def test_offers_cost_the_same_queries_whatever_their_number(
    world: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for n in range(8):
        peer = PeerFactory(organisation=world.here, ready=True, lived=["crohn", "stomie"], employer_code=f"E{n}")
        PassportFactory(peer=peer)
    with django_assert_max_num_queries(7):
        assert len(offers(world.here)) == 9
