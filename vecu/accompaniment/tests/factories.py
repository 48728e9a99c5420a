"""Programmes, doors and requests for tests. Everyone is invented."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import factory
from django.utils import timezone

from vecu.accompaniment.actions import programmes, requests
from vecu.accompaniment.enums import RequestClosing, RequestRole, RequestSource, RequestState
from vecu.accompaniment.models import Programme, SupportRequest, WardDoor
from vecu.core import vault
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import MembershipFactory, OrganisationFactory, PersonFactory, SiteFactory
from vecu.safeguarding.models import CrisisPath, DutyHours, DutyShift

RECEIPT = "4821007399156640"


class ProgrammeFactory(factory.django.DjangoModelFactory):
    """Open to requests; pairing itself needs `make_safe(organisation, person)`."""

    class Meta:
        model = Programme

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Parler avec un pair {n}")
    phone = "01 99 00 12 34"
    is_open = True
    follow_up_weeks = factory.LazyFunction(lambda: [4, 12])

    class Params:
        closed = factory.Trait(is_open=False)


class WardDoorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WardDoor

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.organisation")
    site = factory.SubFactory(SiteFactory, organisation=factory.SelfAttribute("..organisation"))
    ward = "Hôpital de jour"
    token = factory.Sequence(lambda n: f"k7mp4xqd{n:04d}")
    reply_to = "service@hopital.example"

    class Params:
        closed = factory.Trait(is_open=False)


class RequestFactory(factory.django.DjangoModelFactory):
    """A request just received; traits `open`, `waiting`, `closed` for the later ones, `late` for an overdue call."""

    class Meta:
        model = SupportRequest
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    organisation = factory.SelfAttribute("programme.organisation")
    number = factory.Sequence(lambda n: n + 1)
    source = RequestSource.ONLINE
    role = RequestRole.PATIENT
    vault_id = factory.LazyFunction(lambda: vault.new_key("accompaniment.request").pk)
    person = factory.SubFactory(PersonFactory)
    needs = factory.LazyFunction(lambda: {"conditions": ["cancer_sein"], "stage": "treatment", "age_group": "adult"})
    wishes = factory.LazyFunction(lambda: {"matters": ["travail"], "channels": ["phone"], "slots": ["tue_am"]})
    own_words = "Je voudrais parler avec quelqu’un qui travaille encore."
    call_parts = factory.LazyFunction(lambda: ["morning"])
    departement = "44"
    birth_year = 1968
    languages = factory.LazyFunction(lambda: ["fr"])
    received_at = factory.LazyFunction(timezone.now)
    fixed_on = None
    call_by = factory.LazyAttribute(
        lambda made: programmes.call_before(made.programme, made.received_at, made.fixed_on)
    )

    class Params:
        received = factory.Trait(state=RequestState.RECEIVED)
        late = factory.Trait(
            received_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=8)),
        )
        open = factory.Trait(state=RequestState.OPEN, opened_at=factory.LazyFunction(timezone.now))
        waiting = factory.Trait(
            state=RequestState.WAITING,
            opened_at=factory.LazyFunction(timezone.now),
            owner=factory.SubFactory(PersonFactory),
            ring_back_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14)),
        )
        closed = factory.Trait(
            state=RequestState.CLOSED,
            closing=RequestClosing.INFORMATION,
            closed_at=factory.LazyFunction(timezone.now),
            expires_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365)),
        )
        with_receipt = factory.Trait(receipt_index=factory.LazyFunction(lambda: requests.receipt_index(RECEIPT)))

    @factory.post_generation
    def membership(made: SupportRequest, create: bool, extracted: Any, **kwargs: Any) -> None:
        """Whoever asks is known to the organisation as someone who asked."""
        if create and made.person is not None:
            MembershipFactory(person=made.person, organisation=made.organisation, beneficiary=True)


def make_safe(organisation: Organisation, person: Person) -> None:
    """Someone on duty who said yes, hours, an approved crisis path: pairing may open."""
    now = timezone.now()
    DutyHours.objects.create(organisation=organisation, weekday=0, starts=time(9), ends=time(18))
    DutyShift.objects.create(
        organisation=organisation,
        person=person,
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(days=2),
        confirmed_at=now,
    )
    CrisisPath.objects.create(
        organisation=organisation,
        version=1,
        steps="Appeler la référente.",
        referent=person,
        head=person,
        approved_on=timezone.localdate(),
    )
