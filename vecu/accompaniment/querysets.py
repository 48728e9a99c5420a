"""Which programmes, requests, proposals and pairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import UUID

from django.db.models import Case, Q, When

from vecu.accompaniment.enums import Feeling, PairState, ProposalState, RequestState
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

    def oldest_first(self) -> Self:
        return self.order_by("received_at", "pk")

    def with_date_to_come(self, today: Any) -> Self:
        """Those with a fixed date, the nearest first."""
        return self.filter(fixed_on__gte=today).order_by("fixed_on", "received_at", "pk")

    def without_date_to_come(self, today: Any) -> Self:
        """The others, the oldest first; a date that has passed no longer counts."""
        return self.filter(Q(fixed_on=None) | Q(fixed_on__lt=today)).order_by("received_at", "pk")

    def late_first(self, today: date) -> Self:
        """The oldest call due first; those who wait for a later day come last."""
        patient = Case(When(state=RequestState.WAITING, ring_back_on__gt=today, then=1), default=0)
        return self.order_by(patient, "call_by", "received_at", "pk")

    def oldest_call_first(self) -> Self:
        """The same order for one state: an index holds it."""
        return self.order_by("call_by", "received_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-closed_at", "-received_at", "pk")

    def due(self, today: date, opened_before: datetime) -> Self:
        """What a coordinator is shown on arriving: new requests, openings without a proposal, days to
        ring back."""
        return self.filter(
            Q(state=RequestState.RECEIVED)
            | Q(state=RequestState.OPEN, opened_at__lt=opened_before)
            | Q(state=RequestState.WAITING, ring_back_on__lte=today),
            state__in=(RequestState.RECEIVED, *RequestState.to_match()),
            person__stopped_at=None,
        )

    def due_in(self, state: RequestState, today: date, opened_before: datetime) -> Self:
        """Those of one state, the oldest call due first: an index holds them in this order."""
        conditions = {
            RequestState.OPEN: Q(opened_at__lt=opened_before),
            RequestState.WAITING: Q(ring_back_on__lte=today),
        }
        found = self.filter(conditions.get(state, Q()), state=state, person__stopped_at=None)
        return found.oldest_call_first()


class RequestRowQuerySet(ScopedQuerySet):
    """Rows that hang on a request."""

    reading = Can.SEE_REQUESTS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class NeedQuerySet(ScopedQuerySet):
    """Needs without the person; whoever does not see the requests is shown groups only, never a row."""

    reading = Can.SEE_NEEDS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def standing(self) -> Self:
        """Still without an answer."""
        return self.filter(met_on=None)

    def for_target(self, *, code: str, kind: str, age_class: str, departement: str) -> Self:
        """Those that ask for this first; a part left empty is any."""
        return self.filter(_answering(code, kind, age_class, departement))

    def for_any(self, targets: Iterable[dict[str, str]]) -> Self:
        """Those that ask for one of these, each as `for_target` takes it; at least one is given."""
        parts = dict.fromkeys((one["code"], one["kind"], one["age_class"], one["departement"]) for one in targets)
        return self.filter(reduce(or_, (_answering(*part) for part in parts)))


def _answering(code: str, kind: str, age_class: str, departement: str) -> Q:
    asked = Q(codes__0=code, role=kind)
    if age_class:
        asked &= Q(age_class=age_class)
    return asked & Q(departement=departement) if departement else asked


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
        """Staff see the pairs of their organisation; the two people see their own, under way or ended."""
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

    def that_wait(self, now: datetime) -> Self:
        """Where one of the two asked for something, where a first call is to be arranged or noted, where the first
        contact is late, where there is no news."""
        asked = Q(change_asked_at__isnull=False) | Q(call_asked_at__isnull=False)
        by_phone = Q(state=PairState.STARTING, beneficiary__isnull=False, beneficiary__user=None)
        asked |= by_phone & (Q(call_planned_at=None) | Q(call_planned_at__lt=now))
        late = Q(state=PairState.STARTING, first_contact_by__lt=now) | Q(state=PairState.ONGOING, silent_from__lt=now)
        return self.active().filter(asked | late)

    def of_person(self, person_id: UUID | None) -> Self:
        """Those of which someone is one of the two."""
        if person_id is None:
            return self.none()
        return self.filter(Q(peer__person_id=person_id) | Q(beneficiary_id=person_id))

    def followed_by(self, actor: Actor) -> Self:
        """Those of the organisation this actor works for; the two people themselves have their exchange."""
        if actor.scope(self.reading) < Scope.ORGANISATION:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id)

    def seen_as(self, view: str, now: datetime) -> Self:
        """The views of the list: under way, first contact late, silent, ended."""
        if view == "late":
            return self.late_first_contact(now)
        if view == "silent":
            return self.silent(now)
        return self.filter(state=PairState.CLOSED) if view == "closed" else self.active()

    def with_people(self) -> Self:
        """Everything a page about one pair reads, in one query."""
        return self.select_related("peer__person", "beneficiary", "request__programme", "thread", "organisation")


class PairRowQuerySet(ScopedQuerySet):
    """Rows that hang on a pair."""

    reading = Can.SEE_PAIRS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(pair__peer__person_id=actor.person_id)


class ContactQuerySet(PairRowQuerySet):
    def hard(self, since: date) -> Self:
        """Those that weighed on the peer, from that day on."""
        return self.filter(Q(feeling=Feeling.HARD) | Q(needs_support=True), happened_on__gte=since)


class FollowUpQuerySet(PairRowQuerySet):
    def due(self, today: date) -> Self:
        """To be made by today, neither made nor cancelled."""
        return self.filter(done_at=None, cancelled_at=None, due_on__lte=today)


class EvaluationQuerySet(ScopedQuerySet):
    reading = Can.SEE_PAIRS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def waiting(self) -> Self:
        """Asked, neither answered nor taken back."""
        return self.filter(answered_at=None, cancelled_at=None)


class PlanQuerySet(ScopedQuerySet):
    reading = Can.PLAN_MATCHES

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)
