"""Telling people: a notice to each, and who holds a role."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from vecu.messaging.actions import notices
from vecu.messaging.enums import NoticeKind
from vecu.people.enums import Role
from vecu.people.models import Membership, Person


def tell(
    ids: Iterable[UUID],
    kind: NoticeKind,
    organisation_id: UUID,
    url_name: str = "",
    key: UUID | None = None,
    about: UUID | None = None,
) -> None:
    """A notice to each of these people, whose link opens `url_name` for `key`; seeing `about` reads it."""
    for person in Person.objects.filter(pk__in=list(ids)).order_by("pk"):
        notices.tell(
            person,
            kind,
            organisation=organisation_id,
            url_name=url_name,
            url_key=str(key) if key and url_name else "",
            about=about or key,
        )


def holders(organisation_id: UUID, *roles: Role, but: UUID | None = None) -> list[UUID]:
    members = Membership.objects.filter(organisation_id=organisation_id).current().with_role(*roles)
    members = members.exclude(person=but) if but else members
    return list(members.order_by("person_id").values_list("person_id", flat=True).distinct())


def nothing_follows(event: object) -> None:
    """The fact is enough: lists read it."""
