"""Those who follow a course together, where they stand, and what they think of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedJSONField
from vecu.core.models import Row
from vecu.training.enums import Moment, Paper, Standing
from vecu.training.models.courses import Course
from vecu.training.querysets import (
    AssessmentQuerySet,
    CohortQuerySet,
    CourseReviewQuerySet,
    KeptSeatsQuerySet,
    SelfAssessmentQuerySet,
    TraineePaperQuerySet,
    TraineeQuerySet,
)


class Cohort(Row):
    """Those who follow a course together: its days, places and presence are those of its gathering."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    gathering = models.OneToOneField("agenda.Gathering", models.CASCADE, related_name="cohort")

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")

    def __str__(self) -> str:
        return f"cohort {self.pk}"


class KeptSeats(Row):
    """Seats asked for people still looked for (`about` and `number` are those of their recruitment); once a cohort is
    chosen, kept there until they come."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    about = models.UUIDField(unique=True)
    number = models.PositiveIntegerField(_("campaign"))
    asked = models.PositiveSmallIntegerField(_("seats asked"))
    cohort = models.ForeignKey(Cohort, models.CASCADE, null=True, blank=True, related_name="kept_seats")
    kept = models.PositiveSmallIntegerField(_("seats kept"), default=0)
    used = models.PositiveSmallIntegerField(_("seats taken by them"), default=0)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = KeptSeatsQuerySet.as_manager()

    class Meta:
        verbose_name = _("seats kept for a recruitment")
        constraints = [
            models.CheckConstraint(condition=Q(used__lte=F("kept")), name="seats_used_once"),
            models.CheckConstraint(condition=Q(kept=0) | Q(cohort__isnull=False), name="seats_kept_somewhere"),
        ]

    def __str__(self) -> str:
        return f"seats for {self.number}"

    @property
    def left(self) -> int:
        return 0 if self.released_at else self.kept - self.used


class Trainee(Row):
    """Someone in a cohort, as a patient, a relative or a professional. Their place is an enrolment of the agenda."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="trainees")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="trainees")
    standing = models.CharField(_("comes as"), max_length=12, choices=Standing.choices)
    # That they gave their view of the course, never when nor what: see CourseReview.
    has_reviewed = models.BooleanField(_("gave their view"), default=False)

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        constraints = [models.UniqueConstraint(fields=["cohort", "person"], name="trainee_once")]

    def __str__(self) -> str:
        return f"trainee {self.pk}"


class TraineePaper(Row):
    """One paper of a trainee, received on a day."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="papers")
    kind = models.CharField(_("paper"), max_length=20, choices=Paper.choices)
    received_on = models.DateField(_("received on"))

    objects = TraineePaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper of a trainee")
        constraints = [models.UniqueConstraint(fields=["trainee", "kind"], name="paper_once")]

    def __str__(self) -> str:
        return self.kind


class SelfAssessment(Row):
    """Where a trainee says they stand, before or after: theirs, sealed under their own key. Others see a group only."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="self_assessments")
    moment = models.CharField(_("moment"), max_length=8, choices=Moment.choices)
    levels = EncryptedJSONField(_("levels"), key="trainee.person.vault_id")

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["trainee", "moment"], name="self_assessment_once")]

    def __str__(self) -> str:
        return f"self-assessment {self.moment}"


class Assessment(Row):
    """Where an assessor says a trainee stands. Two look apart; each reads the other's only once both are written."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    trainee = models.ForeignKey(Trainee, models.CASCADE, related_name="assessments")
    assessor = models.ForeignKey("people.Person", models.CASCADE, related_name="+")
    levels = EncryptedJSONField(_("levels"), key="trainee.person.vault_id")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["trainee", "assessor"], name="assessment_once")]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class CourseReview(Row):
    """What those of a cohort think of the course, in one sealed bag: no line of anyone, no moment, no order.

    `answers` and `words` are shuffled lists written anew with each answer, apart from each other; who answered is a
    mark on the trainee, without a date. Read only once closed, and only if enough people answered.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    cohort = models.OneToOneField(Cohort, models.CASCADE, related_name="review")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    answers = EncryptedJSONField(_("answers"), key="vault_id")
    words = EncryptedJSONField(_("own words"), key="vault_id")
    closed_at = models.DateTimeField(_("closed for good"), null=True, blank=True)

    objects = CourseReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view of a course")

    def __str__(self) -> str:
        return f"review {self.pk}"
