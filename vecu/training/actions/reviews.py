"""What trainees think of a course. Nothing kept links an answer to anyone.

None of these verbs writes a line of the journal for an answer: its moment, beside who had signed in, would tell.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import journal, vault
from vecu.core.access import require
from vecu.core.crowds import SMALLEST_GROUP
from vecu.core.errors import Refused
from vecu.people.actor import Actor
from vecu.people.policy import Can
from vecu.training.enums import Agreement, Question
from vecu.training.models import Cohort, CourseReview, Trainee

OPEN_FOR = timedelta(days=30)
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Results:
    """What was answered, together: for each question, how many gave each answer (None when all gave the same: it would
    tell what each of them said); then own words, in no order."""

    answered: int
    questions: list[tuple[Question, list[tuple[Agreement, int]] | None]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def are_shown(self) -> bool:
        return bool(self.questions)


@transaction.atomic
def review_course(
    trainee: Trainee,
    answers: Mapping[str, str],
    *,
    actor: Actor,
    words: str = "",
    now: datetime | None = None,
) -> None:
    """Put one's answers in the bag: it is shuffled and sealed anew whole, own words apart from the rest. Once."""
    require(actor, Can.SEE_TRAINING, trainee)
    if trainee.person_id != actor.person_id:
        raise Refused("not_yours", _("Only those who followed the course give their view of it."))
    if set(answers) != set(Question.values) or not set(answers.values()) <= set(Agreement.values):
        raise Refused("incomplete", _("Choose one answer for each line."))
    review = _bag(trainee.cohort)
    if not is_open(trainee.cohort, now or timezone.now()) or review.closed_at is not None:
        raise Refused("closed", _("Views of this course are no longer collected, or not yet."))
    if not Trainee.objects.filter(pk=trainee.pk, has_reviewed=False).update(has_reviewed=True):
        raise Refused("twice", _("You have already given your view. It cannot be found again to be changed."))
    own = words.strip()[:LONGEST_WORDS]
    bags = {"answers": _stirred([*(review.answers or []), dict(answers)])}
    if own:
        bags["words"] = _stirred([*(review.words or []), own])
    _seal(review, bags)


@transaction.atomic
def close_review(cohort: Cohort, *, actor: Actor, now: datetime | None = None) -> CourseReview:
    """Nobody answers any more, and what was said is read if enough answered; else it is erased unread. Trainees have
    the month they were told of, unless all have answered."""
    require(actor, Can.MANAGE_TRAINING, cohort)
    review = _bag(cohort)
    if review.closed_at is not None:
        return review
    if not may_close(cohort, now or timezone.now()):
        raise Refused("too_early", _("Trainees have a month after the course to answer, and not all of them have."))
    if len(review.answers or []) < SMALLEST_GROUP:
        _seal(review, {"answers": [], "words": []})
    CourseReview.objects.filter(pk=review.pk).update(closed_at=now or timezone.now())
    review.refresh_from_db()
    journal.write(actor, "course_review.close", review)
    return review


def is_open(cohort: Cohort, now: datetime) -> bool:
    """From the last day of the course, for a month."""
    ends_at = cohort.gathering.ends_at
    return timezone.localdate(now) >= timezone.localdate(ends_at) and now <= ends_at + OPEN_FOR


def may_close(cohort: Cohort, now: datetime) -> bool:
    """The course is over, and either its month is too or nobody is left to answer."""
    ends_at = cohort.gathering.ends_at
    if now < ends_at:
        return False
    return now > ends_at + OPEN_FOR or not Trainee.objects.filter(cohort=cohort, has_reviewed=False).exists()


def read_results(cohort: Cohort, *, actor: Actor) -> Results | None:
    """None as long as it is open. Under the smallest group nothing is shown, nor how many answered."""
    require(actor, Can.MANAGE_TRAINING, cohort)
    review = CourseReview.objects.filter(cohort=cohort).exclude(closed_at=None).first()
    if review is None:
        return None
    given: list[dict[str, str]] = review.answers or []
    if len(given) < SMALLEST_GROUP:
        return Results(0)
    counted = [(question, _counts([one[question] for one in given])) for question in Question]
    return Results(len(given), counted, list(review.words or []))


def _counts(said: list[str]) -> list[tuple[Agreement, int]] | None:
    return [(answer, said.count(answer)) for answer in Agreement] if len(set(said)) > 1 else None


def erase_words(reviews: QuerySet[Any]) -> None:
    """Own words go first: a way of writing may be known."""
    for review in reviews:
        _seal(review, {"words": []})


def erase_reviews(reviews: QuerySet[Any]) -> None:
    """The key of each bag goes first."""
    for review in reviews:
        vault.destroy(review.vault_id)
        review.delete()


@transaction.atomic
def prepare_bag(cohort: Cohort) -> CourseReview:
    """Made with the cohort, long before anybody answers: its own day says nothing."""
    key = vault.new_key("training.review")
    review = CourseReview(organisation_id=cohort.organisation_id, cohort=cohort, vault=key, answers=[], words=[])
    review.save(force_insert=True)
    return review


def _bag(cohort: Cohort) -> CourseReview:
    """The bag of a cohort, held until it is written: two answers at the same second wait for each other."""
    return CourseReview.objects.select_for_update().get(cohort=cohort)


def _seal(review: CourseReview, bags: dict[str, list[Any]]) -> None:
    """Written without touching the day of the row: it would tell when the last answer came."""
    for name, bag in bags.items():
        setattr(review, name, bag)
    # `updated_at` is left out on purpose.
    review.save(update_fields=list(bags))


def _stirred(bag: list[Any]) -> list[Any]:
    """In an order nobody knows."""
    secrets.SystemRandom().shuffle(bag)
    return bag
