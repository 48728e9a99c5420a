"""Missions at the same second: on PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

from functools import partial

import pytest

from tests.cast import Cast, actor_of
from tests.races import at_once
from vecu.agenda import actions as agenda
from vecu.agenda.models import Enrolment, Gathering
from vecu.missions import actions
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.tests.factories import answered, asked, witness
from vecu.peers.models import LoadEntry
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, PersonFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 3


def test_two_coordinators_choose_the_only_one_asked_for(cast: Cast) -> None:
    other = PersonFactory()
    MembershipFactory(person=other, organisation=cast.committee, role=Role.COORDINATOR)
    peers = [witness(cast, person) for person in (cast.helene, cast.marc)]
    for number in range(1, ROUNDS + 1):
        mission = asked(cast, wanted=1)
        answers = answered(cast, mission, *peers)
        chooses = [
            partial(actions.settle_mission, Mission.objects.get(pk=mission.pk), [answer], actor=actor_of(person))
            for answer, person in zip(answers, (cast.claire, other), strict=True)
        ]
        assert sorted(at_once(*chooses)) == ["changed", "done"]
        assert MissionAnswer.objects.filter(mission=mission, state=AnswerState.CHOSEN).count() == 1
        assert (Gathering.objects.count(), Enrolment.objects.count(), LoadEntry.objects.count()) == (number, number, 1)
        LoadEntry.objects.all().delete()
        MissionAnswer.objects.all().delete()


def test_cancelled_here_and_in_the_agenda_it_ends_once(cast: Cast) -> None:
    for _round in range(ROUNDS):
        mission, claire = asked(cast), actor_of(cast.claire)
        actions.settle_mission(mission, answered(cast, mission, witness(cast, cast.helene)), actor=claire)
        copy, day = Mission.objects.get(pk=mission.pk), Gathering.objects.get(pk=mission.gathering_id)
        came = at_once(
            partial(actions.cancel_mission, copy, actor=claire), partial(agenda.cancel_gathering, day, actor=claire)
        )
        assert "done" in came
        mission.refresh_from_db()
        assert (mission.state, mission.gathering.state) == (MissionState.CANCELLED, "cancelled")
        MissionAnswer.objects.all().delete()
        cast.helene.peers.all().delete()
