"""Which courses, cohorts, trainees, attestations and equivalences."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from vecu.agenda.enums import EnrolmentState, GatheringState
from vecu.agenda.models import Enrolment
from vecu.core.access import Actor, Scope
from vecu.core.models import ScopedQuerySet
from vecu.people.policy import Can
from vecu.training.enums import AttestationState, EquivalenceState


class CourseQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the organisation; else the ones I follow or have followed."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        trainees = self.model._meta.get_field("cohorts").related_model._default_manager
        mine = trainees.filter(course=OuterRef("pk"), trainees__person_id=actor.person_id)
        return self.filter(Exists(mine))

    def current(self) -> Self:
        return self.filter(is_current=True)


class CourseRowQuerySet(ScopedQuerySet):
    """Rows that hang on a course: seen by whoever sees the course."""

    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(course__cohorts__trainees__person_id=actor.person_id).distinct()


class CourseModuleQuerySet(CourseRowQuerySet):
    def with_pages(self) -> Self:
        """How many pages each has online."""
        return self.annotate(n_pages=Count("pages", distinct=True)).order_by("place")


class KnownCourseQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """The catalogue is for everyone of the organisation."""
        return self.filter(organisation_id=actor.organisation_id)

    def current(self) -> Self:
        return self.filter(is_current=True)


class CohortQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(trainees__person_id=actor.person_id)

    def not_cancelled(self) -> Self:
        return self.exclude(gathering__state=GatheringState.CANCELLED)

    def with_counts(self) -> Self:
        """How many have a place, and how many attestations stand."""
        enrolled = Q(gathering__enrolments__state=EnrolmentState.ENROLLED)
        issued = Q(attestations__state=AttestationState.VALID)
        return self.annotate(
            n_enrolled=Count("gathering__enrolments", filter=enrolled, distinct=True),
            n_issued=Count("attestations", filter=issued, distinct=True),
        )


class TraineeQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def with_place(self) -> Self:
        """Those who hold a place in their group: neither waiting for one, nor gone."""
        held = Enrolment.objects.enrolled().filter(gathering=OuterRef("cohort__gathering"))
        return self.filter(Exists(held.filter(person=OuterRef("person"))))


class KeptSeatsQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)

    def wanted(self) -> Self:
        """Asked for, and kept nowhere yet, or in a group that was cancelled."""
        nowhere = Q(cohort=None) | Q(cohort__gathering__state=GatheringState.CANCELLED)
        return self.filter(nowhere, released_at=None).order_by("created_at")


class TraineePaperQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(trainee__person_id=actor.person_id)


class SelfAssessmentQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Nobody's but one's own, however far one sees: of others, `standings` gives a group."""
        return self.filter(trainee__person_id=actor.person_id)


class ModulePageQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Those of the organisation; else of the courses in which I have a place."""
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        held = Enrolment.objects.enrolled().filter(person=actor.person_id).values("gathering_id")
        return self.filter(module__course__cohorts__gathering__in=held).distinct()


class PageSoundQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        pages = self.model._meta.get_field("page").related_model._default_manager
        held = Enrolment.objects.enrolled().filter(person=actor.person_id).values("gathering_id")
        mine = pages.filter(pk=OuterRef("page"), module__course__cohorts__gathering__in=held)
        return self.filter(Exists(mine))


class ModuleFollowingQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Nobody's but one's own: of others, `followings.of_group` counts by five."""
        return self.filter(trainee__person_id=actor.person_id)

    def ended(self) -> Self:
        return self.filter(ended_on__isnull=False)


class DiaryNoteQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """Nobody's but one's own, however far one sees."""
        return self.filter(trainee__person_id=actor.person_id)


class AssessmentQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        """One's own, and the other one of those one has written oneself."""
        mine = self.model._default_manager.filter(trainee=OuterRef("trainee"), assessor_id=actor.person_id)
        return self.filter(Exists(mine), organisation_id=actor.organisation_id)


class CourseReviewQuerySet(ScopedQuerySet):
    reading = Can.MANAGE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class AttestationQuerySet(ScopedQuerySet):
    reading = Can.SEE_TRAINING

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def standing(self) -> Self:
        """Issued and not withdrawn; it may be out of date."""
        return self.filter(state=AttestationState.VALID)

    def in_force(self, on: date | None = None) -> Self:
        day = on or timezone.localdate()
        return self.standing().filter(Q(expires_on=None) | Q(expires_on__gte=day), completed_on__lte=day)

    def newest(self) -> Self:
        """Those that none renewed: what ends next for someone."""
        later = self.model._default_manager.filter(replaces=OuterRef("pk"), state=AttestationState.VALID)
        return self.standing().filter(~Exists(later))

    def next_number(self, organisation_id: Any) -> int:
        """Numbers of an organisation follow each other and are never used twice. Its row is held by the caller."""
        last = self.filter(organisation_id=organisation_id).order_by("-number").values_list("number", flat=True)
        return int(last.first() or 0) + 1


class EngagementAttestationQuerySet(ScopedQuerySet):
    """One's own; for those who end engagements, the organisation's."""

    reading = Can.SEE_OWN_DATA

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)


class EquivalenceQuerySet(ScopedQuerySet):
    reading = Can.ASK_EQUIVALENCE

    def within(self, actor: Actor, scope: Scope) -> Self:
        if scope == Scope.ORGANISATION:
            return self.filter(organisation_id=actor.organisation_id)
        return self.filter(person_id=actor.person_id)

    def asked(self) -> Self:
        """Those nobody has looked at yet, the oldest first."""
        return self.filter(state=EquivalenceState.ASKED).order_by("asked_at", "pk")


class IssuerKeyQuerySet(ScopedQuerySet):
    reading = Can.ISSUE_ATTESTATION

    def within(self, actor: Actor, scope: Scope) -> Self:
        return self.filter(organisation_id=actor.organisation_id)
