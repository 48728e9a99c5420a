"""Which programmes, requests, proposals and pairs."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db.models import Q

from vecu.accompaniment.enums import PairState, ProposalState, RequestState
from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.policy import Can


class ProgrammeQuerySet(ScopedQuerySet):
    reading = Can.ASK_FOR_PEER

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Open programmes are public; a coordinator also sees the closed ones of the organisation."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(is_open=True)


class WardDoorQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_PROGRAMME

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class RequestQuerySet(ScopedQuerySet):
    reading = Can.SEE_REQUESTS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if actor.person_id is None:
            return self.none()
        return self.filter(person_id=actor.person_id)

    def standing(self) -> Self:
        return self.filter(state__in=RequestState.standing())

    def to_match(self) -> Self:
        return self.filter(state__in=RequestState.to_match())

    def late_to_call(self, now: datetime) -> Self:
        return self.filter(state=RequestState.RECEIVED, call_by__lt=now)

    def oldest_first(self) -> Self:
        return self.order_by("received_at", "pk")


class RequestRowQuerySet(ScopedQuerySet):
    """Rows that hang on a request."""

    reading = Can.SEE_REQUESTS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class ProposalQuerySet(ScopedQuerySet):
    reading = Can.PROPOSE_PEER

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(peer__person_id=actor.person_id)

    def asked(self) -> Self:
        return self.filter(state=ProposalState.ASKED)

    def overdue(self, now: datetime) -> Self:
        return self.asked().filter(answer_by__lt=now)


class PairQuerySet(ScopedQuerySet):
    reading = Can.SEE_PAIRS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Staff see the pairs of their organisation; the two people see their own open pair, never past ones."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        own = Q(peer__person_id=actor.person_id) | Q(beneficiary_id=actor.person_id)
        return self.filter(own)

    def active(self) -> Self:
        return self.exclude(state=PairState.CLOSED)

    def late_first_contact(self, now: datetime) -> Self:
        return self.filter(state=PairState.STARTING, first_contact_by__lt=now)

    def silent(self, now: datetime) -> Self:
        return self.filter(state=PairState.ONGOING, silent_from__lt=now)


class PairRowQuerySet(ScopedQuerySet):
    """Rows that hang on a pair."""

    reading = Can.SEE_PAIRS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(pair__peer__person_id=actor.person_id)


class EvaluationQuerySet(ScopedQuerySet):
    reading = Can.SEE_PAIRS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)


class PlanQuerySet(ScopedQuerySet):
    reading = Can.PLAN_MATCHES

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)
