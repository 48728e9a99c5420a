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


# Given name, family name, handle, year of birth, role, and where: the field of Cast.
PEOPLE: tuple[tuple[str, str, str, int | None, Role | None, str], ...] = (
    ("Claire", "Morel", "Chêne azur", None, Role.COORDINATOR, "committee"),
    ("Youssef", "Hamdi", "Hêtre cuivre", None, Role.COORDINATOR, "other_hospital"),
    ("Hélène", "Dubreuil", "Tilleul ambre", 1966, Role.PEER, "committee"),
    ("Marc", "Ollivier", "Noyer bleu", 1959, Role.PEER, "committee"),
    ("Aïcha", "Lamri", "Olivier rose", 1981, Role.PEER, "other_hospital"),
    ("Nadia", "Benali", "Saule doré", 1967, Role.BENEFICIARY, "committee"),
    ("Solène", "Kerboul", "Érable gris", None, Role.PSYCHOLOGIST, "committee"),
    ("Delphine", "Aubry", "Frêne jade", None, Role.DATA_OFFICER, "committee"),
    ("Bertrand", "Lenoir", "Cèdre ocre", None, Role.HEAD_OFFICE, "network"),
    ("Étienne", "Vasseur", "Houx blanc", None, None, ""),
)


def make_cast() -> Cast:
    """Claire's world is the committee; Youssef's hospital is the other tenant, whose pages answer 404 to her."""
    network = _organisation("Réseau Valmont", OrganisationKind.NETWORK)
    committee = _organisation("Comité de Loire-Valmont", OrganisationKind.COMMITTEE, network)
    places = {
        "network": network,
        "committee": committee,
        "hospital": _organisation("CHU de Valmont", OrganisationKind.HOSPITAL, committee),
        "other_hospital": _organisation("Hôpital de Bréhal", OrganisationKind.HOSPITAL),
    }
    return Cast(
        **places,
        ward=_site(committee, "CHU de Valmont, oncologie", "Valmont", "44"),
        other_ward=_site(places["other_hospital"], "Hôpital de Bréhal, site central", "Bréhal", "50"),
        **{_plain(person.given_name): person for person in _people(places)},
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


def _people(places: dict[str, Organisation]) -> list[Person]:
    """Saved by kind, not one by one: two thousand tests begin with these ten."""
    users, people, memberships = [], [], []
    since = timezone.localdate() - timedelta(days=800)
    keys = vault.new_keys("people.person", len(PEOPLE))
    for (given, family, handle, birth_year, role, place), key in zip(PEOPLE, keys, strict=True):
        address = f"{_plain(given)}.{_plain(family)}@courrier.example"
        user = User(email=address)
        user.set_unusable_password()
        person = Person(
            user=user,
            vault=key,
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
        users.append(user)
        people.append(person)
        if role is not None:
            memberships.append(Membership(person=person, organisation=places[place], role=role, started_on=since))
    User.objects.bulk_create(users)
    for person in people:
        person.user_id = person.user.pk
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(memberships)
    return people


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
