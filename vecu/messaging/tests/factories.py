"""Threads and notices for tests, made by the actions themselves so that they are as in life."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import factory

from vecu.core.vault import new_key
from vecu.messaging import actions
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Message, Notice, Thread
from vecu.people.actor import Actor, system
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory


@dataclass
class Exchange:
    """A thread between a peer and a person who asked for one, with their actors."""

    thread: Thread
    organisation: Organisation
    peer: Person
    person: Person
    peer_actor: Actor
    person_actor: Actor

    def write(self, *bodies: str, by: str = "peer") -> list[Message]:
        actor = self.peer_actor if by == "peer" else self.person_actor
        return [actions.send_message(self.thread, actor=actor, body=body) for body in bodies]


def actor_for(person: Person, organisation: Organisation, *roles: Role) -> Actor:
    return Actor(person.user_id, person.pk, organisation.pk, frozenset(roles), is_signed_in=True)


def member(organisation: Organisation, role: Role, **kwargs: Any) -> Person:
    person = PersonFactory(with_account=True, **kwargs)
    MembershipFactory(person=person, organisation=organisation, role=role)
    return person


def make_exchange(organisation: Organisation | None = None) -> Exchange:
    organisation = organisation or OrganisationFactory()
    peer = member(organisation, Role.PEER, given_name="Hélène", handle="Tilleul ambre")
    person = member(organisation, Role.BENEFICIARY, given_name="Nadia", handle="Saule doré")
    thread = actions.open_thread(organisation, people=[peer, person], actor=system(organisation.pk))
    return Exchange(
        thread=thread,
        organisation=organisation,
        peer=peer,
        person=person,
        peer_actor=actor_for(peer, organisation, Role.PEER),
        person_actor=actor_for(person, organisation, Role.BENEFICIARY),
    )


class ThreadFactory(factory.django.DjangoModelFactory):
    """A bare thread, without seats; `closed` is past its end."""

    class Meta:
        model = Thread

    organisation = factory.SubFactory(OrganisationFactory)
    vault = factory.LazyFunction(lambda: new_key("messaging.thread"))


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    organisation = factory.SubFactory(OrganisationFactory)
    person = factory.SubFactory(PersonFactory, with_account=True)
    kind = NoticeKind.MESSAGE
