"""Telling people: a notice to each, and who holds a role."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import CharField, DateField, UUIDField
from django.utils import timezone

from vecu.core.prepared import Asked, Prepared, PreparedRows, any_of
from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.people.enums import Role
from vecu.people.models import Membership, Person

# What follows nearly every fact: whom it concerns, written once.
PEOPLE = PreparedRows(Person, lambda: Person.objects.filter(any_of("pk", "ids", UUIDField())).order_by("pk"), "user")
HOLDERS = Prepared(
    lambda: (
        Membership.objects.filter(
            any_of("role", "roles", CharField()), organisation_id=Asked("organisation_id", UUIDField())
        )
        .current(Asked("today", DateField()))
        .order_by("person_id")
        .values_list("person_id")
        .distinct()
    )
)


def tell(
    ids: Iterable[UUID],
    kind: NoticeKind,
    organisation_id: UUID,
    url_name: str = "",
    key: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """A notice to each of these people, whose link opens `url_name` for `key`; seeing `about` reads it."""
    for person in PEOPLE.all(ids=ids):
        notices.tell(
            person,
            kind,
            organisation=organisation_id,
            url_name=url_name,
            url_key=str(key) if key and url_name else "",
            about=about or key,
        )


def holders(organisation_id: UUID, *roles: Role, but: UUID | None = None) -> list[UUID]:
    wanted = [role.value for role in roles]
    rows = HOLDERS.rows(organisation_id=organisation_id, roles=wanted, today=timezone.localdate())
    return [person_id for (person_id,) in rows if person_id != but]


def nothing_follows(event: object) -> None:
    """The fact is enough: lists read it."""
