"""What trainees think of a course: nothing kept links an answer to anyone, and few are never read."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from vecu.core.errors import Denied, Refused
from vecu.core.models import JournalEntry
from vecu.training import actions
from vecu.training.models import Cohort, CourseReview, Trainee
from vecu.training.tests.factories import make_short_cohort
from vecu.training.tests.test_looks import someone

DAY = timedelta(days=1)
GLAD = {"welcome": "yes", "useful": "rather", "pace": "little", "together": "yes"}


@pytest.fixture
def cohort(world: SimpleNamespace) -> Cohort:
    """It ended yesterday."""
    return make_short_cohort(world, timezone.now() - DAY, learners=["marc"])


def answer(world: SimpleNamespace, cohort: Cohort, count: int, words: str = "") -> None:
    for number in range(count):
        trainee, actor = someone(world, cohort)
        actions.review_course(trainee, GLAD, actor=actor, words=words and f"{words} {number}")


def month_after(cohort: Cohort) -> datetime:
    """Nobody answers any more."""
    return cohort.gathering.ends_at + timedelta(days=31)


def marc_of(world: SimpleNamespace, cohort: Cohort) -> Trainee:
    return cohort.trainees.get(person=world.people["marc"])


def test_read_once_closed_and_only_from_five(world: SimpleNamespace, cohort: Cohort) -> None:
    answer(world, cohort, 5, "Merci")
    actions.review_course(marc_of(world, cohort), {**GLAD, "pace": "no"}, actor=world.marc)
    assert actions.read_results(cohort, actor=world.sabine) is None, "not before it is closed"
    actions.close_review(cohort, actor=world.sabine)
    results = actions.read_results(cohort, actor=world.sabine)
    assert results is not None and results.answered == 6
    counts = {question: line and [n for _answer, n in line] for question, line in results.questions}
    assert counts["pace"] == [0, 0, 5, 1]
    assert counts["welcome"] is counts["useful"] is counts["together"] is None, "all said the same: it tells of each"
    assert sorted(results.words) == [f"Merci {n}" for n in range(5)]


def test_four_are_erased_unread(world: SimpleNamespace, cohort: Cohort) -> None:
    answer(world, cohort, 4, "Merci")
    actions.close_review(cohort, actor=world.sabine, now=month_after(cohort))
    results = actions.read_results(cohort, actor=world.sabine)
    assert results is not None and not results.are_shown and results.answered == 0 and not results.words
    review = CourseReview.objects.get(cohort=cohort)
    assert review.answers == review.words == []


def test_nothing_kept_leads_from_an_answer_to_a_person(world: SimpleNamespace, cohort: Cohort) -> None:
    """Neither a row, nor a moment, nor an order, nor a line of the journal."""
    bag = CourseReview.objects.get(cohort=cohort)
    marc = marc_of(world, cohort)
    lines = JournalEntry.objects.count()
    actions.review_course(marc, GLAD, actor=world.marc, words="Merci")
    assert JournalEntry.objects.count() == lines
    after = CourseReview.objects.get(cohort=cohort)
    assert (after.created_at, after.updated_at) == (bag.created_at, bag.updated_at)
    assert Trainee.objects.get(pk=marc.pk).updated_at == marc.updated_at
    assert after.answers == [GLAD] and after.words == ["Merci"], "own words lie apart from the rest"
    names = {field.name for field in CourseReview._meta.get_fields()}
    assert names == {
        *("id", "created_at", "updated_at", "organisation", "cohort", "vault"),
        "answers",
        "words",
        "closed_at",
    }


def test_the_order_says_nothing(world: SimpleNamespace, cohort: Cohort) -> None:
    """Twenty sets of own words: the chance that a fair shuffle leaves them in order is nil."""
    answer(world, cohort, 20, "Avis")
    words = CourseReview.objects.get(cohort=cohort).words
    assert sorted(words) == sorted(f"Avis {n}" for n in range(20)) and words != [f"Avis {n}" for n in range(20)]


def test_refused(world: SimpleNamespace, cohort: Cohort) -> None:
    marc = marc_of(world, cohort)
    for wrong in ({}, {**GLAD, "pace": "12"}, {**GLAD, "name": "yes"}):
        with pytest.raises(Refused):
            actions.review_course(marc, wrong, actor=world.marc)
    with pytest.raises(Refused):
        actions.review_course(marc, GLAD, actor=world.sabine)
    with pytest.raises(Denied):
        actions.review_course(marc, GLAD, actor=world.nadege)
    for when in (cohort.gathering.ends_at - timedelta(days=2), cohort.gathering.ends_at + timedelta(days=31)):
        with pytest.raises(Refused):
            actions.review_course(marc, GLAD, actor=world.marc, now=when)
    actions.review_course(marc, GLAD, actor=world.marc)
    with pytest.raises(Refused):
        actions.review_course(marc, GLAD, actor=world.marc)
    assert len(CourseReview.objects.get(cohort=cohort).answers) == 1


def test_closed_for_good_and_not_before_the_end(world: SimpleNamespace, cohort: Cohort) -> None:
    with pytest.raises(Refused):
        actions.close_review(cohort, actor=world.sabine, now=cohort.gathering.ends_at - DAY)
    actions.close_review(cohort, actor=world.sabine, now=month_after(cohort))
    with pytest.raises(Refused):
        actions.review_course(marc_of(world, cohort), GLAD, actor=world.marc)
    for stranger in (world.solene, world.marc, world.youssef):
        with pytest.raises(Denied):
            actions.read_results(cohort, actor=stranger)


def test_not_before_their_month_is_over_unless_all_have_answered(world: SimpleNamespace, cohort: Cohort) -> None:
    """They were told a month: whoever is slow is not shut out."""
    answer(world, cohort, 5)
    for when in (timezone.now(), cohort.gathering.ends_at + timedelta(days=30)):
        with pytest.raises(Refused, match="too_early"):
            actions.close_review(cohort, actor=world.sabine, now=when)
    actions.review_course(marc_of(world, cohort), GLAD, actor=world.marc)
    assert actions.close_review(cohort, actor=world.sabine).closed_at is not None


def test_own_words_go_first(world: SimpleNamespace, cohort: Cohort) -> None:
    answer(world, cohort, 5, "Merci")
    actions.close_review(cohort, actor=world.sabine, now=month_after(cohort))
    actions.erase_words(CourseReview.objects.filter(cohort=cohort))
    results = actions.read_results(cohort, actor=world.sabine)
    assert results is not None and results.answered == 5 and not results.words


def test_pages(world: SimpleNamespace, cohort: Cohort, enter: Any) -> None:
    answer(world, cohort, 4)
    group, close = (reverse(name, args=[cohort.pk]) for name in ("cohort_standing", "review_close"))
    said = enter("sabine").get(group).text
    assert close not in said and "Les réponses sont ouvertes jusqu’au" in said
    marc = marc_of(world, cohort)
    page, client = reverse("course_review", args=[marc.pk]), enter("marc")
    assert page in client.get(reverse("own_training")).text
    assert client.post(page, {"welcome": "yes"}).status_code == 422
    assert client.post(page, {**GLAD, "words": "Trop court."}).status_code == 303
    assert "Vous avez donné votre avis" in client.get(page).text
    client = enter("sabine")
    assert "Trop court." not in client.get(group).text
    assert client.post(reverse("review_close", args=[cohort.pk])).status_code == 303
    assert "Trop court." in client.get(group).text
    assert enter("sabine").get(page).status_code == 404
    for name, status in (("marc", 403), ("youssef", 404)):
        assert enter(name).post(reverse("review_close", args=[cohort.pk])).status_code == status
