"""Peers put on a list: a reason above what they accept, and the limits that hold where they may be asked to speak."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests.cast import Cast, actor_of, make_cast, sign_in
from vecu.agenda import actions as agenda
from vecu.agenda import erasures, guests
from vecu.agenda.enums import GatheringKind
from vecu.agenda.models import Enrolment, Gathering
from vecu.agenda.tests.factories import make_gathering
from vecu.core.errors import Refused
from vecu.core.tables import JournalEntry
from vecu.messaging.models import Notice
from vecu.missions.enums import ACTIVITY, Purpose
from vecu.missions.tests.factories import asked
from vecu.peers import actions as peers
from vecu.peers.enums import Activity, LoadKind, Profile
from vecu.peers.models import Peer
from vecu.people import exports
from vecu.people.enums import Role
from vecu.people.tests.factories import MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
WHY = "Elle a demandé à venir quand même"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def helene(cast: Cast) -> Peer:
    """A peer who rests: she had a hard contact today."""
    told = {"profiles": [Profile.COMPANION], "started_on": timezone.localdate()}
    peer = peers.add_peer(cast.helene, actor=actor_of(cast.claire), organisation=cast.committee, **told)
    today = timezone.localdate()
    peers.note_load(peer.pk, organisation_id=peer.organisation_id, kind=LoadKind.HARD, about=uuid4(), on=today)
    return peer


def gathering(cast: Cast, kind: str = GatheringKind.MEETING, days: int = 2, **told: Any) -> Gathering:
    return make_gathering(cast, timezone.now() + days * DAY, kind=kind, **told)


def enrol(cast: Cast, meeting: Gathering, reason: str = "") -> Enrolment:
    return agenda.enrol(meeting, cast.helene, actor=actor_of(cast.claire), load_reason=reason)


def sealed() -> bytes:
    """What the column of the only place holds: nothing, once it is emptied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT load_reason FROM agenda_enrolment")
        return bytes(cursor.fetchone()[0] or b"")


class TestReason:
    def test_asked_above_what_they_accept_kept_for_them_and_told(self, cast: Cast, helene: Peer) -> None:
        meeting = gathering(cast)
        for reason in ("", "oui"):
            with pytest.raises(Refused) as refused:
                enrol(cast, meeting, reason)
            assert refused.value.code == "over_load"
        assert not Enrolment.objects.exists()
        enrolment = enrol(cast, meeting, WHY)
        assert enrolment.load_reason == WHY
        assert Notice.objects.filter(person=cast.solene, organisation=cast.committee).exists()
        assert JournalEntry.objects.filter(verb="peer.pass_load").count() == 1
        assert sealed() and WHY.encode() not in sealed()

    @pytest.mark.parametrize("kind", ["supervision", "practice", "interview"])
    def test_what_helps_is_never_refused_for_carrying_much(self, cast: Cast, helene: Peer, kind: str) -> None:
        assert enrol(cast, gathering(cast, kind)).load_reason == ""

    def test_nothing_is_asked_while_there_is_room_of_oneself_or_of_others(self, cast: Cast, helene: Peer) -> None:
        assert enrol(cast, gathering(cast, days=12), WHY).load_reason == ""  # she rests no more that day
        own = gathering(cast, is_open=True)
        assert agenda.enrol(own, cast.helene, actor=actor_of(cast.helene)).load_reason == ""
        assert agenda.enrol(own, cast.marc, actor=actor_of(cast.claire)).load_reason == ""

    def test_the_page_asks_then_the_person_reads_it(self, cast: Cast, helene: Peer, client: Any) -> None:
        meeting = gathering(cast)
        add = reverse("enrolment_add", args=[meeting.pk])
        sign_in(client, cast.claire)
        asked = client.post(add, {"person": str(cast.helene.pk)})
        assert asked.status_code == 422 and 'name="load_reason"' in asked.text
        assert client.post(add, {"person": str(cast.helene.pk), "load_reason": WHY}).status_code == 303
        assert WHY in client.get(reverse("gathering_detail", args=[meeting.pk])).text
        sign_in(client, cast.helene)
        page = client.get(reverse("own_gathering", args=[meeting.pk])).text
        assert WHY in page and "On vous a inscrit tout de même" in page

    def test_whoever_only_runs_the_list_does_not_read_it(self, cast: Cast, helene: Peer, client: Any) -> None:
        trainer = PersonFactory(with_account=True)
        MembershipFactory(person=trainer, organisation=cast.committee, role=Role.TRAINER)
        course = gathering(cast, GatheringKind.TRAINING, host=trainer)
        enrol(cast, course, WHY)
        page = reverse("gathering_detail", args=[course.pk])
        for person, reads in ((trainer, False), (cast.claire, True), (cast.solene, True)):
            sign_in(client, person, cast.committee)
            said = client.get(page).text
            assert "Hélène" in said and (WHY in said) == reads

    def test_taken_along_joined_and_erased(self, cast: Cast, helene: Peer) -> None:
        enrol(cast, gathering(cast), WHY)
        agenda.move_enrolments(cast.helene.pk, cast.etienne.pk)
        said = {section.name: section.rows for part in exports.PARTS for section in part(cast.etienne)}
        assert WHY in said["enrolments"][0].values() and sealed()
        erasures.erase(cast.etienne)
        assert not sealed()


