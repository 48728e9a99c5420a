"""Roles: one line each, from a day to a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import Scope, require
from vecu.core.errors import Denied, Refused
from vecu.core.prepared import Asked, PreparedRows
from vecu.people.actor import Actor
from vecu.people.enums import Role
from vecu.people.models import Membership, Organisation, Person
from vecu.people.policy import Can

# Given from above, never by a coordinator to a colleague.
GIVEN_FROM_ABOVE = frozenset({Role.HEAD_OFFICE})


@transaction.atomic
def give_role(
    person: Person, role: Role, *, actor: Actor, organisation: Organisation, started_on: date | None = None
) -> Membership:
    """Give someone of the organisation one more role. Someone of elsewhere is invited, and accepts or not."""
    require(actor, Can.MANAGE_MEMBERS)
    require_here(actor, Can.MANAGE_MEMBERS, organisation)
    if actor.scope(Can.MANAGE_MEMBERS) < Scope.ALL:
        require(actor, Can.SEE_PEOPLE, person)
        refuse_from_above(role)
    return start(person, role, organisation, actor=actor, started_on=started_on)


@transaction.atomic
def end_role(membership: Membership, *, actor: Actor, ended_on: date | None = None) -> Membership:
    """End a role today or on a day. An organisation always keeps one coordinator, whoever leaves at the same time."""
    require(actor, Can.MANAGE_MEMBERS, membership)
    hold(membership.organisation_id)
    membership.refresh_from_db(fields=["ended_on"])
    day = ended_on or timezone.localdate()
    if membership.ended_on is not None:
        raise Refused("already_ended", _("This role has ended already."))
    if day < membership.started_on:
        raise Refused("ends_before_start", _("A role cannot end before it starts."))
    if membership.role == Role.COORDINATOR and not _other_coordinators(membership).exists():
        raise Refused(
            "last_coordinator",
            _("This is the only coordinator here. Invite another one first, then end this role."),
        )
    membership.ended_on = day
    membership.save(update_fields=["ended_on", "updated_at"])
    journal.write(actor, "role.end", membership, subject=membership.person_id)
    return membership


# Asked for everyone who comes: written once.
HELD = PreparedRows(
    Membership,
    lambda: Membership.objects.filter(
        person_id=Asked("person_id", UUIDField()),
        organisation_id=Asked("organisation_id", UUIDField()),
        role=Asked("role", CharField()),
        ended_on=None,
    ),
)


def start(
    person: Person, role: Role, organisation: Organisation, *, actor: Actor, started_on: date | None = None
) -> Membership:
    """The role from that day on; the same role already held is simply returned."""
    held = HELD.first(person_id=person.pk, organisation_id=organisation.pk, role=role)
    if held is not None:
        return held
    membership = Membership.objects.create(
        person=person, organisation=organisation, role=role, started_on=started_on or timezone.localdate()
    )
    journal.write(actor, "role.give", membership, subject=person)
    return membership


def hold(*organisation_ids: UUID) -> None:
    """Roles here change one after the other until the end of this transaction."""
    held = Organisation.objects.filter(pk__in=organisation_ids).order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk"))


def require_here(actor: Actor, can: Can, organisation: Organisation) -> None:
    """The right is held in this very organisation, not only in another one."""
    if actor.scope(can) < Scope.ALL and actor.organisation_id != organisation.pk:
        raise Denied(f"{can} in another organisation")


def refuse_from_above(role: Role) -> None:
    """Some roles are not a coordinator's to give."""
    if role in GIVEN_FROM_ABOVE:
        raise Refused("given_from_above", _("This role is given by the organisation above yours."))


def _other_coordinators(membership: Membership) -> QuerySet[Membership]:
    here = Membership.objects.current().filter(organisation_id=membership.organisation_id, role=Role.COORDINATOR)
    return here.exclude(pk=membership.pk)
