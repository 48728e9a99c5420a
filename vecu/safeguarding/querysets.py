"""Which duties, alerts, reports and requests to talk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.models import Membership
from vecu.people.policy import Can
from vecu.safeguarding.enums import ON_DUTY_ROLES, AlertState, ReportState, TalkState


class OrganisationRowQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_DUTY

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class DutyHoursQuerySet(OrganisationRowQuerySet):
    pass


class CrisisPathQuerySet(OrganisationRowQuerySet):
    def approved(self) -> Self:
        return self.exclude(approved_on=None)


class DutyShiftQuerySet(OrganisationRowQuerySet):
    def at(self, moment: datetime | None = None) -> Self:
        """Shifts that cover a moment and that their person has confirmed."""
        now = moment or timezone.now()
        return self.confirmed(timezone.localdate(now)).filter(starts_at__lte=now, ends_at__gt=now)

    def confirmed(self, today: date | None = None) -> Self:
        """Shifts somebody said yes to who still works here: a role that ended, or everything stopped about them,
        takes their yes away."""
        return self.still_here(today).exclude(confirmed_at=None)

    def still_here(self, today: date | None = None) -> Self:
        works = Membership.objects.current(today).with_role(*ON_DUTY_ROLES)
        works = works.filter(person_id=OuterRef("person_id"), organisation_id=OuterRef("organisation_id"))
        return self.filter(Exists(works), person__stopped_at=None, person__erased_at=None)


class AlertQuerySet(ScopedQuerySet):
    reading = Can.SEE_ALERTS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Staff see their organisation's alerts, except one about themselves; others see what they opened."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id).exclude(subject_id=actor.person_id)
        return self.filter(opened_by_id=actor.person_id)

    def standing(self) -> Self:
        return self.exclude(state=AlertState.CLOSED)

    def about(self, person_id: UUID | None) -> Self:
        return self.filter(subject_id=person_id) if person_id is not None else self.none()

    def from_closed_hours(self) -> Self:
        """Raised outside duty hours and in nobody's hands yet: the first thing seen at the next opening."""
        return self.filter(state=AlertState.OPEN, counted_from__gt=F("opened_at")).order_by("opened_at")


class AlertClockQuerySet(ScopedQuerySet):
    reading = Can.SEE_ALERTS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the alerts seen: never of one about oneself."""
        alerts = self.model._meta.get_field("alert").related_model._default_manager.all()
        return self.filter(alert__in=alerts.within(actor, scope))


class AlertReviewQuerySet(ScopedQuerySet):
    reading = Can.HANDLE_ALERT

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the organisation, never of an alert about oneself."""
        return self.filter(organisation_id=actor.organisation_id).exclude(alert__subject_id=actor.person_id)

    def due(self, now: datetime) -> Self:
        return self.filter(done_at=None, due_at__lte=now)


class SealedContactQuerySet(ScopedQuerySet):
    """One's own only: nobody has a standing right to open another's (see `SealedOpening`)."""

    reading = Can.SEE_OWN_DATA

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(person_id=actor.person_id)


class SealedOpeningQuerySet(ScopedQuerySet):
    reading = Can.HANDLE_ALERT

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Staff see those of their organisation; whoever it was about sees, once told, that it was opened."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id).exclude(person_id=actor.person_id)
        return self.filter(person_id=actor.person_id).exclude(told_at=None)


class ReportQuerySet(ScopedQuerySet):
    reading = Can.HANDLE_REPORT

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id).exclude(reported_id=actor.person_id)
        return self.filter(reporter_id=actor.person_id)

    def pending(self) -> Self:
        return self.exclude(state=ReportState.ANSWERED)


class TalkRequestQuerySet(ScopedQuerySet):
    reading = Can.ANSWER_TALK

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(Q(person_id=actor.person_id))

    def waiting(self) -> Self:
        return self.filter(state__in=[TalkState.ASKED, TalkState.PROMISED])
