"""One small world with a row of each kind in both organisations, made by the real actions.

`make_world()` gives two sides: the committee, where Claire coordinates, and the other hospital, Youssef's. Each
side holds the same things under the same names (`side["pair"]`), so that a test may put the keys of one into the
addresses of the other.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import time_machine
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData
from openpyxl import Workbook

from tests.access.courses import furnish_thanks, furnish_training
from tests.access.expenses import furnish_expenses
from tests.access.newcomers import furnish_applications, furnish_campaign, furnish_gatherings, furnish_missions
from tests.access.requests import furnish_alerts, furnish_closed_pair, furnish_pair, furnish_requests
from tests.cast import Cast, actor_of, make_cast
from vecu.accompaniment.actions import (
    plans,
    programmes,
)
from vecu.accompaniment.models import PlanLine, Programme
from vecu.core.openid import Proof
from vecu.core.tests.photos import photo
from vecu.messaging.models import Notice
from vecu.peers import actions as peers
from vecu.peers.actions import availability, clearances, engagement, experiences, imports, limits, requirements
from vecu.peers.enums import ENTERED, Activity, Channel, Profile
from vecu.peers.models import Peer
from vecu.people import actions as people
from vecu.people.actions.invitations import prepare
from vecu.people.actor import Actor, system
from vecu.people.enums import ConsentChannel, ConsentPurpose, Role
from vecu.people.models import Membership, Organisation, Person, Site, User
from vecu.safeguarding.actions import duties
from vecu.safeguarding.models import DutyShift

NOW = datetime(2027, 3, 2, 9, 0, tzinfo=UTC)  # a Tuesday, ten in the morning in France: someone is on duty
DAY = timedelta(days=1)
OTHERS = {"sabine": Role.TRAINER, "nadege": Role.TRAINEE, "odile": Role.TREASURER}
EVALUATED = (ConsentPurpose.CONTACT, ConsentPurpose.EVALUATION)


@dataclass
class Side:
    """One organisation: who is who in it, and its rows by name."""

    organisation: Organisation
    site: Site
    coordinator: Person
    psychologist: Person
    peer_person: Person
    person: Person
    rows: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]

    @property
    def claire(self) -> Actor:
        return actor_of(self.coordinator, self.organisation)

    @property
    def helene(self) -> Actor:
        return actor_of(self.peer_person, self.organisation)

    @property
    def nadia(self) -> Actor:
        return actor_of(self.person, self.organisation)


@dataclass
class World:
    cast: Cast
    here: Side  # the committee
    there: Side  # the other hospital
    others: dict[str, Person] = field(default_factory=dict)  # of the committee, with roles the cast does not have

    def person(self, name: str) -> Person:
        return self.others.get(name) or getattr(self.cast, name)


@contextmanager
def at_the_usual_hour() -> Iterator[None]:
    """Pages that depend on the hour are the same whenever tests run."""
    with time_machine.travel(NOW, tick=True):
        yield


def make_world() -> World:
    people.publish_texts(now=timezone.now() - 900 * DAY)
    cast = make_cast()
    here = Side(cast.committee, cast.ward, cast.claire, cast.solene, cast.helene, cast.nadia)
    there = Side(
        cast.other_hospital,
        cast.other_ward,
        cast.youssef,
        make_member(cast.other_hospital, Role.PSYCHOLOGIST, "Maud", "Tanguy"),
        cast.aicha,
        make_member(cast.other_hospital, Role.BENEFICIARY, "Odile", "Raffin"),
    )
    for side in (here, there):
        furnish(side)
    # Marc: a second peer of the committee, to whom nothing was ever proposed.
    make_peer(here, cast.marc, ("cancer_colorectal", "stomie"))
    others = {name: make_member(cast.committee, role, name.title(), "Tanguy") for name, role in OTHERS.items()}
    return World(cast, here, there, others)


def furnish(side: Side) -> None:
    """A row of each kind."""
    side.rows |= {"organisation": side.organisation, "site": side.site, "member": side.person}
    side.rows["membership"] = Membership.objects.get(person=side.peer_person, organisation=side.organisation)
    make_safe(side)
    side.rows["programme"] = make_programme(side)
    side.rows["door"] = programmes.open_door(
        side["programme"], actor=side.claire, site=side.site, ward="Oncologie", reply_to="service@hopital.example"
    )
    _peer(side)
    _people(side)
    furnish_requests(side)
    furnish_pair(side)
    furnish_closed_pair(side)
    furnish_alerts(side)
    furnish_gatherings(side)
    furnish_training(side)
    furnish_expenses(side)
    furnish_applications(side)
    furnish_campaign(side)
    furnish_missions(side)
    _ways_in(side)
    side.rows["plan"] = plans.make_plan(actor=side.claire)
    side.rows["plan_line"] = PlanLine.objects.filter(plan=side["plan"]).order_by("request__number").first()
    side.rows["notice"] = Notice.objects.filter(person=side.peer_person).order_by("created_at", "pk").first()


def _ways_in(side: Side) -> None:
    """The person followed has a new start under way, a copy asked for, and was refused once; someone's address waits
    to be confirmed."""
    User.objects.filter(pk=side.person.user_id).update(last_login=timezone.now())
    followed = Person.objects.get(pk=side.person.pk)
    side.rows["recovery"] = people.ask_recovery(followed, actor=side.claire, reason="venue à la permanence")
    side.rows["copy"] = people.ask_copy(followed, actor=side.nadia)
    people.remember_refusal(followed.pk, side.organisation.pk)
    here = {"actor": system(side.organisation.pk), "organisation": side.organisation}
    address = "confirmer@courrier.example"
    asker = people.create_person(role=Role.BENEFICIARY, given_name="Odette", email=address, **here)
    people.await_address(asker, email=address, **here)
    side.rows["asker"] = asker


def make_member(organisation: Organisation, role: Role, given: str, family: str) -> Person:
    person = people.create_person(
        actor=system(organisation.pk),
        organisation=organisation,
        role=role,
        given_name=given,
        family_name=family,
        email=f"{given}.{family}@courrier.example".lower(),
        has_account=True,
        phone="01 99 00 41 41",
        languages=["fr"],
    )
    Membership.objects.filter(person=person).update(started_on=timezone.localdate() - 800 * DAY)
    return person


def make_safe(side: Side) -> None:
    duties.set_duty_hours(
        side.organisation,
        actor=side.claire,
        hours=[(day, datetime.min.time().replace(hour=8), datetime.min.time().replace(hour=20)) for day in range(7)],
    )
    duties.write_crisis_path(
        side.organisation,
        actor=side.claire,
        steps="Appeler la personne.\nPrévenir la psychologue.",
        phone="01 99 00 45 45",
        referent=side.psychologist,
        head=side.coordinator,
    )
    start = timezone.now() - DAY
    for person, days, confirms in ((side.coordinator, 20, True), (side.psychologist, 10, False)):
        shift = duties.add_shift(
            side.organisation, actor=side.claire, person=person, starts_at=start, ends_at=start + days * DAY
        )
        if confirms and shift.confirmed_at is None:
            duties.confirm_shift(shift, actor=actor_of(person, side.organisation))
    side.rows["shift"] = DutyShift.objects.get(person=side.psychologist)


def make_programme(side: Side) -> Programme:
    programme = programmes.create_programme(
        side.organisation,
        actor=side.claire,
        name="Parler avec quelqu’un qui l’a vécu",
        phone="01 99 00 12 34",
        follow_up_weeks=[6, 12],
    )
    programmes.open_programme(programme, actor=side.claire)
    return programme


def make_peer(
    side: Side, person: Person, lived: tuple[str, ...] = ("sep", "fatigue", "travail"), places: int = 5
) -> Peer:
    """Someone of the cast becomes a peer who may be proposed at once."""
    since = timezone.localdate() - 700 * DAY
    peer = engagement.add_peer(
        person,
        actor=side.claire,
        organisation=side.organisation,
        profiles=[Profile.COMPANION],
        channels=[Channel.PHONE, Channel.WRITING],
        slots=["tue_am"],
        territories=["44", "50"],
        max_pairs=places,
        presentation="J’écoute, sans conseiller de traitement.",
        started_on=since,
    )
    for code in lived:
        experiences.set_experience(peer, actor=side.claire, code=code, year_from=2016)
    for kind in ENTERED:
        clearances.record_clearance(peer, actor=side.claire, kind=kind, obtained_on=since)
    return peer


def _peer(side: Side) -> None:
    side.rows["peer"] = make_peer(side, side.peer_person)
    peer = furnish_thanks(side)
    today = timezone.localdate()
    side.rows["experience"] = peer.experiences.order_by("code").first()
    side.rows["clearance"] = peer.clearances.order_by("kind").first()
    side.rows["agreement"] = clearances.record_agreement(side.site, actor=side.claire, starts_on=today - 600 * DAY)
    side.rows["convention"] = peers.record_convention(
        side.organisation,
        actor=side.claire,
        partner="CHU voisin",
        sites=[side.site],
        starts_on=today - 500 * DAY,
        file=photo(),
    )
    side.rows["absence"] = availability.add_absence(
        peer, actor=side.claire, starts_on=today + 30 * DAY, ends_on=today + 40 * DAY
    )
    side.rows["passport"] = limits.save_limits(
        peer, actor=side.helene, activity=Activity.ACCOMPANIMENT, refused_codes=["deuil"], own_words="Pas la nuit."
    )
    requirements.set_requirements(
        side.organisation, Profile.VOICE, [requirements.Rule("insurance", is_asked=False)], actor=side.claire
    )
    side.rows["import"] = imports.read_import(
        _sheet(), actor=side.claire, organisation=side.organisation, file_name="pairs.xlsx"
    )


def _sheet() -> io.BytesIO:
    """A spreadsheet with one line that is refused."""
    book = Workbook()
    book.active.append(["Prénom", "Nom", "Téléphone", "E-mail", "Vécu"])
    book.active.append(["Ginette", "", "pas un numéro", "pas une adresse", "inconnu"])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "pairs.xlsx"
    return file


def _people(side: Side) -> None:
    side.rows["consent"] = people.record_consent(
        side.person,
        ConsentPurpose.EVALUATION,
        actor=side.claire,
        organisation=side.organisation,
        channel=ConsentChannel.ORAL,
    )
    side.rows["invitation"], side.rows["invitation_token"] = prepare(
        f"invitee.{side.site.departement}@courrier.example", Role.PEER, side.organisation, actor=side.claire
    )
    user = side.coordinator.user
    side.rows["passkey"] = add_passkey(user)
    RecoveryCodes.activate(user)
    side.rows["reset"] = (user_pk_to_url_str(user), default_token_generator.make_token(user))
    side.rows["outside"] = people.link_outside_account(
        side.coordinator, Proof("https://connexion.example", f"agent {side.site.departement}", False), actor=side.claire
    )
    side.rows["erasure"] = people.ask_erasure(side.psychologist, actor=actor_of(side.psychologist, side.organisation))


def add_passkey(user: User) -> Authenticator:
    """A passkey as a browser registers it, so that allauth's pages can read it back."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(bytes(16), b"passkey of the tests", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), flags, 0, held)
    told = {"type": "webauthn.create", "challenge": websafe_encode(b"invented"), "origin": "https://testserver"}
    credential = {
        "id": websafe_encode(held.credential_id),
        "rawId": websafe_encode(held.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(told).encode()),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "Ordinateur", "credential": credential}
    )
