"""Where trainees stand: as they say themselves before and after, and as two assessors see it apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal
from vecu.core.access import require
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.training.actions import rows
from vecu.training.enums import Level, Moment
from vecu.training.models import Assessment, Course, Criterion, SelfAssessment, Trainee

MOST_CRITERIA = 20
ASSESSORS = 2


@transaction.atomic
def set_criteria(course: Course, titles: Sequence[str], *, actor: Actor) -> list[Criterion]:
    """What is looked at in this course, in this order. One taken out stays with the grids already filled."""
    require(actor, Can.MANAGE_TRAINING, course)
    wanted = list(dict.fromkeys(title.strip() for title in titles if title.strip()))
    if len(wanted) > MOST_CRITERIA:
        raise Refused("too_many", _("Choose %(most)s things to look at, at most.") % {"most": MOST_CRITERIA})
    Criterion.objects.filter(course=course).exclude(title__in=wanted).update(is_current=False)
    kept = []
    for place, title in enumerate(wanted):
        held = Criterion.objects.filter(course=course, title=title).first()
        row = held or Criterion(organisation_id=course.organisation_id, course=course, title=title)
        row.place, row.is_current = place, True
        rows.checked(row)
        row.save()
        kept.append(row)
    journal.write(actor, "course.criteria", course)
    return kept


@transaction.atomic
def assess_self(
    trainee: Trainee, moment: str, levels: Mapping[str, str], *, actor: Actor, now: datetime | None = None
) -> SelfAssessment:
    """Say where one stands, once at the beginning and once at the end. What was said is not changed afterwards: the
    group of which it is part may already have been read."""
    require(actor, Can.SEE_TRAINING, trainee)
    if trainee.person_id != actor.person_id:
        raise Refused("not_yours", _("Only the person themselves says where they stand."))
    if moment not in open_moments(trainee, now or timezone.now()):
        raise Refused("not_now", _("This is not asked now, or you have already answered."))
    row = SelfAssessment(
        organisation_id=trainee.organisation_id, trainee=trainee, moment=moment, levels=_levels(trainee, levels)
    )
    row.save(force_insert=True)
    journal.write(actor, "self_assessment.write", row, subject=trainee.person_id)
    return row


def open_moments(trainee: Trainee, now: datetime) -> list[str]:
    """What may be answered now: the beginning until the last day, the end from the last day on."""
    gathering = trainee.cohort.gathering
    last_day = timezone.localdate(gathering.ends_at)
    is_last = timezone.localdate(now) >= last_day
    moment = Moment.AFTER if is_last else Moment.BEFORE
    done = SelfAssessment.objects.filter(trainee=trainee).values_list("moment", flat=True)
    return [] if moment in set(done) else [moment.value]


@transaction.atomic
def assess(trainee: Trainee, levels: Mapping[str, str], *, actor: Actor) -> Assessment:
    """One assessor's look. Alone, it may be changed; once two have looked, both read both and neither changes."""
    require(actor, Can.MANAGE_TRAINING, trainee)
    if trainee.person_id == actor.person_id:
        raise Refused("own", _("Somebody else looks at where you stand."))
    # Two assessors at the same second wait for each other: there is no third.
    Trainee.objects.select_for_update().get(pk=trainee.pk)
    given = list(Assessment.objects.filter(trainee=trainee))
    own = next((row for row in given if row.assessor_id == actor.person_id), None)
    if len(given) >= ASSESSORS:
        raise Refused("both_done", _("Two people have already looked: it is not changed any more."))
    row = own or Assessment(organisation_id=trainee.organisation_id, trainee=trainee, assessor_id=actor.person_id)
    row.levels = _levels(trainee, levels)
    row.save()
    journal.write(actor, "assessment.write", row, subject=trainee.person_id)
    return row


def _levels(trainee: Trainee, levels: Mapping[str, str]) -> dict[str, str]:
    """A level of the list for each thing looked at, by its key."""
    asked = Criterion.objects.filter(course=trainee.cohort.course_id, is_current=True).values_list("pk", flat=True)
    keys = {str(key) for key in asked}
    if not keys:
        raise Refused("no_criteria", _("Nothing to look at was written for this course yet."))
    if set(levels) != keys or not set(levels.values()) <= set(Level.values):
        raise Refused("incomplete", _("Choose one answer for each line."))
    return dict(levels)
