"""Which gatherings, half-days, enrolments and presences."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from uuid import UUID

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.utils import timezone

from vecu.agenda.enums import EnrolmentState, GatheringKind, GatheringState, Presence
from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.enums import Role
from vecu.people.models import Membership
from vecu.people.policy import Can

STANDING = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
MINUTE = timedelta(minutes=1)


def _rows(model: Any, name: str) -> Any:
    """All rows of the model that hangs on this one by this name."""
    return model._meta.get_field(name).related_model._default_manager.all()


def _entrusted(actor: Actor, path: str = "") -> Q:
    """Trainings of the organisation, and whatever one leads in it."""
    is_mine = Q(**{f"{path}kind": GatheringKind.TRAINING}) | Q(**{f"{path}host_id": actor.person_id})
    return is_mine & Q(organisation_id=actor.organisation_id)


class GatheringQuerySet(ScopedQuerySet):
    reading = Can.SEE_GATHERINGS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the organisation; of it, trainings and what I lead; or the ones I lead or was ever enrolled in, and
        those peers may join."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if scope == Scope.ASSIGNED:
            return self.filter(_entrusted(actor))
        mine = _rows(self.model, "enrolments").filter(gathering=OuterRef("pk"), person_id=actor.person_id)
        as_peer = Membership.objects.filter(
            organisation=OuterRef("organisation"), person_id=actor.person_id, role=Role.PEER, ended_on=None
        )
        return self.filter(Q(host_id=actor.person_id) | Exists(mine) | (Q(is_open=True) & Exists(as_peer)))

    def of(self, person_id: UUID | None) -> Self:
        """Those someone hosts, or in which they have a place or wait for one."""
        rows = _rows(self.model, "enrolments").filter(state__in=STANDING)
        return self.filter(Q(host_id=person_id) | Exists(rows.filter(gathering=OuterRef("pk"), person_id=person_id)))

    def open_to(self, person_id: UUID | None) -> Self:
        """Those peers may join by themselves, and in which someone is not yet."""
        rows = _rows(self.model, "enrolments").filter(state__in=STANDING, gathering=OuterRef("pk"))
        return self.planned().filter(is_open=True).filter(~Exists(rows.filter(person_id=person_id)))

    def planned(self) -> Self:
        return self.filter(state=GatheringState.PLANNED)

    def to_come(self, now: datetime | None = None) -> Self:
        """Planned and not over, the one that meets next first."""
        now = now or timezone.now()
        days = _rows(self.model, "half_days").filter(gathering=OuterRef("pk"), removed_at=None, ends_at__gt=now)
        soonest = Subquery(days.order_by("starts_at").values("starts_at")[:1])
        return self.planned().filter(ends_at__gt=now).order_by(soonest, "pk")

    def past(self, now: datetime | None = None) -> Self:
        """Over or cancelled, the last one first."""
        over = ~Q(state=GatheringState.PLANNED) | Q(ends_at__lte=now or timezone.now())
        return self.filter(over).order_by("-starts_at", "pk")

    def with_counts(self) -> Self:
        """How many have a place (`taken`, a column) and how many wait (`n_waiting`)."""
        waiting = Count("enrolments", filter=Q(enrolments__state=EnrolmentState.WAITING))
        return self.annotate(n_waiting=waiting)


class GatheringRowQuerySet(ScopedQuerySet):
    """Rows of people in gatherings: their own, or all of the organisation's."""

    reading = Can.SEE_GATHERINGS
    path = "gathering__"

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if scope == Scope.ASSIGNED:
            return self.filter(_entrusted(actor, self.path))
        return self.filter(person_id=actor.person_id)


class HalfDayQuerySet(ScopedQuerySet):
    reading = Can.SEE_GATHERINGS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the gatherings one sees."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        gatherings = self.model._meta.get_field("gathering").related_model._default_manager
        return self.filter(gathering__in=gatherings.within(actor, scope).order_by().values("pk"))

    def standing(self) -> Self:
        """Those not taken out, of gatherings not cancelled."""
        return self.filter(removed_at=None).exclude(gathering__state=GatheringState.CANCELLED)

    def on(self, day: date) -> Self:
        """Those that begin that day, as it is called in France."""
        start = timezone.make_aware(datetime.combine(day, time.min))
        end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        return self.filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


class EnrolmentQuerySet(GatheringRowQuerySet):
    def standing(self) -> Self:
        """With a place, or waiting for one."""
        return self.filter(state__in=STANDING)

    def enrolled(self) -> Self:
        return self.filter(state=EnrolmentState.ENROLLED)

    def waiting(self) -> Self:
        """Whoever asked first comes first."""
        return self.filter(state=EnrolmentState.WAITING).order_by("asked_at", "pk")


class AttendanceQuerySet(GatheringRowQuerySet):
    path = "half_day__gathering__"

    def present(self) -> Self:
        return self.filter(presence=Presence.PRESENT)

    def signed(self) -> Self:
        return self.exclude(signed_at=None)

    def of_kind(self, *kinds: str) -> Self:
        return self.filter(half_day__gathering__kind__in=kinds)

    def standing(self) -> Self:
        """Of half-days not taken out, of gatherings not cancelled."""
        return self.filter(half_day__removed_at=None).exclude(half_day__gathering__state=GatheringState.CANCELLED)

    def minutes_by_person(self, people: Iterable[UUID] | None = None) -> dict[UUID, int]:
        """Minutes of presence of each person, in one query: hours truly spent, also on the nights clocks change."""
        rows = self.present() if people is None else self.present().filter(person_id__in=list(people))
        length = ExpressionWrapper(F("half_day__ends_at") - F("half_day__starts_at"), output_field=DurationField())
        summed = rows.order_by().values("person_id").annotate(length=Sum(length))
        return {row["person_id"]: row["length"] // MINUTE for row in summed}

    def half_days_by_person(self) -> dict[UUID, int]:
        """How many half-days each person was there."""
        counted = self.present().order_by().values("person_id").annotate(n=Count("pk"))
        return {row["person_id"]: row["n"] for row in counted}


class CalendarFeedQuerySet(ScopedQuerySet):
    reading = Can.JOIN_GATHERINGS

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(person_id=actor.person_id)
