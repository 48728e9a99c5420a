"""How missions end: by who leaves, by who asked, by the day that comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, actor_of, sign_in
from vecu.core.errors import Refused
from vecu.missions import actions, tasks
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.tests.factories import answer_of, answered, asked, letters_to, told, witness
from vecu.peers import actions as peer_actions
from vecu.people import actions as people_actions
from vecu.people.enums import StopReason

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class TestLeaving:
    """Whoever pauses, leaves or is stopped is asked nothing and counted on nowhere."""

    @pytest.mark.parametrize("how", ["pause", "leave", "stop", "suspend"])
    def test_standing_answers_end_and_nothing_is_written_to_them(self, cast: Cast, how: str) -> None:
        first, second = asked(cast), asked(cast)
        peer, claire = witness(cast, cast.helene), actor_of(cast.claire)
        [yes] = answered(cast, first, peer)
        actions.ask_peers(second, [peer], actor=claire)
        if how == "pause":
            peer_actions.pause(peer, actor=actor_of(cast.helene))
        elif how == "leave":
            peer_actions.end_engagement(peer, actor=claire)
        elif how == "stop":
            people_actions.stop_person(cast.helene, actor=claire, reason=StopReason.DISTRESS)
        else:
            people_actions.suspend_member(cast.helene, actor=claire, organisation=cast.committee)
        before = told(cast.helene)
        assert {row.state for row in MissionAnswer.objects.all()} == {AnswerState.WITHDRAWN}
        assert "mission_left" in told(cast.claire)
        with pytest.raises(Refused):
            actions.settle_mission(first, [yes], actor=claire)
        actions.close_mission(first, actor=claire)
        assert told(cast.helene) == before

    def test_whoever_was_chosen_weighs_nothing_any_more(self, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene)
        actions.settle_mission(mission, answered(cast, mission, peer), actor=actor_of(cast.claire))
        assert peer.load_entries.exists()
        peer_actions.pause(peer, actor=actor_of(cast.helene))
        assert answer_of(peer).state == AnswerState.WITHDRAWN
        assert not peer.load_entries.exists()

    def test_once_back_they_are_asked_again(self, client: Client, cast: Cast) -> None:
        mission, peer, claire = asked(cast), witness(cast, cast.helene), actor_of(cast.claire)
        [first] = answered(cast, mission, peer)
        peer_actions.pause(peer, actor=actor_of(cast.helene))
        sign_in(client, cast.claire)
        ask = {"people": [str(peer.pk)]}
        assert client.post(f"/missions/{mission.pk}/solliciter/", ask).status_code == 422  # still away
        peer_actions.come_back(peer, actor=actor_of(cast.helene))
        assert client.post(f"/missions/{mission.pk}/solliciter/", ask).status_code == 303
        again = answer_of(peer)
        assert (again.pk, again.state, again.can_come, again.told_at) == (first.pk, AnswerState.ASKED, None, None)
        assert told(cast.helene).count("mission") == 2
        actions.answer_mission(again, actor=actor_of(cast.helene), can_come=True)
        actions.settle_mission(mission, [again], actor=claire)
        assert answer_of(peer).state == AnswerState.CHOSEN
        with pytest.raises(Refused):
            actions.ask_peers(mission, [peer], actor=claire)

    def test_a_yes_for_a_day_after_their_return_stands(self, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene)
        answered(cast, mission, peer)
        peer_actions.pause(peer, actor=actor_of(cast.helene), until=timezone.localdate() + 10 * DAY)
        assert answer_of(peer).state == AnswerState.YES

    def test_who_is_away_that_day_is_named_and_not_chosen(self, cast: Cast) -> None:
        mission, here, away = asked(cast), witness(cast, cast.helene), witness(cast, cast.marc)
        rows = answered(cast, mission, here, away)
        day = timezone.localdate(mission.starts_at)
        peer_actions.add_absence(away, actor=actor_of(cast.marc, cast.committee), starts_on=day, ends_on=day)
        with pytest.raises(Refused, match="Marc"):
            actions.settle_mission(mission, rows, actor=actor_of(cast.claire))
        mission.refresh_from_db()
        assert mission.state == MissionState.ASKING
        actions.settle_mission(mission, rows[:1], actor=actor_of(cast.claire))


class TestEndings:
    def test_a_mission_in_memory_is_read_again(self, cast: Cast) -> None:
        mission, peer, other = asked(cast), witness(cast, cast.helene), witness(cast, cast.marc)
        answered(cast, mission, peer)
        stale = Mission.objects.get(pk=mission.pk)
        actions.close_mission(mission, actor=actor_of(cast.claire))
        for act in (
            lambda: actions.ask_peers(stale, [other], actor=actor_of(cast.claire)),
            lambda: actions.settle_mission(stale, [answer_of(peer)], actor=actor_of(cast.claire)),
        ):
            with pytest.raises(Refused):
                act()
        assert MissionAnswer.objects.count() == 1

    @pytest.mark.parametrize(
        ("how", "can_come", "words_read"),
        [
            ("settle", True, "Quelqu’un d’autre"),
            ("settle", False, "Pas cette fois"),
            ("close", True, "personne n’ira"),
            ("close", False, "Pas cette fois"),
            ("cancel", True, "plus besoin"),
            ("cancel", False, "plus besoin"),
            ("past", True, "jour est passé"),
        ],
    )
    def test_each_reads_how_it_ended_beside_what_they_said(
        self, client: Client, cast: Cast, how: str, can_come: bool, words_read: str
    ) -> None:
        mission, peer, claire = asked(cast), witness(cast, cast.helene), actor_of(cast.claire)
        answered(cast, mission, peer, can_come=can_come)
        if how == "settle":
            actions.settle_mission(mission, answered(cast, mission, witness(cast, cast.marc)), actor=claire)
        elif how == "past":
            assert actions.end_past(mission.starts_at) == 1
        else:
            (actions.close_mission if how == "close" else actions.cancel_mission)(mission, actor=claire)
        sign_in(client, cast.helene)
        page = client.get(f"/mes-missions/{answer_of(peer).pk}/").content.decode()
        assert words_read in page
        assert ("Quelqu’un d’autre" in page) == (how == "settle" and can_come)

    def test_no_longer_needed_says_so_and_frees_those_chosen(self, client: Client, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene)
        actions.settle_mission(mission, answered(cast, mission, peer), actor=actor_of(cast.claire))
        sign_in(client, cast.claire)
        url = f"/missions/{mission.pk}/"
        assert "not_needed" in client.get(url).content.decode()
        assert client.post(url + "personne/", {"ending": "not_needed"}).status_code == 303
        mission.refresh_from_db()
        assert (mission.state, answer_of(peer).state) == (MissionState.CANCELLED, AnswerState.THANKED)
        assert told(cast.helene)[-1] == "mission_thanked" and not peer.load_entries.exists()
        assert "plus besoin" in letters_to("anne@faculte.example")[-1]

    def test_a_day_that_has_come_ends_it_with_an_outcome(self, client: Client, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire))
        tasks.end_past(mission.starts_at - timedelta(minutes=1))
        assert Mission.objects.get().state == MissionState.ASKING
        Mission.objects.update(starts_at=timezone.now() - timedelta(minutes=5))
        with pytest.raises(Refused):
            actions.answer_mission(answer_of(peer), actor=actor_of(cast.helene), can_come=True)
        sign_in(client, cast.helene)
        page = client.get(f"/mes-missions/{answer_of(peer).pk}/").content.decode()
        assert "jour est passé" in page and 'value="yes"' not in page
        tasks.end_past(timezone.now())
        tasks.end_past(timezone.now())
        assert (Mission.objects.get().state, answer_of(peer).state) == (MissionState.PASSED, AnswerState.OVER)
        assert len(letters_to("anne@faculte.example")) == 2
        assert "Personne" not in letters_to("anne@faculte.example")[-1]