class TestLimits:
    def write(self, cast: Cast, peer: Peer, activity: str = Activity.MEETING, words: str = "Pas de photo") -> None:
        told = {"activity": activity, "refused_codes": ["cancer_sein"], "own_words": words}
        peers.save_limits(peer, actor=actor_of(cast.helene), **told)

    def test_the_version_in_force_is_on_the_sheet_as_it_opens(self, cast: Cast, helene: Peer, client: Any) -> None:
        meeting = gathering(cast, days=20)
        enrol(cast, meeting)
        sign_in(client, cast.claire)
        page = reverse("gathering_detail", args=[meeting.pk])
        assert "Aucune limite écrite" in client.get(page).text
        self.write(cast, helene)
        assert "version 1" in client.get(page).text
        self.write(cast, helene, words="Ni photo ni nom")
        said = client.get(page).text
        assert "version 2" in said and "Cancer du sein" in said
        assert reverse("peer_words", args=[helene.pk]) in said and "Ni photo" not in said

    def test_only_where_somebody_may_be_asked_to_speak(self, cast: Cast, helene: Peer) -> None:
        self.write(cast, helene)
        self.write(cast, helene, Activity.TESTIMONY)
        for kind in GatheringKind:
            found = guests.limits_of(gathering(cast, kind), [cast.helene.pk, cast.marc.pk])
            assert bool(found) == (kind in {"training", "meeting"}), kind
            assert cast.marc.pk not in found

    @pytest.mark.parametrize(("purpose", "version"), [("teaching", 1), ("testimony", 1), ("committee", 2)])
    def test_on_the_day_of_a_mission_those_of_that_mission(
        self, cast: Cast, helene: Peer, purpose: str, version: int
    ) -> None:
        self.write(cast, helene, Activity.TESTIMONY)
        for words in ("Pas de photo", "Ni photo ni nom"):
            self.write(cast, helene, Activity.MEETING, words)
        mission = asked(cast, purpose=purpose)
        mission.gathering = gathering(cast)
        mission.save()
        held = guests.limits_of(mission.gathering, [cast.helene.pk])[cast.helene.pk]
        assert (held.version, held.activity) == (version, ACTIVITY[Purpose(purpose)].label)

    def test_neither_on_the_list_that_is_signed_nor_on_ones_own_page(
        self, cast: Cast, helene: Peer, client: Any
    ) -> None:
        meeting = gathering(cast, days=0)
        enrol(cast, meeting, WHY)
        self.write(cast, helene)
        half_day = meeting.half_days.get()
        sign_in(client, cast.claire)
        for name in ("attendance_record", "attendance_sheet"):
            said = client.get(reverse(name, args=[half_day.pk])).content
            assert b"Cancer du sein" not in said and WHY.encode() not in said

    def test_told_where_limits_are_written(self, cast: Cast, helene: Peer, client: Any) -> None:
        sign_in(client, cast.helene)
        for activity, is_told in (("meeting", True), ("testimony", True), ("accompaniment", False)):
            said = client.get(reverse("limits_edit", args=[helene.pk, activity])).text
            assert ("la personne qui anime" in said) == is_told
