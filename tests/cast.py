"""The cast: one committee, two hospitals, ten people. The same names in tests, journeys, demo and guide. Invented."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from vecu.core import vault
from vecu.people.actions.persons import name_index
from vecu.people.actor import Actor
from vecu.people.enums import OrganisationKind, Role
from vecu.people.models import Membership, Organisation, Person, Site, User


@dataclass(frozen=True)
class Cast:
    network: Organisation
    committee: Organisation
    hospital: Organisation
    other_hospital: Organisation
    ward: Site
    other_ward: Site
    claire: Person  # coordinator of the committee
    youssef: Person  # coordinator of the other hospital
    helene: Person  # peer of the committee
    marc: Person  # peer of the committee
    aicha: Person  # peer of the other hospital
    nadia: Person  # patient followed by the committee
    solene: Person  # psychologist of the committee
    delphine: Person  # data-protection officer of the committee
    bertrand: Person  # head office
    etienne: Person  # has an account and no role anywhere

    @property
    def people(self) -> dict[str, Person]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


def make_cast() -> Cast:
    """Claire's world is the committee; Youssef's hospital is the other tenant, whose pages answer 404 to her."""
    network = _organisation("Réseau Valmont", OrganisationKind.NETWORK)
    committee = _organisation("Comité de Loire-Valmont", OrganisationKind.COMMITTEE, network)
    hospital = _organisation("CHU de Valmont", OrganisationKind.HOSPITAL, committee)
    other = _organisation("Hôpital de Bréhal", OrganisationKind.HOSPITAL)
    return Cast(
        network=network,
        committee=committee,
        hospital=hospital,
        other_hospital=other,
        ward=_site(committee, "CHU de Valmont, oncologie", "Valmont", "44"),
        other_ward=_site(other, "Hôpital de Bréhal, site central", "Bréhal", "50"),
        claire=_person("Claire", "Morel", "Chêne azur", (committee, Role.COORDINATOR)),
        youssef=_person("Youssef", "Hamdi", "Hêtre cuivre", (other, Role.COORDINATOR)),
        helene=_person("Hélène", "Dubreuil", "Tilleul ambre", (committee, Role.PEER), birth_year=1966),
        marc=_person("Marc", "Ollivier", "Noyer bleu", (committee, Role.PEER), birth_year=1959),
        aicha=_person("Aïcha", "Lamri", "Olivier rose", (other, Role.PEER), birth_year=1981),
        nadia=_person("Nadia", "Benali", "Saule doré", (committee, Role.BENEFICIARY), birth_year=1967),
        solene=_person("Solène", "Kerboul", "Érable gris", (committee, Role.PSYCHOLOGIST)),
        delphine=_person("Delphine", "Aubry", "Frêne jade", (committee, Role.DATA_OFFICER)),
        bertrand=_person("Bertrand", "Lenoir", "Cèdre ocre", (network, Role.HEAD_OFFICE)),
        etienne=_person("Étienne", "Vasseur", "Houx blanc"),
    )


def actor_of(person: Person, organisation: Organisation | None = None) -> Actor:
    """The actor this person is in an organisation (their first one when not said), second factor given."""
    held = Membership.objects.current().filter(person=person).order_by("started_on", "created_at")
    if organisation is not None:
        held = held.filter(organisation=organisation)
    rows = list(held.values_list("organisation_id", "role"))
    here = rows[0][0] if rows else None
    roles = frozenset(Role(role) for place, role in rows if place == here)
    return Actor(person.user_id, person.pk, here, roles, is_signed_in=True)


def sign_in(client: Any, person: Person, organisation: Organisation | None = None) -> Any:
    """Open a session as this person with a second factor, as after a passkey; returns the test client."""
    client.force_login(person.user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "webauthn", "at": 0, "passwordless": True}]
    session["account_authentication_methods_user"] = str(person.user_id)
    if organisation is not None:
        session["organisation"] = str(organisation.pk)
    session.save()
    return client


def _organisation(name: str, kind: OrganisationKind, parent: Organisation | None = None) -> Organisation:
    return Organisation.objects.create(name=name, kind=kind, parent=parent, phone="01 99 00 10 20")


def _site(organisation: Organisation, name: str, town: str, departement: str) -> Site:
    return Site.objects.create(organisation=organisation, name=name, town=town, departement=departement)


def _person(
    given: str, family: str, handle: str, *roles: tuple[Organisation, Role], birth_year: int | None = None
) -> Person:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode().lower()
    address = f"{plain}@courrier.example"
    person = Person.objects.create(
        user=User.objects.create_user(address),
        vault=vault.new_key("people.person"),
        given_name=given,
        family_name=family,
        phone="01 99 00 33 44",
        contact_email=address,
        name_index=name_index(given, family),
        handle=handle,
        birth_year=birth_year,
        languages=["fr"],
        departement="44",
    )
    since = timezone.localdate() - timedelta(days=800)
    for organisation, role in roles:
        Membership.objects.create(person=person, organisation=organisation, role=role, started_on=since)
    return person
