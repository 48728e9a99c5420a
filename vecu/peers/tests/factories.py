"""Patient partners for tests. Everyone is invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from vecu.core import vault
from vecu.peers.enums import ENTERED, Activity, Channel, ClearanceKind, PeerKind, Profile
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer, SiteAgreement
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SiteFactory


def days_ago(days: int) -> Any:
    return factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=days))


class PeerFactory(factory.django.DjangoModelFactory):
    """Someone with an account and the role. `ready` has every proof; `at=site` adds the site's convention."""

    class Meta:
        model = Peer
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory, with_account=True)
    vault = factory.LazyFunction(lambda: vault.new_key("peers.peer"))
    kind = PeerKind.PATIENT
    profiles = factory.LazyFunction(lambda: [Profile.COMPANION.value])
    channels = factory.LazyFunction(lambda: [Channel.PHONE.value])
    started_on = days_ago(400)
    max_pairs = 3

    class Params:
        relative = factory.Trait(kind=PeerKind.RELATIVE, relation="spouse")
        paused = factory.Trait(paused_at=factory.LazyFunction(timezone.now))
        overloaded = factory.Trait(max_pairs=2, active_pairs=2)
        ended = factory.Trait(ended_on=days_ago(1))

    @factory.post_generation
    def member(peer: Peer, create: bool, extracted: Any, **kwargs: Any) -> None:
        MembershipFactory(person=peer.person, organisation=peer.organisation, role=Role.PEER)

    @factory.post_generation
    def lived(peer: Peer, create: bool, extracted: list[str] | None, **kwargs: Any) -> None:
        """`PeerFactory(lived=["sep"])`."""
        for code in extracted or []:
            ExperienceFactory(peer=peer, code=code)

    @factory.post_generation
    def ready(peer: Peer, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        """`PeerFactory(ready=True)`."""
        for kind in ENTERED if extracted else []:
            ClearanceFactory(peer=peer, kind=kind)

    @factory.post_generation
    def at(peer: Peer, create: bool, extracted: Any, **kwargs: Any) -> None:
        """`PeerFactory(at=site)`: its convention is in force."""
        if extracted is not None:
            AgreementFactory(site=extracted, organisation=peer.organisation)


class PeerRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True

    peer = factory.SubFactory(PeerFactory)
    organisation = factory.LazyAttribute(lambda made: made.peer.organisation)


class ExperienceFactory(PeerRowFactory):
    class Meta:
        model = LivedExperience

    code = "sep"


class AbsenceFactory(PeerRowFactory):
    class Meta:
        model = Absence

    starts_on = days_ago(1)
    ends_on = days_ago(-5)


class ClearanceFactory(PeerRowFactory):
    class Meta:
        model = Clearance

    kind = ClearanceKind.CHARTER
    obtained_on = days_ago(200)

    class Params:
        over = factory.Trait(expires_on=days_ago(1))
        to_come = factory.Trait(obtained_on=days_ago(-10))


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SiteAgreement

    site = factory.SubFactory(SiteFactory)
    organisation = factory.LazyAttribute(lambda made: made.site.organisation)
    starts_on = days_ago(200)


class PassportFactory(PeerRowFactory):
    class Meta:
        model = LimitsPassport

    activity = Activity.ACCOMPANIMENT
    version = 1
    refused_codes = factory.LazyFunction(list)
