"""Courses and those who follow them, what attests it, and what is accepted in its place."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from vecu.core.crypto import EncryptedBinaryField, EncryptedJSONField, EncryptedTextField
from vecu.core.models import Row
from vecu.training.enums import (
    AttestationState,
    EquivalenceState,
    KnownKind,
    Moment,
    Paper,
    Qualification,
    RevocationReason,
    Standing,
)
from vecu.training.querysets import (
    AssessmentQuerySet,
    AttestationQuerySet,
    CohortQuerySet,
    CourseQuerySet,
    CourseReviewQuerySet,
    CourseRowQuerySet,
    EquivalenceQuerySet,
    IssuerKeyQuerySet,
    KnownCourseQuerySet,
    SelfAssessmentQuerySet,
    TraineePaperQuerySet,
    TraineeQuerySet,
)


class Course(Row):
    """What is taught: how long, in which modules, and what it gives. Lengths are in minutes.

    `is_proof`: a patient partner who has its attestation has the training that is asked of them.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organised by"), max_length=120)
    qualification = models.CharField(_("gives"), max_length=20, choices=Qualification.choices)
    minutes = models.PositiveIntegerField(_("length"))
    validity_months = models.PositiveSmallIntegerField(_("valid for, in months"), null=True, blank=True)
    is_proof = models.BooleanField(_("is the training asked of patient partners"), default=True)
    is_current = models.BooleanField(_("still given"), default=True)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title"],
                condition=Q(is_current=True),
                name="course_once",
                violation_error_message=_("There is already a course with this title."),
            ),
            models.CheckConstraint(
                condition=Q(minutes__gt=0),
                name="course_lasts",
                violation_error_message=_("Say how many hours it lasts."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CourseModule(Row):
    """One part of a course, as the attestation lists it."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveIntegerField(_("length"))

    objects = CourseRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("module")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["course", "place"], name="modules_in_order")]

    def __str__(self) -> str:
        return self.title


class Criterion(Row):
    """One thing a course teaches to do, as trainees and assessors look at it. Taken out, it stays for what was filled."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="criteria")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("criterion"), max_length=160)
    is_current = models.BooleanField(_("still looked at"), default=True)

    objects = CourseRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("criterion")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["course", "title"], name="criterion_once")]

    def __str__(self) -> str:
        return self.title


