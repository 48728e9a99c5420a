"""What is taught here, and what is known to be taught elsewhere."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vecu.core.models import Row
from vecu.training.enums import (
    KnownKind,
    Qualification,
)
from vecu.training.querysets import (
    CourseModuleQuerySet,
    CourseQuerySet,
    CourseRowQuerySet,
    KnownCourseQuerySet,
)


class Course(Row):
    """What is taught: how long, in which modules, and what it gives. Lengths are in minutes.

    `is_proof`: a patient partner who has its attestation has the training that is asked of them. `online_minutes`: at
    most so much of the length may be followed online; none unless it is said.
    """

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=120)
    organiser = models.CharField(_("organised by"), max_length=120)
    qualification = models.CharField(_("gives"), max_length=20, choices=Qualification.choices)
    minutes = models.PositiveIntegerField(_("length"))
    online_minutes = models.PositiveIntegerField(_("online, at most"), default=0)
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
            models.CheckConstraint(
                condition=Q(online_minutes__lt=F("minutes")),
                name="course_is_not_all_online",
                violation_error_message=_("What counts online must be less than the course: people meet too."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CourseModule(Row):
    """One part of a course, as the attestation lists it; it may have pages online, said to take `online_minutes`."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules")
    place = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=160)
    minutes = models.PositiveIntegerField(_("length"))
    online_minutes = models.PositiveIntegerField(_("time to follow it online"), default=0)

    objects = CourseModuleQuerySet.as_manager()

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
