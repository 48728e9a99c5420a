"""Organisations, places, staff, duty and programmes of the demo."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from vecu.accompaniment.actions import programmes
from vecu.accompaniment.models import Pair, Programme, SupportRequest, WardDoor
from vecu.peers.models import Peer
from vecu.people import actions as people
from vecu.people.actor import Actor, system
from vecu.people.enums import OrganisationKind, Role
from vecu.people.models import Membership, Organisation, Person, Site
from vecu.safeguarding.actions import duties

SEED = 44
SEASON = timedelta(days=900)


@dataclass
class Place:
    """One organisation of the demo, who works there, and what it holds."""

    organisation: Organisation
    sites: list[Site]
    coordinator: Person
    psychologist: Person
    programme: Programme
    peers: list[Peer] = field(default_factory=list)
    doors: list[WardDoor] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        return acting(self.coordinator, self.organisation, Role.COORDINATOR)


@dataclass
class World:
    now: datetime
    random: Random
    network: Organisation
    committee: Place
    hospital: Place
    small: Place
    requests: list[SupportRequest] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    second: Actor | None = None  # whoever confirms with Claire

    @property
    def places(self) -> tuple[Place, Place, Place]:
        return (self.committee, self.hospital, self.small)


def acting(person: Person, organisation: Organisation, role: Role) -> Actor:
    return Actor(person.user_id, person.pk, organisation.pk, frozenset({role}), is_signed_in=True)


def address_of(given: str, family: str) -> str:
    plain = unicodedata.normalize("NFKD", f"{given}.{family}").encode("ascii", "ignore").decode().lower()
    return f"{plain}@courrier.example"


def make(now: datetime) -> World:
    people.publish_texts(now=now - SEASON)
    network = Organisation.objects.create(name="Réseau Valmont", kind=OrganisationKind.NETWORK, phone="01 99 00 10 00")
    committee = _committee(network, now)
    hospital = _hospital(network, now)
    small = _small(network, now)
    _staff(network, Role.HEAD_OFFICE, "Bertrand", "Lenoir", now)
    _staff(committee.organisation, Role.DATA_OFFICER, "Delphine", "Aubry", now)
    _staff(committee.organisation, Role.TREASURER, "Odile", "Marchand", now)
    return World(now, Random(SEED), network, committee, hospital, small)


def _committee(network: Organisation, now: datetime) -> Place:
    place = _place(
        network,
        now,
        OrganisationKind.COMMITTEE,
        "Comité de Loire-Valmont",
        "01 99 00 12 34",
        [
            ("CHU de Valmont, oncologie", "Valmont", "44"),
            ("Clinique Saint-Aubin", "Saint-Aubin", "44"),
            ("Maison des patients", "Valmont", "44"),
        ],
        ("Claire", "Morel"),
        ("Solène", "Kerboul"),
        peer_label="patient ressource",
        peer_label_en="resource patient",
    )
    for site, ward in zip(place.sites, ("Dispositif d’annonce", "Chirurgie digestive"), strict=False):
        door = programmes.open_door(
            place.programme, actor=place.actor, site=site, ward=ward, reply_to="service@courrier.example"
        )
        place.doors.append(door)
    return place


def _hospital(network: Organisation, now: datetime) -> Place:
    return _place(
        network,
        now,
        OrganisationKind.HOSPITAL,
        "CHU de Valmont, UTEP",
        "01 99 00 23 45",
        [("CHU de Valmont, hôpital de jour", "Valmont", "44"), ("CHU de Valmont, néphrologie", "Valmont", "44")],
        ("Inès", "Carrel"),
        ("Paul", "Astruc"),
    )


def _small(network: Organisation, now: datetime) -> Place:
    return _place(
        network,
        now,
        OrganisationKind.HOSPITAL,
        "Hôpital de Bréhal",
        "01 99 00 34 56",
        [("Hôpital de Bréhal, site central", "Bréhal", "50")],
        ("Youssef", "Hamdi"),
        ("Maud", "Tanguy"),
    )


def _place(
    network: Organisation,
    now: datetime,
    kind: str,
    name: str,
    phone: str,
    sites: list[tuple[str, str, str]],
    coordinator: tuple[str, str],
    psychologist: tuple[str, str],
    **labels: Any,
) -> Place:
    organisation = Organisation.objects.create(name=name, kind=kind, parent=network, phone=phone, **labels)
    made = [
        people.create_site(organisation, actor=system(organisation.pk), name=n, town=t, departement=d)
        for n, t, d in sites
    ]
    first = _staff(organisation, Role.COORDINATOR, *coordinator, now)
    second = _staff(organisation, Role.PSYCHOLOGIST, *psychologist, now)
    actor = acting(first, organisation, Role.COORDINATOR)
    _duty(organisation, first, second, actor, now)
    programme = programmes.create_programme(
        organisation,
        actor=actor,
        name="Parler avec quelqu’un qui l’a vécu",
        phone=phone,
        protocol_year=now.year - 10,
        follow_up_weeks=[6, 12],
    )
    programmes.open_programme(programme, actor=actor)
    return Place(organisation, made, first, second, programme)


def _staff(organisation: Organisation, role: Role, given: str, family: str, now: datetime) -> Person:
    person = people.create_person(
        actor=system(organisation.pk),
        organisation=organisation,
        role=role,
        given_name=given,
        family_name=family,
        email=address_of(given, family),
        has_account=True,
        phone="01 99 00 40 40",
        languages=["fr"],
    )
    Membership.objects.filter(person=person).update(started_on=timezone.localdate(now - SEASON))
    return person


def _duty(organisation: Organisation, coordinator: Person, psychologist: Person, actor: Actor, now: datetime) -> None:
    """Weekdays from nine to six; the coordinator first, the psychologist second, for the ten days to come. The line
    is paid for, so that it is answered at night too."""
    duties.set_duty_hours(organisation, actor=actor, hours=[(day, time(9), time(18)) for day in range(5)])
    duties.write_crisis_path(
        organisation,
        actor=actor,
        steps=(
            "1. La personne d’astreinte appelle tout de suite.\n"
            "2. Danger de mort : elle appelle le 15, puis revient vers la personne.\n"
            "3. Sans réponse : elle rappelle dans l’heure et prévient la psychologue.\n"
            "4. Le lendemain, on reparle avec le pair : il ne reste jamais seul avec une alerte."
        ),
        phone="01 99 00 45 45",
        referent=psychologist,
        head=coordinator,
    )
    start = timezone.make_aware(datetime.combine(timezone.localdate(now), time(0)))
    for person, rank in ((coordinator, 1), (psychologist, 2)):
        shift = duties.add_shift(
            organisation,
            actor=actor,
            person=person,
            starts_at=start,
            ends_at=start + timedelta(days=10),
            rank=rank,
            phone="01 99 00 45 45" if rank == 1 else "",
            rings_outside_hours=rank == 1,
        )
        if shift.confirmed_at is None:
            duties.confirm_shift(shift, actor=acting(person, organisation, Role.PSYCHOLOGIST))
