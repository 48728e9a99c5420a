"""Who acts: built once per request, passed explicitly to every action and queryset."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from vecu.core.access import Scope
from vecu.people.enums import Role
from vecu.people.policy import Can, scope_of

MAIN_FIRST = (
    Role.COORDINATOR,
    Role.PSYCHOLOGIST,
    Role.DATA_OFFICER,
    Role.HEAD_OFFICE,
    Role.TRAINER,
    Role.PEER,
    Role.TRAINEE,
    Role.BENEFICIARY,
    Role.SYSTEM,
    Role.PUBLIC,
)


@dataclass(frozen=True)
class Actor:
    """A person in one organisation, with the roles held there; the public has neither, the system is everywhere.

    `roles` are the roles in `organisation_id` that are usable now: staff roles are absent until a second factor
    was given in this session (see `vecu.people.middleware`).
    """

    user_id: int | None = None
    person_id: UUID | None = None
    organisation_id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    is_signed_in: bool = False

    def scope(self, can: Can) -> Scope:
        return scope_of(self.roles, can, is_signed_in=self.is_signed_in)

    def may(self, can: Can) -> bool:
        return self.scope(can) > Scope.NONE

    @property
    def role(self) -> str:
        """The role written in the journal: what someone works as comes before what they are helped as."""
        return next((role.value for role in MAIN_FIRST if role in self.roles), "")


PUBLIC = Actor(roles=frozenset({Role.PUBLIC}))


def system(organisation_id: UUID | None = None) -> Actor:
    """Jobs and clocks. Named in the journal as Vécu itself."""
    return Actor(organisation_id=organisation_id, roles=frozenset({Role.SYSTEM}))
