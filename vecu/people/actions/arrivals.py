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
    people = []
    for row in rows:
        if unknown := set(row) - set(IDENTITY_FIELDS):
            raise TypeError(f"create_people has no {unknown}")
        person = Person(vault=vault.new_key("people.person"), handle=terms.draw_handle(taken), **row)
        person.name_index = name_index(person.given_name, person.family_name)
        taken.add(person.handle)
        people.append(person)
    Person.objects.bulk_create(people, batch_size=BATCH)
    today = timezone.localdate()
    Membership.objects.bulk_create(
        (Membership(person=person, organisation=organisation, role=role, started_on=today) for person in people),
        batch_size=BATCH,
    )
    for person in people:
        journal.write(actor, "person.create", person, subject=person)
    return people
