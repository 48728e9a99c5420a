"""Many people at once, from a list: the same as one by one, in few statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.people import terms
from vecu.people.actions import memberships
from vecu.people.actions.persons import IDENTITY_FIELDS, name_index
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can

BATCH = 200


@transaction.atomic
def create_people(
    rows: Sequence[dict[str, Any]], *, actor: Actor, organisation: Organisation, role: Role
) -> list[Person]:
    """Several people new in an organisation, each with a key, a pseudonym and the role; without an account.

    Each row holds fields of IDENTITY_FIELDS, already checked.
    """
    require(actor, Can.EDIT_PEOPLE)
    memberships.require_here(actor, Can.EDIT_PEOPLE, organisation)
    taken = set(Person.objects.filter(memberships__organisation=organisation).values_list("handle", flat=True))
    people: list[Person] = []
    for start in range(0, len(rows), BATCH):
        people += _create_batch(rows[start : start + BATCH], organisation, role, taken)
    journal.write_each(actor, "person.create", people)
    return people


def _create_batch(
    rows: Sequence[dict[str, Any]], organisation: Organisation, role: Role, taken: set[str]
) -> list[Person]:
    """Their keys are made with them, and still open when their words are sealed."""
    today, people = timezone.localdate(), []
    for row, key in zip(rows, vault.new_keys("people.person", len(rows)), strict=True):
        if unknown := set(row) - set(IDENTITY_FIELDS):
            raise TypeError(f"create_people has no {unknown}")
        person = Person(vault=key, handle=terms.draw_handle(taken), **row)
        person.name_index = name_index(person.given_name, person.family_name)
        taken.add(person.handle)
        people.append(person)
    Person.objects.bulk_create(people)
    Membership.objects.bulk_create(
        Membership(person=person, organisation=organisation, role=role, started_on=today) for person in people
    )
    return people
