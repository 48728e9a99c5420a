"""Hours and claims for tests, made by the actions themselves. Everyone is invented."""

from __future__ import annotations

import io
import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core.tests.photos import photo
from vecu.people.models import Organisation, Person
from vecu.recognition import actions
from vecu.recognition.actions.claims import Costs
from vecu.recognition.enums import ActivityKind
from vecu.recognition.models import Activity, Claim, Scale

DRIVE = Costs(km=42, vehicle="any", journey="Valmont – Bréhal")


class ActivityFactory(factory.django.DjangoModelFactory):
    """A training half-day of three hours, ten days ago."""

    class Meta:
        model = Activity

    kind = ActivityKind.TRAINING
    source_id = factory.LazyFunction(uuid.uuid4)
    happened_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    minutes = 180

    class Params:
        contact = factory.Trait(kind=ActivityKind.CONTACT, minutes=30)


def make_activity(cast: Cast, person: Person | None = None, **fields: Any) -> Activity:
    return ActivityFactory(organisation=cast.committee, person=person or cast.helene, **fields)


def make_scale(
    cast: Cast,
    starts_on: date = date(2023, 1, 1),
    per_km: str = "0.500",
    organisation: Organisation | None = None,
    **more: Any,
) -> Scale:
    """One rate for any vehicle; gifts are taken unless said otherwise."""
    told = {"accepts_gifts": True, "source": "Décision du bureau"} | more
    place = organisation or cast.committee
    coordinator = cast.claire if place == cast.committee else cast.youssef
    rates = {"any": [(0, Decimal(per_km))]}
    return actions.add_scale(place, actor=actor_of(coordinator), starts_on=starts_on, rates=rates, **told)


def receipt() -> io.BytesIO:
    return photo()


def make_draft(cast: Cast, activity: Activity | None = None, costs: Costs = DRIVE, receipts: int = 0) -> Claim:
    activity = activity or make_activity(cast)
    if costs.km and not Scale.objects.exists():
        make_scale(cast)
    files = [receipt() for _number in range(receipts)]
    return actions.start_claim(activity, actor=actor_of(activity.person), costs=costs, receipts=files)


def make_sent(cast: Cast, activity: Activity | None = None, *, is_gift: bool = False, **told: Any) -> Claim:
    draft = make_draft(cast, activity, **told)
    return actions.send_claim(draft, actor=actor_of(draft.person), is_gift=is_gift, has_waived=is_gift)


def make_approved(cast: Cast, activity: Activity | None = None, **told: Any) -> Claim:
    return actions.approve(make_sent(cast, activity, **told), actor=actor_of(cast.claire))


def make_paid(cast: Cast, activity: Activity | None = None, **told: Any) -> Claim:
    claim = make_approved(cast, activity, **told)
    return actions.pay(claim, actor=actor_of(cast.claire), paid_on=timezone.localdate())
