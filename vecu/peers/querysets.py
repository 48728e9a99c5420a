"""Which peers, experiences, absences and proofs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Self

from django.db.models import Q
from django.utils import timezone

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.policy import Can

NEVER_CALLED_DAYS = 90


class PeerQuerySet(ScopedQuerySet):
    reading = Can.SEE_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def engaged(self, on: date | None = None) -> Self:
        """Started and not left, that day; the deceased are never in any list."""
        day = on or timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day).exclude(
            person__stop_reason="death"
        )

    def available(self, on: date | None = None) -> Self:
        """Engaged, not on pause, not away, and nothing stopped about them."""
        day = on or timezone.localdate()
        return (
            self.engaged(day)
            .filter(person__stopped_at=None)
            .exclude(Q(paused_at__isnull=False) & (Q(paused_until=None) | Q(paused_until__gt=day)))
            .exclude(absences__starts_on__lte=day, absences__ends_on__gte=day)
        )

    def never_called(self, on: date | None = None) -> Self:
        """Engaged for 90 days or more and without a new pair for 90 days."""
        limit = (on or timezone.localdate()) - timedelta(days=NEVER_CALLED_DAYS)
        return self.engaged(on).filter(
            Q(last_pair_at=None) | Q(last_pair_at__date__lt=limit), started_on__lte=limit, active_pairs=0
        )


class PeerRowQuerySet(ScopedQuerySet):
    """Rows that hang on a peer: seen by whoever sees the peer."""

    reading = Can.SEE_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(peer__person_id=actor.person_id)


class LivedExperienceQuerySet(PeerRowQuerySet):
    pass


class AbsenceQuerySet(PeerRowQuerySet):
    pass


class LimitsPassportQuerySet(PeerRowQuerySet):
    pass


class ClearanceQuerySet(PeerRowQuerySet):
    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(expires_on=None) | Q(expires_on__gte=day), obtained_on__lte=day)


class SiteAgreementQuerySet(ScopedQuerySet):
    reading = Can.SEE_ORGANISATION

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class ImportDraftQuerySet(ScopedQuerySet):
    reading = Can.IMPORT_PEERS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id, by_id=actor.person_id)
