"""From « two patients, breast cancer, 14 May » to a reply for everyone who answered."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.core import jobs
from vecu.core.errors import Denied, Refused
from vecu.core.tables import DataKey, JournalEntry
from vecu.messaging.models import Notice
from vecu.missions import actions, tasks, words
from vecu.missions.enums import AnswerState, MissionState
from vecu.missions.fitting import fitting
from vecu.missions.models import Mission, MissionAnswer
from vecu.peers import actions as peer_actions
from vecu.peers.enums import Activity, LoadKind, Profile
from vecu.peers.models import Peer
from vecu.peers.tests.factories import ExperienceFactory, PassportFactory, PeerFactory
from vecu.people import actions as people_actions
from vecu.people.actor import PUBLIC
from vecu.people.enums import Role, StopReason
from vecu.people.models import Membership

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def witness(cast: Cast, person: Any, **fields: Any) -> Peer:
    profiles = [Profile.COMPANION.value, Profile.WITNESS.value]
    Membership.objects.filter(person=person, role=Role.PEER).delete()  # the factory gives it again
    return PeerFactory(
        organisation=cast.committee, person=person, profiles=profiles, ready=True, lived=["cancer_sein"], **fields
    )


def asked(cast: Cast, **fields: Any) -> Mission:
    starts_at = timezone.now() + 30 * DAY
    told = {"purpose": "teaching", "wanted": 2, "code": "cancer_sein", "place": "Faculté, salle 3", "pay": "volunteer"}
    told |= {"asker": "Dr Anne Bréhier", "email": "anne@faculte.example", "kind": "patient"}
    told |= {"starts_at": starts_at, "ends_at": starts_at + timedelta(hours=2), **fields}
    return actions.receive_mission(cast.committee, actor=actor_of(cast.claire), **told)


def answer_of(peer: Peer) -> MissionAnswer:
    return MissionAnswer.objects.get(peer=peer)


def told(person: Any) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("created_at").values_list("kind", flat=True))


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
        assert "information" in told(cast.solene)

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


def answered(cast: Cast, mission: Mission, *peers: Peer, can_come: bool = True) -> list[MissionAnswer]:
    """Asked by Claire, and they said so."""
    actions.ask_peers(mission, peers, actor=actor_of(cast.claire))
    for peer in peers:
        actor = actor_of(peer.person, cast.committee)
        actions.answer_mission(answer_of(peer), actor=actor, can_come=can_come)
    return [answer_of(peer) for peer in peers]


def letters_to(address: str) -> list[str]:
    jobs.run_due(now=timezone.now() + timedelta(minutes=5))
    return [one.body for one in mail.outbox if one.to == [address]]


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
        assert "information" in told(cast.claire)
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


class TestPicking:
    """What is ticked on the coordinator's page."""

    def ticked(self, page: str) -> list[str]:
        return re.findall(r'name="people" value="([^"]+)" checked', page)

    def test_no_more_than_wanted_are_ticked_or_chosen(self, client: Client, cast: Cast) -> None:
        mission = asked(cast, wanted=1)
        first, second = answered(cast, mission, witness(cast, cast.helene), witness(cast, cast.marc))
        sign_in(client, cast.claire)
        url = f"/missions/{mission.pk}/"
        both = {"people": [str(first.pk), str(second.pk)]}
        ticked = self.ticked(client.get(url).content.decode())
        assert len(ticked) == 1 and ticked[0] in both["people"]
        answer = client.post(url + "choisir/", both)
        assert answer.status_code == 422 and "1 personne est demandée" in answer.content.decode()
        assert sorted(self.ticked(answer.content.decode())) == sorted(both["people"])
        assert client.post(url + "choisir/", {"people": [str(second.pk)]}).status_code == 303

    def test_ticks_are_kept_on_a_refusal(self, client: Client, cast: Cast) -> None:
        mission, rests, other = asked(cast), witness(cast, cast.helene, max_pairs=0), witness(cast, cast.marc)
        day = timezone.localdate()
        peer_actions.note_load(rests.pk, organisation_id=cast.committee.pk, kind="hard", about=rests.pk, on=day)
        sign_in(client, cast.claire)
        answer = client.post(f"/missions/{mission.pk}/solliciter/", {"people": [str(rests.pk)]})
        assert answer.status_code == 422
        assert self.ticked(answer.content.decode()) == [str(rests.pk)] != [str(other.pk)]

    def test_a_long_list_leaves_out_nobody_who_fits_and_says_that_it_is_cut(
        self, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("vecu.missions.views.choosing.MOST", 1)
        PeerFactory(organisation=cast.committee, profiles=["witness"], lived=["cancer_sein"])  # not ready
        mission, peer = asked(cast), witness(cast, cast.helene)
        sign_in(client, cast.claire)
        page = client.get(f"/missions/{mission.pk}/").content.decode()
        assert str(peer.pk) in page and "au plus sont affichées" not in page
        witness(cast, cast.marc)
        assert "1 personnes au plus" in client.get(f"/missions/{mission.pk}/").content.decode()

    def test_the_page_asks_the_same_number_of_queries(self, client: Client, cast: Cast) -> None:
        mission, people = asked(cast), (cast.helene, cast.marc, cast.bertrand, cast.etienne)
        peers = [witness(cast, person) for person in people]
        for peer in peers:
            PassportFactory(peer=peer, activity=Activity.TESTIMONY)
        answered(cast, mission, peers[0])
        sign_in(client, cast.claire)
        url = f"/missions/{mission.pk}/"
        client.get(url)
        with CaptureQueriesContext(connection) as one:
            client.get(url)
        answered(cast, mission, *peers[1:])
        with CaptureQueriesContext(connection) as four:
            client.get(url)
        assert len(four) <= len(one)

    def test_why_somebody_is_asked_is_sealed_and_not_in_the_journal(self, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene, max_pairs=0)
        day = timezone.localdate()
        peer_actions.note_load(peer.pk, organisation_id=cast.committee.pk, kind="hard", about=peer.pk, on=day)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire), load_reason="Elle sort de l’hôpital")
        assert answer_of(peer).load_reason == "Elle sort de l’hôpital"
        assert not JournalEntry.objects.filter(reason__contains="hôpital").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT load_reason FROM missions_missionanswer")
            assert "hôpital".encode() not in bytes(cursor.fetchone()[0])


