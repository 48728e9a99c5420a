"""One world: a coordinator, a trainer, a peer who has every proof but training, a nurse, and another organisation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import get_resolver

from vecu.peers.enums import ENTERED, ClearanceKind
from vecu.peers.tests.conftest import actor_of
from vecu.peers.tests.factories import ClearanceFactory, PeerFactory
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SiteFactory
from vecu.training.tests.factories import CourseFactory


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    here, elsewhere = OrganisationFactory(), OrganisationFactory()
    people = {}
    for name, place, role in (
        ("claire", here, Role.COORDINATOR),
        ("sabine", here, Role.TRAINER),
        ("nadege", here, Role.TRAINEE),
        ("solene", here, Role.PSYCHOLOGIST),
        ("youssef", elsewhere, Role.COORDINATOR),
    ):
        people[name] = PersonFactory(given_name=name.title(), family_name="Invente", with_account=True)
        MembershipFactory(person=people[name], organisation=place, role=role)
    site = SiteFactory(organisation=here)
    marc = PeerFactory(organisation=here, person__given_name="Marc", person__family_name="Ollivier", at=site)
    for kind in set(ENTERED) - {ClearanceKind.TRAINING}:
        ClearanceFactory(peer=marc, kind=kind)
    people["marc"] = marc.person
    actors = {
        name: actor_of(person, elsewhere if name == "youssef" else here, role)
        for (name, person), role in zip(
            people.items(),
            (Role.COORDINATOR, Role.TRAINER, Role.TRAINEE, Role.PSYCHOLOGIST, Role.COORDINATOR, Role.PEER),
            strict=True,
        )
    }
    return SimpleNamespace(
        here=here,
        elsewhere=elsewhere,
        site=site,
        other_site=SiteFactory(organisation=here),
        course=CourseFactory(organisation=here),
        peer=marc,
        people=people,
        **actors,
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
