"""What is asked on a page, and what the page answers."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import Cast, actor_of, sign_in
from vecu.core.errors import Denied
from vecu.core.tables import JournalEntry
from vecu.missions import actions
from vecu.missions.models import Mission
from vecu.missions.tests.factories import answer_of, answered, asked, told, witness
from vecu.peers import actions as peer_actions
from vecu.peers.enums import Activity
from vecu.peers.tests.factories import PassportFactory, PeerFactory
from vecu.people.actor import PUBLIC

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


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

    def test_why_somebody_is_asked_is_sealed_and_not_in_the_journal(self, client: Client, cast: Cast) -> None:
        mission, peer = asked(cast), witness(cast, cast.helene, max_pairs=0)
        day = timezone.localdate()
        peer_actions.note_load(peer.pk, organisation_id=cast.committee.pk, kind="hard", about=peer.pk, on=day)
        actions.ask_peers(mission, [peer], actor=actor_of(cast.claire), load_reason="Elle sort de l’hôpital")
        assert answer_of(peer).load_reason == "Elle sort de l’hôpital"
        assert not JournalEntry.objects.filter(reason__contains="hôpital").exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT load_reason FROM missions_missionanswer")
            assert "hôpital".encode() not in bytes(cursor.fetchone()[0])
        # It may be a rest, as here: nothing says that they carry more than they accept.
        sign_in(client, cast.helene)
        page = client.get(f"/mes-missions/{answer_of(peer).pk}/").content.decode()
        assert "On vous sollicite tout de même" in page and "Elle sort de l’hôpital" in page


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
