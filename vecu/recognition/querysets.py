"""Which activities, claims, receipts and scales."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db.models import Sum

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.policy import Can
from vecu.recognition.enums import ENDED, IN_ACCOUNTS, ClaimState


class OwnedQuerySet(ScopedQuerySet):
    """Rows of somebody: their own, or all of the organisation's."""

    reading = Can.SEE_HOURS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def in_year(self, year: int) -> Self:
        """By the day of the activity, from 1 January to 31 December, 29 February included."""
        return self.filter(happened_on__gte=date(year, 1, 1), happened_on__lte=date(year, 12, 31))


class ActivityQuerySet(OwnedQuerySet):
    def held(self) -> Self:
        """Those the person was there for: a presence corrected to absent counts for nothing."""
        return self.filter(is_held=True)


class ClaimQuerySet(OwnedQuerySet):
    def within(self, actor: Actor, scope: Scope) -> Self:
        """For whoever keeps the accounts: those accepted, and what became of them."""
        if scope == Scope.ASSIGNED:
            return self.filter(organisation_id=actor.organisation_id, state__in=IN_ACCOUNTS)
        return super().within(actor, scope)

    def standing(self) -> Self:
        return self.exclude(state__in=ENDED)

    def sent(self) -> Self:
        """All that ever reached somebody else, the newest first: drafts are their author's."""
        return self.exclude(number=None).order_by("-sent_at", "pk")

    def to_decide(self) -> Self:
        """Whoever sent first is answered first."""
        return self.filter(state=ClaimState.SENT).order_by("sent_at", "pk")

    def to_pay(self) -> Self:
        return self.filter(state=ClaimState.APPROVED).order_by("decided_at", "pk")

    def km_of(self, person_id: UUID, organisation_id: UUID, vehicle: str, year: int, but: UUID | None = None) -> int:
        """Kilometres of that year already asked for with that vehicle: scales change with them."""
        rows = self.standing().in_year(year).filter(person_id=person_id, organisation_id=organisation_id)
        asked = rows.filter(vehicle=vehicle).exclude(pk=but).exclude(state=ClaimState.DRAFT)
        return int(asked.order_by().aggregate(n=Sum("km"))["n"] or 0)


class ReceiptQuerySet(ScopedQuerySet):
    reading = Can.SEE_HOURS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if scope == Scope.ASSIGNED:
            return self.filter(organisation_id=actor.organisation_id, claim__state__in=IN_ACCOUNTS)
        return self.filter(claim__person_id=actor.person_id)


class ScaleQuerySet(ScopedQuerySet):
    """What an organisation pays is known to all who may ask for it."""

    reading = Can.SEE_HOURS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def in_force(self, organisation_id: UUID, on: date) -> Self:
        """The last one that had begun that day, first."""
        return self.filter(organisation_id=organisation_id, starts_on__lte=on).order_by("-starts_on")
