"""One world for the tests of the area: a coordinator, a peer ready to act, another organisation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import get_resolver

from vecu.peers.tests.factories import PeerFactory
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Person
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SiteFactory


def actor_of(person: Person, organisation: Any, role: Role) -> Actor:
    return Actor(
        user_id=person.user_id,
        person_id=person.pk,
        organisation_id=organisation.pk,
        roles=frozenset({role}),
        is_signed_in=True,
    )


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    here, elsewhere = OrganisationFactory(), OrganisationFactory()
    site = SiteFactory(organisation=here)
    claire = PersonFactory(given_name="Claire", with_account=True)
    MembershipFactory(person=claire, organisation=here, coordinator=True)
    youssef = PersonFactory(given_name="Youssef", with_account=True)
    MembershipFactory(person=youssef, organisation=elsewhere, coordinator=True)
    solene = PersonFactory(given_name="Solène", with_account=True)
    MembershipFactory(person=solene, organisation=here, psychologist=True)
    helene = PeerFactory(
        organisation=here,
        person__given_name="Hélène",
        person__family_name="Dubreuil",
        person__birth_year=1966,
        person__departement="44",
        ready=True,
        at=site,
        lived=["sep", "fatigue"],
    )
    return SimpleNamespace(
        here=here,
        elsewhere=elsewhere,
        site=site,
        helene=helene,
        claire=actor_of(claire, here, Role.COORDINATOR),
        youssef=actor_of(youssef, elsewhere, Role.COORDINATOR),
        solene=actor_of(solene, here, Role.PSYCHOLOGIST),
        herself=actor_of(helene.person, here, Role.PEER),
        people={"claire": claire, "youssef": youssef, "solene": solene, "helene": helene.person},
    )


@pytest.fixture
def enter(client: Any, world: SimpleNamespace, settings: Any) -> Any:
    """Sign in as one of the world, second factor given."""
    # Addresses first: those of the demo must not come with it.
    assert get_resolver().url_patterns
    settings.DEMO = True

    def sign_in(name: str) -> Any:
        client.force_login(world.people[name].user)
        session = client.session
        session["demo"] = True
        session.save()
        return client

    return sign_in