class KnownCourse(Row):
    """A training given elsewhere that people are told of: a university diploma, an association's, a hospital's."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=160)
    organiser = models.CharField(_("organised by"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=KnownKind.choices)
    qualification = models.CharField(_("gives"), max_length=20, choices=Qualification.choices)
    minutes = models.PositiveIntegerField(_("length"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    price = models.CharField(_("price"), max_length=80, blank=True)
    dates = models.CharField(_("dates"), max_length=160, blank=True)
    contact = models.CharField(_("how to enrol"), max_length=160, blank=True)
    checked_on = models.DateField(_("checked on"))
    is_current = models.BooleanField(_("still given"), default=True)

    objects = KnownCourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("known training")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


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
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = CourseReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("view of a course")

    def __str__(self) -> str:
        return f"review {self.pk}"


class Attestation(Row):
    """That someone followed a course to its end. Written once: what it says is a copy, whatever changes afterwards.

    `code` opens the public check page; it is sealed with its holder's key so that the same paper can be printed
    again, and looked up by `code_mark` only. A renewal is a new row that `replaces` the old one.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="attestations")
    course = models.ForeignKey(Course, models.PROTECT, related_name="attestations")
    cohort = models.ForeignKey(Cohort, models.SET_NULL, null=True, blank=True, related_name="attestations")
    number = models.PositiveIntegerField(_("number"))
    name = EncryptedTextField(_("name"), key="person.vault_id")
    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organised by"), max_length=120)
    qualification = models.CharField(_("gives"), max_length=20, choices=Qualification.choices)
    minutes = models.PositiveIntegerField(_("length"))
    content = models.JSONField(default=list)
    completed_on = models.DateField(_("obtained on"))
    issued_on = models.DateField(_("issued on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=AttestationState.choices, default=AttestationState.VALID)
    revoked_at = models.DateTimeField(_("withdrawn on"), null=True, blank=True)
    revoke_reason = models.CharField(_("why"), max_length=12, choices=RevocationReason.choices, blank=True)
    code = EncryptedTextField(key="person.vault_id")
    code_mark = models.CharField(max_length=64, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="renewals")
    clearance = models.ForeignKey("peers.Clearance", models.SET_NULL, null=True, blank=True, related_name="+")
    issued_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, related_name="+")

    objects = AttestationQuerySet.as_manager()

    class Meta:
        verbose_name = _("attestation")
        ordering = ["-issued_on", "-number"]
        indexes = [models.Index(fields=["organisation", "state", "expires_on"])]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="attestation_numbers"),
            models.UniqueConstraint(fields=["code_mark"], condition=~Q(code_mark=""), name="attestation_codes"),
            models.UniqueConstraint(
                fields=["cohort", "person"],
                condition=Q(state=AttestationState.VALID, replaces=None),
                name="attestation_once_a_cohort",
                violation_error_message=_("This person already has the attestation of this cohort."),
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("completed_on")),
                name="attestation_in_order",
                violation_error_message=_("It ends before it starts."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(state=AttestationState.VALID, revoked_at=None, revoke_reason="")
                    | (Q(state=AttestationState.REVOKED, revoked_at__isnull=False) & ~Q(revoke_reason=""))
                ),
                name="attestation_revoked_with_reason",
                violation_error_message=_("Say why it is withdrawn."),
            ),
        ]

    def __str__(self) -> str:
        return f"attestation {self.number}"

    @property
    def is_revoked(self) -> bool:
        return self.state == AttestationState.REVOKED

    def is_over(self, on: date | None = None) -> bool:
        """Out of date that day; the last day still counts."""
        return self.expires_on is not None and self.expires_on < (on or timezone.localdate())


class Equivalence(Row):
    """A diploma someone asks to have accepted in place of a training, with its proof sealed under a key of its own."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.CASCADE, related_name="equivalences")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    qualification = models.CharField(_("in place of"), max_length=20, choices=Qualification.choices)
    diploma = EncryptedTextField(_("diploma"), key="vault_id", max_length=200)
    obtained_on = models.DateField(_("obtained on"))
    proof = EncryptedBinaryField(key="vault_id")
    state = models.CharField(max_length=10, choices=EquivalenceState.choices, default=EquivalenceState.ASKED)
    asked_at = models.DateTimeField(_("sent"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey("people.Person", models.SET_NULL, null=True, blank=True, related_name="+")
    answer = EncryptedTextField(_("answer to the person"), key="vault_id", blank=True, max_length=500)
    clearance = models.ForeignKey("peers.Clearance", models.SET_NULL, null=True, blank=True, related_name="+")

    objects = EquivalenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("equivalence")
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "person", "qualification"],
                condition=Q(state__in=(EquivalenceState.ASKED, EquivalenceState.ACCEPTED)),
                name="equivalence_once",
                violation_error_message=_("A diploma was already sent for this: it is being looked at, or accepted."),
            ),
            models.CheckConstraint(
                condition=Q(state=EquivalenceState.ASKED, decided_at=None)
                | (~Q(state=EquivalenceState.ASKED) & Q(decided_at__isnull=False)),
                name="equivalence_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"equivalence {self.pk}"


class IssuerKey(Row):
    """The key with which an organisation signs its badges; its secret half never leaves the vault."""

    organisation = models.OneToOneField("people.Organisation", models.PROTECT, related_name="+")
    vault = models.ForeignKey("core.DataKey", models.PROTECT, related_name="+")
    public = models.CharField(max_length=44)
    secret = EncryptedBinaryField(key="vault_id")

    objects = IssuerKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("key of badges")

    def __str__(self) -> str:
        return f"issuer {self.organisation_id}"
