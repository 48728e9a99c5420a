"""Which applications, slots, interviews and letters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.enums import Role
from vecu.people.policy import Can
from vecu.recruitment.enums import ApplicationState, CampaignState


class RecruitmentQuerySet(ScopedQuerySet):
    reading = Can.APPLY

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Open ones are public; those who manage see their own, open or not."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(is_open=True)


class CampaignQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_RECRUITMENT

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those who recruit see theirs, whatever their state; everyone may answer one that runs."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.running()

    def running(self, on: date | None = None) -> Self:
        """Open, begun and not over, where applications are open for its role."""
        day = on or timezone.localdate()
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            state=CampaignState.OPEN,
            starts_on__lte=day,
            organisation__recruitment__is_open=True,
        )

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "pk")

    def over(self, on: date) -> Self:
        """Open still, though their last day is behind."""
        return self.filter(state=CampaignState.OPEN, ends_on__lt=on)

    def for_need(self, *, code: str, kind: str, age_class: str, departement: str) -> Self:
        """Those that look for this: a part left empty looks for all."""
        return self.filter(
            Q(age_class="") | Q(age_class=age_class),
            Q(departement="") | Q(departement=departement),
            code=code,
            kind=kind,
        )


class HereQuerySet(ScopedQuerySet):
    """Rows of the organisation, for those who recruit there."""

    reading = Can.MANAGE_RECRUITMENT

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class ApplicationQuerySet(ScopedQuerySet):
    reading = Can.SEE_APPLICATIONS

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those who coordinate see all of the organisation; a psychologist those whom they meet or have met; someone
        retained, their own."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if scope == Scope.ASSIGNED:
            met = self.model._meta.get_field("slots").related_model._default_manager
            mine = met.filter(host_id=actor.person_id).exclude(application=None).values("application_id")
            return self.filter(organisation_id=actor.organisation_id, pk__in=mine)
        if actor.person_id is None:
            return self.none()
        return self.filter(person_id=actor.person_id)

    def standing(self) -> Self:
        """An answer is owed."""
        return self.filter(state__in=ApplicationState.standing())

    def late_first(self) -> Self:
        """The answer due the longest ago comes first."""
        return self.order_by("answer_by", "received_at", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-moved_at", "pk")

    def due_in(self, state: ApplicationState, now: datetime, today: date) -> Self:
        """What those who coordinate find on arriving, of one state: new applications, late answers, days to talk
        again. The answer due the longest ago comes first: an index holds them in this order."""
        conditions = {
            ApplicationState.RECEIVED: Q(),
            ApplicationState.DEFERRED: Q(talk_again_on__lte=today),
        }
        return self.filter(conditions.get(state, Q(answer_by__lt=now)), state=state).late_first()


class ApplicationRowQuerySet(ScopedQuerySet):
    """Rows that hang on an application."""

    reading = Can.SEE_APPLICATIONS

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        if scope == Scope.ASSIGNED:
            return self.filter(
                organisation_id=actor.organisation_id, application__slots__host_id=actor.person_id
            ).distinct()
        if actor.person_id is None:
            return self.none()
        return self.filter(application__person_id=actor.person_id)


class DecisionQuerySet(ApplicationRowQuerySet):
    def within(self, actor: Actor, scope: Scope) -> Self:
        """Of a psychologist: those they have met, not those whom they were to meet."""
        if scope == Scope.ASSIGNED:
            return self.filter(
                organisation_id=actor.organisation_id, application__interviews__host_id=actor.person_id
            ).distinct()
        return super().within(actor, scope)


class LetterQuerySet(ApplicationRowQuerySet):
    reading = Can.DECIDE_APPLICATION


class SlotQuerySet(ScopedQuerySet):
    reading = Can.HOLD_INTERVIEW

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those who coordinate see who is met when; whoever holds interviews sees their own hours."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(organisation_id=actor.organisation_id, host_id=actor.person_id)

    def free(self, now: datetime) -> Self:
        """To come, and chosen by nobody."""
        return self.filter(application=None, starts_at__gt=now)

    def booked(self, application_id: UUID) -> Self:
        """Chosen by this person, and not yet over."""
        return self.filter(application_id=application_id, closed_at=None)

    def to_remind(self, now: datetime, until: datetime) -> Self:
        return self.filter(
            closed_at=None, reminded_at=None, starts_at__gt=now, starts_at__lte=until, application__isnull=False
        )

    def to_record(self, now: datetime) -> Self:
        """The hour has passed, and nobody has said what came of it."""
        return self.filter(closed_at=None, ends_at__lt=now, application__isnull=False)


class InterviewQuerySet(ApplicationRowQuerySet):
    """A code and a date: for whoever sees the application."""


class GuideQuerySet(ScopedQuerySet):
    reading = Can.HOLD_INTERVIEW

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Whoever held the interview; those who coordinate also read the guides of one another, never a
        psychologist's."""
        own = Q(interview__host_id=actor.person_id)
        if scope == Scope.ORGANISATION:
            own |= Q(interview__held_as=Role.COORDINATOR)
        return self.filter(own, organisation_id=actor.organisation_id)


class NoteQuerySet(ScopedQuerySet):
    reading = Can.KEEP_INTERVIEW_NOTES

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Whoever wrote them, and nobody else, whatever their role."""
        if actor.person_id is None:
            return self.none()
        return self.filter(organisation_id=actor.organisation_id, interview__host=F("author"), author=actor.person_id)
