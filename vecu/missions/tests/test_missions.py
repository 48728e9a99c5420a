"""From « two patients, breast cancer, 14 May » to a reply for everyone who answered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from tests.cast import Cast, actor_of
from vecu.core import jobs
from vecu.core.errors import Refused
from vecu.core.tables import DataKey
from vecu.missions import actions, tasks, words
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.fitting import fitting
from vecu.missions.models import Mission, MissionAnswer
from vecu.missions.tests.factories import answer_of, asked, told, witness
from vecu.peers import actions as peer_actions
from vecu.peers.enums import Activity, LoadKind
from vecu.peers.tests.factories import ExperienceFactory, PassportFactory, PeerFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


class TestWholeWay:
    def test_everyone_who_answered_gets_a_reply_and_the_asker_an_outcome(self, cast: Cast) -> None:
        first, second, third, silent = (
            witness(cast, person) for person in (cast.helene, cast.marc, cast.bertrand, cast.etienne)
        )
        mission, claire = asked(cast), actor_of(cast.claire)
        actions.ask_peers(mission, [first, second, third, silent], actor=claire)
        for peer, can_come in ((first, True), (second, True), (third, False)):
            actions.answer_mission(answer_of(peer), actor=actor_of(peer.person, cast.committee), can_come=can_come)
        actions.settle_mission(mission, [answer_of(first)], actor=claire)
        assert [answer_of(one).state for one in (first, second, third, silent)] == [
            AnswerState.CHOSEN,
            AnswerState.THANKED,
            AnswerState.THANKED,
            AnswerState.OVER,
        ]
        assert told(first.person)[-1] == "mission_chosen"
        assert told(second.person)[-1] == told(third.person)[-1] == "mission_thanked"
        assert told(silent.person) == ["mission"]
        assert first.load_entries.get().kind == LoadKind.TESTIMONY
        jobs.run_due(now=timezone.now() + timedelta(minutes=5))
        letters = [one for one in mail.outbox if one.to == ["anne@faculte.example"]]
        assert len(letters) == 2
        for one in mail.outbox:
            assert not re.search("cancer|sein|Faculté|Hélène|Dubreuil", f"{one.subject} {one.body}")

    def test_an_answer_is_changed_until_somebody_is_chosen(self, cast: Cast) -> None:
        peer, mission = witness(cast, cast.helene), asked(cast)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire))
        me = actor_of(cast.helene)
        actions.answer_mission(answer_of(peer), actor=me, can_come=True)
        actions.answer_mission(answer_of(peer), actor=me, can_come=False)
        with pytest.raises(Refused):
            actions.settle_mission(mission, [answer_of(peer)], actor=actor_of(cast.claire))
        mission.refresh_from_db()
        assert mission.state == MissionState.ASKING
        actions.close_mission(mission, actor=actor_of(cast.claire))
        with pytest.raises(Refused):
            actions.answer_mission(answer_of(peer), actor=me, can_come=True)
        assert told(cast.helene)[-1] == "mission_thanked"

    def test_only_those_who_fit_are_asked(self, cast: Cast) -> None:
        fits = witness(cast, cast.helene)
        refuses = witness(cast, cast.marc)
        PassportFactory(peer=refuses, activity=Activity.TESTIMONY, refused_codes=["cancer_sein"])
        unready = PeerFactory(organisation=cast.committee, profiles=["witness"], lived=["cancer_sein"])
        companion = PeerFactory(organisation=cast.committee, ready=True, lived=["cancer_sein"])
        elsewhere = PeerFactory(
            organisation=cast.other_hospital, ready=True, profiles=["witness"], lived=["cancer_sein"]
        )
        other = PeerFactory(organisation=cast.committee, ready=True, profiles=["witness"], lived=["sep"])
        mission, claire = asked(cast), actor_of(cast.claire)
        assert [one.peer for one in fitting(mission, claire) if one.fits] == [fits]
        for peer in (refuses, unready, companion, elsewhere, other):
            with pytest.raises(Refused):
                actions.ask_peers(mission, [fits, peer], actor=claire)
        assert not MissionAnswer.objects.filter(mission=mission).exists()

    def test_above_what_they_accept_a_reason_is_asked_shown_and_told(self, cast: Cast) -> None:
        peer, mission, claire = witness(cast, cast.helene, max_pairs=0), asked(cast), actor_of(cast.claire)
        peer_actions.note_load(
            peer.pk, organisation_id=cast.committee.pk, kind="hard", about=mission.pk, on=timezone.localdate()
        )
        with pytest.raises(Refused, match=r"Rests|repos"):
            actions.ask_peers(mission, [peer], actor=claire)
        actions.ask_peers(mission, [peer], actor=claire, load_reason="Elle l’a proposé elle-même")
        assert answer_of(peer).load_reason == "Elle l’a proposé elle-même"
        assert "peer_load" in told(cast.solene)

    def test_a_change_of_limits_at_nine_is_on_the_sheet_at_ten(self, cast: Cast) -> None:
        peer, mission = witness(cast, cast.helene), asked(cast)
        PassportFactory(peer=peer, activity=Activity.TESTIMONY)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire))
        assert "version 1" in words.limits(answer_of(peer))
        me = actor_of(cast.helene)
        peer_actions.save_limits(peer, actor=me, activity=Activity.TESTIMONY, refused_codes=["cancer_sein"])
        said = words.limits(answer_of(peer))
        assert "version 2" in said and said.count(",") >= 2

    def test_after_its_time_it_goes_whole(self, cast: Cast) -> None:
        mission = asked(cast)
        key = mission.vault_id
        tasks.erase(Mission.objects.all())
        assert not Mission.objects.exists()
        assert DataKey.objects.get(pk=key).destroyed_at is not None


def test_experience_is_not_asked_when_none_is_named(cast: Cast) -> None:
    peer = witness(cast, cast.helene)
    ExperienceFactory(peer=peer, code="sep")
    mission = asked(cast, code="", purpose="research")
    assert [one.peer for one in fitting(mission, actor_of(cast.claire))] == [peer]
