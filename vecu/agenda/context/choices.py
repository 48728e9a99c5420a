"""Whom one may name: who leads a gathering, and who may be given a place."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef

from vecu.agenda.models import Enrolment, Gathering
from vecu.core import vault
from vecu.core.access import Actor, visible
from vecu.people.enums import Role
from vecu.people.models import Membership, Person, Site
from vecu.people.policy import Can

LEADING = (Role.COORDINATOR, Role.PSYCHOLOGIST, Role.TRAINER)
COMING = (Role.PEER, Role.TRAINEE, *LEADING)


def hosts(actor: Actor) -> list[Person]:
    """Those who work here; whoever was entrusted only their own finds only themselves."""
    return _named(_people(actor, LEADING))


def enrollable(gathering: Gathering, actor: Actor) -> list[Person]:
    """Peers, trainees and those who work here, who are not on the list yet."""
    there = Enrolment.objects.standing().filter(gathering=gathering, person=OuterRef("pk"))
    return _named(_people(actor, COMING).reachable().filter(~Exists(there)).exclude(pk=gathering.host_id))


def sites(actor: Actor) -> list[Site]:
    return list(visible(Site, actor).filter(organisation=actor.organisation_id, is_open=True).order_by("name"))


def _people(actor: Actor, roles: Iterable[Role]) -> Any:
    here = Membership.objects.current().filter(organisation=actor.organisation_id).with_role(*roles)
    return visible(Person, actor, Can.RUN_GATHERINGS).filter(Exists(here.filter(person=OuterRef("pk"))))


def _named(people: Any) -> list[Person]:
    found = list(people)
    vault.preload(person.vault_id for person in found)
    return sorted(found, key=lambda person: (str(person.given_name).lower(), str(person.family_name).lower()))
