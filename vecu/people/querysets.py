"""Which people, places and consents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.enums import Role
from vecu.people.policy import Can


class OrganisationQuerySet(ScopedQuerySet):
    reading = Can.SEE_ORGANISATION

    def within(self, actor: Actor, scope: Scope) -> Self:
        """One's own organisations; with ORGANISATION, also those below it in the tree (three levels)."""
        own = Q(memberships__person_id=actor.person_id, memberships__ended_on=None)
        if scope == Scope.OWN:
            return self.filter(own).distinct()
        here = actor.organisation_id
        below = Q(pk=here) | Q(parent_id=here) | Q(parent__parent_id=here) | Q(parent__parent__parent_id=here)
        return self.filter(below)


class SiteQuerySet(ScopedQuerySet):
    reading = Can.SEE_ORGANISATION

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class PersonQuerySet(ScopedQuerySet):
    reading = Can.SEE_PEOPLE

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            memberships = self.model._meta.get_field("memberships").related_model._default_manager
            here = memberships.filter(person_id=OuterRef("pk"), organisation_id=actor.organisation_id)
            return self.filter(Exists(here), erased_at=None)
        return self.filter(pk=actor.person_id)

    def reachable(self) -> Self:
        """People about whom something may still leave Vécu."""
        return self.filter(stopped_at=None, erased_at=None)


class MembershipQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MEMBERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def current(self, on: date | None = None) -> Self:
        """Memberships in force that day (today when not said)."""
        day = on or timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)

    def with_role(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)


class ConsentTextQuerySet(ScopedQuerySet):
    reading = Can.GIVE_CONSENT

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(Q(organisation=None) | Q(organisation_id=actor.organisation_id))


class ConsentQuerySet(ScopedQuerySet):
    reading = Can.GIVE_CONSENT

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def standing(self) -> Self:
        """Given and not withdrawn."""
        return self.filter(withdrawn_at=None)


class InvitationQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MEMBERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def open(self, now: datetime | None = None) -> Self:
        """Sent, and neither accepted, withdrawn nor out of date."""
        return self.filter(used_at=None, withdrawn_at=None, expires_at__gt=now or timezone.now())


class ErasureRequestQuerySet(ScopedQuerySet):
    reading = Can.SEE_OWN_DATA

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(person_id=actor.person_id)

    def pending(self) -> Self:
        return self.filter(done_at=None)


class OutsideAccountQuerySet(ScopedQuerySet):
    reading = Can.SEE_OWN_DATA

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(user_id=actor.user_id)


class AwaitedAddressQuerySet(ScopedQuerySet):
    reading = Can.SEE_PEOPLE

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)


class RecoveryQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_MEMBERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def under_way(self) -> Self:
        """Asked, and neither done nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None)


class RefusedAddressQuerySet(ScopedQuerySet):
    reading = Can.SEE_PEOPLE

    def within(self, actor: Actor, scope: Scope) -> Self:
        """For those who decide in the organisation that refused, never for whoever was refused."""
        return self.filter(organisation_id=actor.organisation_id) if scope == Scope.ORGANISATION else self.none()


class DataCopyQuerySet(ScopedQuerySet):
    reading = Can.SEE_OWN_DATA

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(person_id=actor.person_id)
