"""Gatherings for tests: planned by the real action, in a committee where Claire coordinates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.agenda import actions
from vecu.agenda.enums import GatheringKind
from vecu.agenda.models import Gathering, HalfDay
from vecu.people.enums import Role
from vecu.people.models import Organisation, Person
from vecu.people.tests.factories import MembershipFactory, PersonFactory

HOUR = timedelta(hours=1)


def make_gathering(cast: Cast, *starts: datetime, hours: float = 3, **given: Any) -> Gathering:
    """A supervision group led by Solène, in two days unless said; three hours a half-day."""
    first = starts or (timezone.now() + timedelta(days=2),)
    fields = {
        "kind": GatheringKind.SUPERVISION,
        "title": "Groupe du jeudi",
        "host": cast.solene,
        "half_days": [(at, at + hours * HOUR, cast.ward, "Salle 2") for at in first],
        **given,
    }
    actor = fields.pop("actor", None) or actor_of(cast.claire)
    return actions.plan_gathering(fields.pop("organisation", cast.committee), actor=actor, **fields)


def first_half_day(gathering: Gathering) -> HalfDay:
    return gathering.half_days.filter(removed_at=None).order_by("starts_at")[0]


def make_peers(organisation: Organisation, count: int) -> list[Person]:
    """People with the role of a peer there."""
    people = [PersonFactory(with_account=True) for _n in range(count)]
    for person in people:
        MembershipFactory(person=person, organisation=organisation, role=Role.PEER)
    return people


def notices(**fields: Any) -> Any:
    """What the roof made of our events. By name: messaging is a stranger on this floor."""
    return apps.get_model("messaging", "Notice").objects.filter(**fields).order_by("created_at")


def told(person: Person, **fields: Any) -> list[str]:
    """The kinds of notices someone got, in their order."""
    return list(notices(person=person, **fields).values_list("kind", flat=True))
