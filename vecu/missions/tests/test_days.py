"""The day of a mission among the appointments of those chosen, and in their own calendars."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast, actor_of, sign_in
from vecu.agenda import actions as agenda
from vecu.agenda.calendar import feed
from vecu.agenda.models import Enrolment, Gathering, HalfDay
from vecu.core.errors import Refused
from vecu.missions import actions
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.models import Mission
from vecu.missions.tests.factories import answer_of, answered, asked, letters_to, told, witness
from vecu.peers import actions as peer_actions
from vecu.peers.enums import LoadKind
from vecu.peers.models import LoadEntry, Peer
from vecu.people import actions as people_actions
from vecu.people.enums import StopReason
from vecu.people.models import Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def settled(cast: Cast) -> Mission:
    """Hélène and Marc are chosen."""
    mission = asked(cast)
    chosen = answered(cast, mission, witness(cast, cast.helene), witness(cast, cast.marc))
    actions.settle_mission(mission, chosen, actor=actor_of(cast.claire))
    return mission


def events(person: Person) -> str:
    return feed(person.pk).decode().replace("\r\n ", "")


class TestChosen:
    def test_it_stands_in_their_agenda_and_says_nothing_of_what_for(
        self, client: Client, cast: Cast, settled: Mission
    ) -> None:
        gathering = Gathering.objects.get()
        assert (settled.gathering, gathering.starts_at) == (gathering, settled.starts_at)
        assert set(gathering.enrolments.values_list("person", flat=True)) == {cast.helene.pk, cast.marc.pk}
        assert told(cast.helene)[-1] == "mission_chosen"  # once, and not for the place as well
        assert LoadEntry.objects.get(peer__person=cast.helene).about == settled.pk
        written = events(cast.helene)
        assert "SUMMARY:Rendez-vous Vécu" in written and "Faculté" not in written and "STATUS:CONFIRMED" in written
        sign_in(client, cast.helene)
        sheet = client.get(f"/mes-missions/{answer_of(cast.helene.peers.get()).pk}/").content.decode()
        assert f"/mes-rendez-vous/{gathering.pk}/" in sheet
        assert "Mission" in client.get(f"/mes-rendez-vous/{gathering.pk}/").content.decode()
        sign_in(client, cast.claire)
        assert f"{gathering.pk}" in client.get(f"/missions/{settled.pk}/").content.decode()

    def test_who_chose_themselves_is_expected_once(self, cast: Cast) -> None:
        mission = asked(cast)
        actions.settle_mission(
            mission, answered(cast, mission, witness(cast, cast.claire)), actor=actor_of(cast.claire)
        )
        assert not Enrolment.objects.exists() and events(cast.claire).count("BEGIN:VEVENT") == 1

    @pytest.mark.parametrize("how", ["full", "resting"])
    def test_the_reason_was_given_when_they_were_asked(self, cast: Cast, how: str) -> None:
        """Its day asks for no other one: three pairs and a testimony fill what Hélène accepts; Marc had a hard day."""
        peer = witness(cast, cast.helene, max_pairs=3, active_pairs=3)
        if how == "resting":
            peer = witness(cast, cast.marc)
            hard = {"kind": LoadKind.HARD, "about": uuid4(), "on": timezone.localdate()}
            peer_actions.note_load(peer.pk, organisation_id=peer.organisation_id, **hard)
        at = timezone.now() + 2 * DAY
        mission = asked(cast, starts_at=at, ends_at=at + timedelta(hours=2))
        why = "Elle a proposé de venir" if how == "resting" else ""
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire), load_reason=why)
        actions.answer_mission(answer_of(peer), actor=actor_of(peer.person, cast.committee), can_come=True)
        actions.settle_mission(mission, [answer_of(peer)], actor=actor_of(cast.claire))
        enrolment = Enrolment.objects.get()
        assert (enrolment.person, enrolment.load_reason) == (peer.person, "")
        assert LoadEntry.objects.filter(peer=peer, about=mission.pk).count() == 1


class TestMoved:
    def test_the_mission_follows_its_day(self, cast: Cast, settled: Mission) -> None:
        later = settled.starts_at + 3 * DAY
        agenda.move_half_day(
            HalfDay.objects.get(),
            actor=actor_of(cast.claire),
            starts_at=later,
            ends_at=later + timedelta(hours=1),
            place="Amphithéâtre",
        )
        settled.refresh_from_db()
        assert (settled.starts_at, settled.place) == (later, "Amphithéâtre")
        assert told(cast.marc)[-1] == "gathering_moved"
        (entry,) = LoadEntry.objects.filter(peer__person=cast.marc)
        assert (entry.about, entry.happens_on) == (settled.pk, timezone.localdate(later))


class TestCancelled:
    @pytest.mark.parametrize("where", ["mission", "agenda"])
    def test_in_either_place_it_is_in_both_and_said_once(self, cast: Cast, settled: Mission, where: str) -> None:
        claire = actor_of(cast.claire)
        if where == "mission":
            actions.cancel_mission(settled, actor=claire)
        else:
            agenda.cancel_gathering(Gathering.objects.get(), actor=claire)
        settled.refresh_from_db()
        assert (settled.state, settled.gathering.state) == (MissionState.CANCELLED, "cancelled")
        assert told(cast.helene).count("mission_thanked") == 1 and "gathering_cancelled" not in told(cast.helene)
        assert "STATUS:CANCELLED" in events(cast.helene) and not LoadEntry.objects.exists()
        assert len(letters_to("anne@faculte.example")) == 3


class TestPutOnItsListByHand:
    """Marc said that he could and was thanked; Claire asks him all the same: a place like any other."""

    @pytest.fixture
    def mission(self, cast: Cast) -> Mission:
        mission = asked(cast)
        chosen, _thanked = answered(cast, mission, witness(cast, cast.helene), witness(cast, cast.marc))
        actions.settle_mission(mission, [chosen], actor=actor_of(cast.claire))
        agenda.enrol(mission.gathering, cast.marc, actor=actor_of(cast.claire))
        return mission

    def weight(self, cast: Cast, person: Person) -> list[tuple[Any, Any]]:
        return list(LoadEntry.objects.filter(peer__person=person).values_list("about", "happens_on"))

    def test_told_and_weighed_as_the_day_moves(self, cast: Cast, mission: Mission) -> None:
        assert told(cast.marc)[-2:] == ["mission_thanked", "gathering"] and "gathering" not in told(cast.helene)
        day, later = timezone.localdate(mission.starts_at), mission.starts_at + 3 * DAY
        assert self.weight(cast, cast.marc) == [(mission.gathering_id, day)]
        agenda.move_half_day(
            HalfDay.objects.get(), actor=actor_of(cast.claire), starts_at=later, ends_at=later + timedelta(hours=1)
        )
        day = timezone.localdate(later)
        assert self.weight(cast, cast.marc) == [(mission.gathering_id, day)]
        assert self.weight(cast, cast.helene) == [(mission.pk, day)]

    @pytest.mark.parametrize("where", ["mission", "agenda"])
    def test_told_that_it_does_not_take_place(self, cast: Cast, mission: Mission, where: str) -> None:
        if where == "mission":
            actions.cancel_mission(mission, actor=actor_of(cast.claire))
        else:
            agenda.cancel_gathering(mission.gathering, actor=actor_of(cast.claire))
        assert told(cast.marc)[-1] == "gathering_cancelled" and "gathering_cancelled" not in told(cast.helene)
        assert told(cast.helene).count("mission_thanked") == 1 and not LoadEntry.objects.exists()

    def test_whoever_leads_it_hears_that_they_do_not_come(self, cast: Cast, mission: Mission) -> None:
        agenda.withdraw(Enrolment.objects.get(person=cast.marc), actor=actor_of(cast.marc, cast.committee))
        assert "gathering_left" in told(cast.claire) and not self.weight(cast, cast.marc)

    def test_above_what_they_accept_a_reason_is_asked(self, cast: Cast, mission: Mission) -> None:
        agenda.withdraw(Enrolment.objects.get(person=cast.marc), actor=actor_of(cast.claire))
        Peer.objects.filter(person=cast.marc).update(max_pairs=0)
        told = {"kind": LoadKind.STATION, "on": timezone.localdate(mission.starts_at)}
        for _time in range(2):
            peer_actions.note_load(cast.marc.peers.get().pk, organisation_id=cast.committee.pk, about=uuid4(), **told)
        with pytest.raises(Refused, match=r"^over_load: "):
            agenda.enrol(mission.gathering, cast.marc, actor=actor_of(cast.claire))


class TestNotComing:
    def test_said_in_the_agenda_whoever_counted_on_them_is_told(self, cast: Cast, settled: Mission) -> None:
        place = Enrolment.objects.get(person=cast.helene)
        agenda.withdraw(place, actor=actor_of(cast.helene, cast.committee))
        assert answer_of(cast.helene.peers.get()).state == AnswerState.WITHDRAWN
        assert [kind for kind in told(cast.claire) if kind in ("mission_left", "gathering_left")] == ["mission_left"]
        assert LoadEntry.objects.get().peer.person == cast.marc

    @pytest.mark.parametrize("how", ["paused", "stopped"])
    def test_who_pauses_or_is_stopped_is_not_expected(self, cast: Cast, settled: Mission, how: str) -> None:
        peer = cast.helene.peers.get()
        if how == "paused":
            peer_actions.pause(peer, actor=actor_of(cast.helene, cast.committee))
        else:
            people_actions.stop_person(cast.helene, actor=actor_of(cast.claire), reason=StopReason.DISTRESS)
        assert answer_of(peer).state == AnswerState.WITHDRAWN
        assert list(Enrolment.objects.standing().values_list("person", flat=True)) == [cast.marc.pk]
        assert "STATUS:CANCELLED" in events(cast.helene)


def test_ten_minutes_at_least(cast: Cast) -> None:
    starts_at = timezone.now() + DAY
    with pytest.raises(Refused):
        asked(cast, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=5))
