"""The same hour, the same draft, the same second: on PostgreSQL, where two transactions really run side by side."""

from __future__ import annotations

import pytest

from tests.races import at_once
from vecu.core.errors import Refused
from vecu.people.actor import PUBLIC
from vecu.recruitment.actions import applications, drafts, interviews
from vecu.recruitment.models import Application, ApplicationDraft, InterviewSlot
from vecu.recruitment.tests.factories import Team, told

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_an_hour_goes_to_one() -> None:
    team = Team()
    slot, people = team.offer(), [team.apply() for _ in range(4)]
    for application in people:
        interviews.invite(application, actor=team.coordinator)
    outcomes = at_once(
        *(
            lambda mine=mine: interviews.book(
                Application.objects.get(pk=mine.pk),
                InterviewSlot.objects.get(pk=slot.pk),
                actor=applications.holder(mine),
            )
            for mine in people
        )
    )
    assert sorted(outcomes) == ["done", "taken", "taken", "taken"]


def test_a_draft_sent_twice_is_one_application() -> None:
    team, draft = Team(), None
    for step in drafts.STEPS:
        draft = drafts.save_step(
            draft, step, told()[step], actor=PUBLIC, recruitment=team.recruitment, profile="witness"
        )
    key = draft.pk

    def send() -> None:
        found = drafts.find_draft(str(key))
        if found is None:
            raise Refused("already_sent", "")
        drafts.send_draft(found, actor=PUBLIC)

    assert sorted(at_once(send, send)) == ["already_sent", "done"]
    assert (Application.objects.count(), ApplicationDraft.objects.count()) == (1, 0)


def test_numbers_never_collide() -> None:
    team = Team()
    assert at_once(*[team.apply] * 4) == ["done"] * 4
    assert sorted(Application.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
