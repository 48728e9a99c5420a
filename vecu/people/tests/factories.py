"""People, organisations and roles for tests. Everyone is invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from vecu.core import vault
from vecu.people.actions.persons import name_index
from vecu.people.enums import OrganisationKind, Role
from vecu.people.models import Membership, Organisation, Person, Site, User

# Of the cast: those who coordinate nothing.
UNTRUSTED = ["helene", "nadia", "solene", "delphine", "bertrand", "etienne"]


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@courrier.example")

    class Params:
        shared = factory.Trait(has_shared_mailbox=True)

    @factory.post_generation
    def password(user: User, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """`UserFactory(password="…")`; without it the account opens by code or passkey only."""
        if extracted:
            user.set_password(extracted)
        else:
            user.set_unusable_password()
        user.save(update_fields=["password"])


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Hôpital inventé {n}")
    kind = OrganisationKind.HOSPITAL
    phone = "01 99 00 10 20"

    class Params:
        committee = factory.Trait(
            kind=OrganisationKind.COMMITTEE, name=factory.Sequence(lambda n: f"Comité inventé {n}")
        )
        network = factory.Trait(kind=OrganisationKind.NETWORK, name=factory.Sequence(lambda n: f"Réseau inventé {n}"))


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Site inventé {n}")
    town = "Valmont"
    departement = "44"


class PersonFactory(factory.django.DjangoModelFactory):
    """Someone; `with_account` lets them sign in, `stopped` is after the action that stops everything."""

    class Meta:
        model = Person

    vault = factory.LazyFunction(lambda: vault.new_key("people.person"))
    given_name = factory.Sequence(lambda n: f"Prénom{n}")
    family_name = factory.Sequence(lambda n: f"Nom{n}")
    phone = "01 99 00 33 44"
    handle = factory.Sequence(lambda n: f"Tilleul ambre {n}")
    languages = factory.LazyFunction(lambda: ["fr"])
    name_index = factory.LazyAttribute(lambda made: name_index(made.given_name, made.family_name))

    class Params:
        with_account = factory.Trait(user=factory.SubFactory(UserFactory))
        stopped = factory.Trait(stopped_at=factory.LazyFunction(timezone.now), stop_reason="distress")


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    person = factory.SubFactory(PersonFactory, with_account=True)
    organisation = factory.SubFactory(OrganisationFactory)
    role = Role.PEER
    started_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=400))

    class Params:
        beneficiary = factory.Trait(role=Role.BENEFICIARY)
        coordinator = factory.Trait(role=Role.COORDINATOR)
        psychologist = factory.Trait(role=Role.PSYCHOLOGIST)
        ended = factory.Trait(ended_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))
