"""Teams that recruit and people who apply, for tests. Everyone is invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from vecu.peers.enums import Profile
from vecu.people.actor import PUBLIC, Actor, system
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory
from vecu.recruitment.actions import applications, interviews, recruitments, slots
from vecu.recruitment.models import Application, InterviewSlot, Recruitment

ANSWERS: dict[str, dict[str, Any]] = {
    "you": {"kind": "patient", "relation": "", "is_adult": "yes"},
    "lived": {"condition": "stomie", "conditions": ["cancer_colorectal"], "hindsight": "years_2_5"},
    "offer": {
        "rhythm": "monthly",
        "times": ["week_am"],
        "slots": ["mon_am", "tue_am"],
        "channels": ["phone"],
        "departement": "44",
        "language": "",
    },
    "words": {"motivation": "Rendre ce que j’ai reçu.", "silences": "Ma famille.", "limits": "Pas la nuit."},
    "rules": {"membership": "member", "conflict": "no", "charter": "yes", "heard": "peer"},
    "contact": {
        "given_name": "Marc",
        "family_name": "Ollivier",
        "phone": "01 99 00 55 66",
        "email": "marc.o@courrier.example",
        "has_shared_mailbox": False,
        "birth_year": 1959,
        "call_parts": ["morning"],
        "agrees": True,
    },
}


def told(**changed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The answers of a usual application, with some pages changed."""
    return {step: {**given, **changed.get(step, {})} for step, given in ANSWERS.items()}


class Team:
    """An organisation that recruits, with two coordinators and a psychologist."""

    def __init__(self, **settings: Any) -> None:
        self.organisation: Organisation = OrganisationFactory(phone="01 99 00 10 20")
        self.claire = self._member(Role.COORDINATOR)
        self.paul = self._member(Role.COORDINATOR)
        self.solene = self._member(Role.PSYCHOLOGIST)
        usual = {"is_open": True, "profiles": Profile.values, "phone": "01 99 00 12 34"}
        self.recruitment: Recruitment = recruitments.set_up(
            self.organisation, actor=system(self.organisation.pk), **{**usual, **settings}
        )

    def _member(self, role: Role) -> Person:
        person: Person = PersonFactory(with_account=True)
        MembershipFactory(person=person, organisation=self.organisation, role=role)
        return person

    def actor(self, person: Person, role: Role = Role.COORDINATOR) -> Actor:
        return Actor(person.user_id, person.pk, self.organisation.pk, frozenset({role}), is_signed_in=True)

    @property
    def coordinator(self) -> Actor:
        return self.actor(self.claire)

    @property
    def other(self) -> Actor:
        return self.actor(self.paul)

    @property
    def psychologist(self) -> Actor:
        return self.actor(self.solene, Role.PSYCHOLOGIST)

    def apply(self, now: datetime | None = None, profile: str = Profile.WITNESS, **changed: Any) -> Application:
        found, _code = applications.receive_application(
            self.recruitment, actor=PUBLIC, profile=profile, answers=told(**changed), now=now
        )
        return found

    def offer(self, actor: Actor | None = None, days: int = 5, now: datetime | None = None) -> InterviewSlot:
        moment = now or timezone.now()
        return slots.offer_slots(
            actor=actor or self.psychologist, starts_at=moment + timedelta(days=days), minutes=45, now=moment
        )[0]

    def meet(self, actor: Actor | None = None, now: datetime | None = None, **told: Any) -> Application:
        """Someone invited, met and recorded ten days ago."""
        past = (now or timezone.now()) - timedelta(days=20)
        application = self.apply(past)
        slot = self.offer(actor, 10, past)
        interviews.invite(application, actor=self.coordinator, now=past)
        interviews.book(application, slot, actor=applications.holder(application), now=past)
        interviews.record_interview(slot, actor=actor or self.psychologist, **{"outcome": "favourable", **told})
        application.refresh_from_db()
        return application