class TestPages:
    FORM = {
        "purpose": "teaching", "wanted": "2", "code": "cancer_sein", "kind": "patient", "begins": "09:00",
        "ends": "11:00", "place": "Faculté", "pay": "volunteer", "words": "Vingt minutes", "asker": "Dr Bréhier",
        "email": "anne@faculte.example", "phone": "",
    }  # fmt: skip

    def form(self, **changed: str) -> dict[str, str]:
        return {**self.FORM, "day": (timezone.localdate() + 20 * DAY).isoformat(), **changed}

    def test_by_a_link_without_an_account(self, client: Client, cast: Cast) -> None:
        door = actions.open_door(cast.committee, actor=actor_of(cast.claire), label="Faculté de Valmont")
        url = f"/demander-des-pairs/{door.token}/"
        assert client.get(url).status_code == 200
        assert client.post(url, self.form()).status_code == 303
        mission = Mission.objects.get()
        assert (mission.door, str(mission.asker), mission.wanted) == (door, "Dr Bréhier", 2)
        assert "mission_received" in told(cast.claire)
        assert client.get(url + "merci/").status_code == 200
        actions.set_door(door, actor=actor_of(cast.claire), is_open=False)
        assert client.get(url).status_code == 404

    @pytest.mark.parametrize(
        "changed",
        [{"wanted": "0"}, {"wanted": "99"}, {"day": "2020-01-01"}, {"day": "bientôt"}, {"ends": "08:00"},
         {"ends": "23:00"}, {"email": ""}, {"code": "rien"}, {"place": ""}],
    )  # fmt: skip
    def test_bad_input_is_said_and_nothing_is_lost(self, client: Client, cast: Cast, changed: dict[str, str]) -> None:
        door = actions.open_door(cast.committee, actor=actor_of(cast.claire), label="Faculté")
        answer = client.post(f"/demander-des-pairs/{door.token}/", self.form(**changed))
        assert answer.status_code == 422 and "Vingt minutes" in answer.content.decode()
        assert not Mission.objects.exists()

    def test_a_coordinator_asks_and_chooses_on_one_page(self, client: Client, cast: Cast) -> None:
        peer = witness(cast, cast.helene)
        sign_in(client, cast.claire)
        assert client.post("/missions/ajouter/", self.form()).status_code == 303
        mission = Mission.objects.get()
        url = f"/missions/{mission.pk}/"
        page = client.get(url).content.decode()
        assert "Hélène" in page and "<title>Mission 1" in page
        assert client.post(url + "solliciter/", {}).status_code == 422
        assert client.post(url + "solliciter/", {"people": [str(peer.pk)]}).status_code == 303
        own = Client()
        sign_in(own, cast.helene)
        sheet = f"/mes-missions/{answer_of(peer).pk}/"
        page = own.get(sheet).content.decode()
        assert "Faculté" in page and "Bréhier" not in page
        assert own.post(sheet + "repondre/", {"answer": "yes"}).status_code == 303
        assert client.post(url + "choisir/", {"people": [str(answer_of(peer).pk)]}).status_code == 303
        assert "attendu" in own.get(sheet).content.decode()
        assert own.get("/mes-missions/").status_code == 200
        assert client.get("/missions/").status_code == 200

    def test_other_organisation_gets_404(self, client: Client, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire))
        sign_in(client, cast.youssef)
        assert client.get(f"/missions/{mission.pk}/").status_code == 404
        other = Client()
        sign_in(other, cast.marc)
        assert other.get(f"/mes-missions/{answer_of(peer).pk}/").status_code == 404

    def test_role_without_right_gets_403(self, client: Client, cast: Cast) -> None:
        sign_in(client, cast.solene)
        assert client.get("/missions/").status_code == 403
        with pytest.raises(Denied):
            actions.open_door(cast.committee, actor=PUBLIC, label="Faculté")

    def test_the_list_asks_the_same_number_of_queries(
        self, client: Client, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        sign_in(client, cast.claire)
        for _number in range(6):
            asked(cast)
        client.get("/missions/")
        with django_assert_max_num_queries(16):
            client.get("/missions/")


def test_experience_is_not_asked_when_none_is_named(cast: Cast) -> None:
    peer = witness(cast, cast.helene)
    ExperienceFactory(peer=peer, code="sep")
    mission = asked(cast, code="", purpose="research")
    assert [one.peer for one in fitting(mission, actor_of(cast.claire))] == [peer]
