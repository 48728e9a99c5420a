"""A committee where pairs may open: duty and crisis path in order, peers ready, requests opened. Invented."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

import factory
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast
from vecu.accompaniment.actions import proposals
from vecu.accompaniment.enums import RequestRole, RequestSource, RequestState
from vecu.accompaniment.models import Pair, Programme, Proposal, SupportRequest
from vecu.core import vault
from vecu.peers.enums import ENTERED, PeerKind
from vecu.peers.models import Clearance, LivedExperience, Peer
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import MembershipFactory, PersonFactory
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift


class ProgrammeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Programme

    organisation = factory.SubFactory("vecu.people.tests.factories.OrganisationFactory")
    name = "Parler avec un pair"
    phone = "01 99 00 10 20"
    is_open = True
    follow_up_weeks = factory.LazyFunction(lambda: [6, 12])


class PeerFactory(factory.django.DjangoModelFactory):
    """A peer of the committee; `ready` gives the four proofs."""

    class Meta:
        model = Peer
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory, with_account=True, birth_year=1966, departement="44")
    vault = factory.LazyFunction(lambda: vault.new_key("peers.peer"))
    kind = PeerKind.PATIENT
    profiles = factory.LazyFunction(lambda: ["companion"])
    channels = factory.LazyFunction(lambda: ["phone", "writing"])
    started_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=900))
    max_pairs = 2

    @factory.post_generation
    def lived(peer: Peer, create: bool, extracted: Any, **kwargs: Any) -> None:
        """`lived=[("sep", 2015, None)]`."""
        for code, start, end in extracted or ():
            LivedExperience.objects.create(
                organisation=peer.organisation, peer=peer, code=code, year_from=start, year_to=end
            )

    @factory.post_generation
    def ready(peer: Peer, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted is False:
            return
        since = timezone.localdate() - timedelta(days=800)
        for kind in ENTERED:
            Clearance.objects.create(organisation=peer.organisation, peer=peer, kind=kind, obtained_on=since)


class RequestFactory(factory.django.DjangoModelFactory):
    """A request to match, unless another state is asked for."""

    class Meta:
        model = SupportRequest

    organisation = factory.SelfAttribute("programme.organisation")
    programme = factory.SubFactory(ProgrammeFactory)
    number = factory.Sequence(lambda n: 200 + n)
    source = RequestSource.ONLINE
    role = RequestRole.PATIENT
    vault = factory.LazyFunction(lambda: vault.new_key("accompaniment.request"))
    person = factory.SubFactory(PersonFactory, with_account=True)
    needs = factory.LazyFunction(lambda: {"conditions": ["sep"], "stage": "living_with"})
    wishes = factory.LazyFunction(lambda: {"matters": ["travail"], "channels": ["phone", "writing"]})
    own_words = "Je voudrais parler avec quelqu’un qui travaille encore."
    departement = "44"
    birth_year = 1967
    languages = factory.LazyFunction(lambda: ["fr"])
    received_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=5))
    call_by = factory.LazyFunction(lambda: timezone.now() - timedelta(days=3))
    opened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=4))
    state = RequestState.OPEN


class World:
    """The cast, and what is needed for their pairs: `world.claire` acts, `world.helene` is a peer."""

    def __init__(self) -> None:
        self.cast: Cast = make_cast()
        self.organisation = self.cast.committee
        self.programme = ProgrammeFactory(organisation=self.organisation)
        open_gate(self.organisation, self.cast.solene, self.cast.claire)
        self.helene = self.peer(self.cast.helene, lived=[("sep", 2015, None), ("travail", 2015, None)])
        self.marc = self.peer(self.cast.marc, lived=[("sep", 2020, None)])
        self.claire = actor_of(self.cast.claire)
        self.helene_actor = actor_of(self.cast.helene)
        self.marc_actor = actor_of(self.cast.marc)
        self.nadia_actor = actor_of(self.cast.nadia)
        self.request = self.ask(self.cast.nadia)

    def peer(self, person: Person, **fields: Any) -> Peer:
        return PeerFactory(organisation=self.organisation, person=person, **fields)

    def new_peer(self, **fields: Any) -> Peer:
        member = MembershipFactory(organisation=self.organisation, role=Role.PEER)
        return self.peer(member.person, **fields)

    def ask(self, person: Person | None = None, **fields: Any) -> SupportRequest:
        if person is None:
            person = MembershipFactory(organisation=self.organisation, beneficiary=True).person
        return RequestFactory(programme=self.programme, person=person, **fields)

    def propose(self, request: SupportRequest | None = None, peer: Peer | None = None, **fields: Any) -> Proposal:
        return proposals.propose(request or self.request, peer or self.helene, actor=self.claire, **fields)

    def pair(self, request: SupportRequest | None = None, peer: Peer | None = None, **fields: Any) -> Pair:
        chosen = peer or self.helene
        proposal = self.propose(request, chosen, **fields)
        return proposals.accept(proposal, actor=actor_of(chosen.person), now=fields.get("now"))


def open_gate(organisation: Organisation, referent: Person, on_duty: Person) -> None:
    """Duty hours every day, someone who said yes for a year, an approved crisis path."""
    for weekday in range(7):
        DutyHours.objects.create(organisation=organisation, weekday=weekday, starts=time(8), ends=time(20))
    now = timezone.now()
    DutyShift.objects.create(
        organisation=organisation,
        person=on_duty,
        starts_at=now - timedelta(days=1),
        ends_at=now + timedelta(days=365),
        confirmed_at=now,
    )
    CrisisPath.objects.create(
        organisation=organisation,
        version=1,
        steps="Appeler, puis prévenir.",
        referent=referent,
        head=on_duty,
        approved_on=timezone.localdate(),
    )


def at(days: int = 0, hour: int = 10) -> datetime:
    """A moment so many days from today, at a local hour."""
    day = timezone.localdate() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour)))
