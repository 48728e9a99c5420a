"""« Aujourd’hui »: each role sees its own part, at the same cost whatever waits."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.accompaniment import panels
from vecu.accompaniment.tests.factories import ProgrammeFactory, RequestFactory
from vecu.core.moments import NBSP, say_date
from vecu.peers import actions as peer_actions
from vecu.peers.tests.factories import ClearanceFactory, PeerFactory
from vecu.people.enums import Role
from vecu.people.models import Membership, Person
from vecu.safeguarding.actions import alerts, talks

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def entered(person: Person) -> CheckedClient:
    return sign_in(CheckedClient(), person)  # type: ignore[no-any-return]


@pytest.mark.parametrize("who", ["claire", "solene", "helene", "nadia", "etienne", "youssef"])
def test_it_works(cast: Cast, who: str) -> None:
    assert entered(getattr(cast, who)).get(reverse("today")).status_code == 200


def test_a_new_peer_is_led_to_what_is_to_sign(cast: Cast) -> None:
    peer = PeerFactory(organisation=cast.committee, person__with_account=True)
    sign = reverse("undertaking_sign", kwargs={"kind": "charter"})
    assert sign in entered(peer.person).get(reverse("today")).text
    elsewhere = PeerFactory(person=peer.person)
    ClearanceFactory(peer=elsewhere, kind="charter")
    client = entered(peer.person)
    here, there = (f"{place.pk}" for place in (cast.committee, elsewhere.organisation))
    for place, is_asked in ((here, True), (there, False)):
        client.post(reverse("organisation_switch"), {"organisation": place})
        assert (sign in client.get(reverse("today")).text) is is_asked
    ClearanceFactory(peer=peer, kind="charter")
    assert sign not in entered(peer.person).get(reverse("today")).text


def test_who_asked_to_talk_is_led_to_the_hour_of_the_call(cast: Cast) -> None:
    talk = talks.ask_to_talk(
        actor=actor_of(cast.helene, cast.committee), person_id=cast.helene.pk, organisation_id=cast.committee.pk
    )
    talks.promise_call(talk, actor=actor_of(cast.solene), call_at=timezone.now() + timedelta(hours=2))
    client = entered(cast.helene)
    page = client.get(reverse("today")).text
    assert "Quelqu’un vous appelle" in page
    key = re.search(r'name="notice" value="([^"]+)"><span>Voir quand', page)
    assert key is not None
    assert client.post(reverse("notice_open"), {"notice": key[1]}).url == reverse("talk_ask")
    assert "Quelqu’un vous appelle" not in client.get(reverse("today")).text


def test_a_peer_reads_their_pause_and_the_way_back(cast: Cast) -> None:
    Membership.objects.filter(person=cast.helene, role=Role.PEER).delete()  # the factory gives it again
    peer = PeerFactory(organisation=cast.committee, person=cast.helene)
    client, helene, back = entered(cast.helene), actor_of(cast.helene), reverse("peer_come_back", args=[peer.pk])
    assert back not in client.get(reverse("today")).text
    peer_actions.pause(peer, actor=helene)
    page = client.get(reverse("today")).text
    assert "Vous êtes en pause<" in page and reverse("my_peer") in page
    assert "Personne à suivre" not in page
    until = timezone.localdate() + timedelta(days=10)
    peer_actions.pause(peer, actor=helene, until=until)
    assert f"Vous êtes en pause jusqu’au {say_date(until)}" in client.get(reverse("today")).text
    client.post(back)
    assert "Vous êtes en pause" not in client.get(reverse("today")).text


def test_a_peer_reads_what_became_of_the_talk_they_asked_for(cast: Cast) -> None:
    thursday = datetime(2026, 11, 19, 9, 40, tzinfo=UTC)

    def read(at: datetime) -> tuple[str, int]:
        with time_machine.travel(at, tick=False), CaptureQueriesContext(connection) as captured:
            page = entered(cast.helene).get(reverse("today")).text
        return page.split("<main")[1].replace(NBSP, " "), len(captured)

    nothing, few = read(thursday)
    assert "Voir ou retirer" not in nothing
    talk = talks.ask_to_talk(
        actor=actor_of(cast.helene), person_id=cast.helene.pk, organisation_id=cast.committee.pk, now=thursday
    )
    asked, _ = read(thursday)
    assert "Vous avez demandé à parler, jeudi 19 novembre à 10 h 40" in asked and reverse("talk_ask") in asked
    call_at = datetime(2026, 11, 26, 10, 15, tzinfo=UTC)
    talks.promise_call(talk, actor=actor_of(cast.solene), call_at=call_at, now=thursday)
    promised, most = read(thursday)
    assert "Solène vous appelle jeudi 26 novembre à 11 h 15" in promised and "Vous avez demandé" not in promised
    assert most <= few + 2
    assert "Votre appel était prévu jeudi 26 novembre à 11 h 15" in read(call_at + timedelta(days=1))[0]
    talks.withdraw_talk(talk, actor=actor_of(cast.helene))
    assert "Votre appel" not in read(thursday)[0]


def test_immediate_danger_comes_before_older_alerts(cast: Cast) -> None:
    solene, now = actor_of(cast.solene), timezone.now()
    told = {"actor": solene, "kind": "worry"}
    taken = alerts.open_alert(cast.committee, **told, now=now - timedelta(hours=3))
    alerts.take_alert(taken, actor=solene)
    waiting = alerts.open_alert(cast.committee, **told, now=now - timedelta(hours=2))
    pressing = alerts.open_alert(cast.committee, **told, danger="yes", now=now - timedelta(minutes=5))
    page = entered(cast.solene).get(reverse("today")).text
    shown = re.findall(r'href="/alertes/([0-9a-f-]{36})/"', page)
    assert shown == [str(one.pk) for one in (pressing, waiting, taken)]
    assert page.count("Danger immédiat") == 1


@pytest.mark.parametrize(("who", "where"), [("bertrand", "figures"), ("delphine", "journal_list")])
def test_those_who_only_count_or_watch_go_to_their_page(cast: Cast, who: str, where: str) -> None:
    assert entered(getattr(cast, who)).get(reverse("today")).headers["Location"] == reverse(where)


def test_a_late_request_comes_before_a_new_one(cast: Cast) -> None:
    programme = ProgrammeFactory(organisation=cast.committee)
    RequestFactory(programme=programme, number=1, person__given_name="Nouvelle")
    RequestFactory(programme=programme, number=2, late=True, person__given_name="Ancienne")
    page = entered(cast.claire).get(reverse("today")).content.decode()
    assert page.index("Ancienne") < page.index("Nouvelle")


def test_those_the_page_has_no_room_for_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(panels, "SHOWN", 2)
    programme = ProgrammeFactory(organisation=cast.committee)
    client, only = entered(cast.claire), "Personne d’autre"
    RequestFactory(programme=programme, number=1, late=True)
    RequestFactory(programme=programme, number=2, late=True)
    page = client.get(reverse("today")).text
    assert only in page and "autres demandes attendent" not in page
    for number in range(3, 6):
        RequestFactory(programme=programme, number=number, late=True)
    page = client.get(reverse("today")).text
    assert "Et 3 autres demandes attendent" in page and only not in page
    RequestFactory(programme=programme, number=6)
    assert "Et 4 autres demandes attendent" in client.get(reverse("today")).text


def test_another_organisation_sees_nothing_of_it(cast: Cast) -> None:
    RequestFactory(programme=ProgrammeFactory(organisation=cast.committee), number=1, person__given_name="Nouvelle")
    assert "Nouvelle" not in entered(cast.youssef).get(reverse("today")).content.decode()


def test_it_costs_the_same_whatever_waits(cast: Cast) -> None:
    programme = ProgrammeFactory(organisation=cast.committee)
    client = entered(cast.claire)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("today"))
        return len(captured)

    RequestFactory(programme=programme, number=1, late=True)
    queries()
    few = queries()
    for number in range(2, 25):
        RequestFactory(programme=programme, number=number, late=bool(number % 2))
    assert queries() == few


def test_someone_with_two_places_can_change(cast: Cast) -> None:
    Membership.objects.create(
        person=cast.claire,
        organisation=cast.other_hospital,
        role=Role.COORDINATOR,
        started_on=cast.claire.memberships.first().started_on,  # type: ignore[union-attr]
    )
    client = entered(cast.claire)
    assert "Hôpital de Bréhal" in client.get(reverse("today")).content.decode()
    client.post(reverse("organisation_switch"), {"organisation": str(cast.other_hospital.pk)})
    assert client.get(reverse("request_list")).status_code == 200


def test_a_new_organisation_is_told_where_to_begin(cast: Cast) -> None:
    page = entered(cast.youssef).get(reverse("today")).content.decode()
    assert reverse("programme_add") in page
    ProgrammeFactory(organisation=cast.other_hospital)
    page = entered(cast.youssef).get(reverse("today")).content.decode()
    assert reverse("programme_add") not in page
