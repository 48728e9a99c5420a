"""What is kept of peers between two looks is what reading everything anew gives, whatever was written meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.races import at_once, meanwhile
from vecu.accompaniment import adapter, known
from vecu.accompaniment import matching as m
from vecu.accompaniment.actions import closing
from vecu.accompaniment.models import Pair, Programme
from vecu.accompaniment.tests.factories_pairs import World
from vecu.core import marks
from vecu.core.tables import ChangeMark
from vecu.peers import actions as peers
from vecu.peers import lines
from vecu.peers.enums import Activity, ClearanceKind, Profile, Unit
from vecu.peers.models import Absence, Clearance, LimitsPassport, LivedExperience, Peer, Requirement
from vecu.peers.tests.factories import AgreementFactory
from vecu.people import actions as people_actions
from vecu.people.enums import ConsentPurpose, Role
from vecu.people.models import Consent, Person
from vecu.people.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    world = World()
    world.old = AgreementFactory(site=world.cast.ward, organisation=world.organisation)  # type: ignore[attr-defined]
    return world


def kept(world: World) -> tuple[Any, Any, Any]:
    day, here = timezone.localdate(), world.organisation.pk
    told = {pk: lines._told([pk], world.claire)[pk] for pk in everyone(world)}
    return dict(known.PEERS.of(here, day).facts), dict(lines.FILTERED.of(here, day).facts), told


def anew(world: World) -> tuple[Any, Any, Any]:
    day, here = timezone.localdate(), world.organisation.pk
    return known._read(here, None, day), lines._filtered(here, None, day), lines._tell(everyone(world), day)


def everyone(world: World) -> list[Any]:
    return list(Peer.objects.filter(organisation=world.organisation).values_list("pk", flat=True))


def paused(world: World) -> None:
    Peer.objects.filter(pk=world.marc.pk).update(paused_at=timezone.now())


def lived_more(world: World) -> None:
    LivedExperience.objects.create(organisation=world.organisation, peer=world.marc, code="fatigue", year_from=2021)


def lived_less(world: World) -> None:
    LivedExperience.objects.filter(peer=world.helene, code="travail").delete()


def paper_over(world: World) -> None:
    Clearance.objects.filter(peer=world.helene, kind=ClearanceKind.TRAINING).update(
        expires_on=timezone.localdate() - DAY
    )


def away(world: World) -> None:
    today = timezone.localdate()
    Absence.objects.create(organisation=world.organisation, peer=world.helene, starts_on=today, ends_on=today + DAY)


def refuses(world: World) -> None:
    LimitsPassport.objects.create(
        organisation=world.organisation,
        peer=world.helene,
        activity=Activity.ACCOMPANIMENT,
        version=1,
        refused_codes=["sep"],
    )


def asks_more(world: World) -> None:
    some = {"amount": 4, "valid_months": 12, "unit": Unit.SESSIONS}
    kind = {"profile": Profile.COMPANION, "kind": ClearanceKind.SUPERVISION}
    Requirement.objects.create(organisation=world.organisation, is_asked=True, **kind, **some)


def convention_ends(world: World) -> None:
    type(world.old).objects.filter(pk=world.old.pk).update(ends_on=timezone.localdate() - DAY)  # type: ignore[attr-defined]


def moved(world: World) -> None:
    Person.objects.filter(pk=world.helene.person_id).update(departement="75", languages=["en"])


def took_back(world: World) -> None:
    own = {"purpose": ConsentPurpose.SHARED_EXPERIENCE, "organisation": world.organisation}
    given = people_actions.give_consent(world.helene.person, actor=world.helene_actor, **own)
    Consent.objects.filter(pk=given.pk).update(withdrawn_at=timezone.now())


def follows(world: World) -> None:
    world.pair()


def followed_long_ago(world: World) -> None:
    pair = world.pair()
    kept(world)
    Pair.objects.filter(pk=pair.pk).update(opened_at=timezone.now() - timedelta(days=500))


def newcomer(world: World) -> None:
    world.new_peer(lived=[("sep", 2018, None)])


def left(world: World) -> None:
    Peer.objects.filter(pk=world.marc.pk).update(ended_on=timezone.localdate())


def by_hand(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peers_peer SET max_pairs = 5")


CHANGES = (
    *(paused, lived_more, lived_less, paper_over, away, refuses, asks_more, convention_ends, moved, took_back),
    *(follows, followed_long_ago, newcomer, left, by_hand),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda one: one.__name__)
def test_nothing_written_is_missed(world: World, change: Callable[[World], None]) -> None:
    before = kept(world)
    change(world)
    assert kept(world) == anew(world)
    assert kept(world) != before, "the change is one that matters"


def test_the_board_is_that_of_everyone_looked_at(world: World) -> None:
    """The same answer as the plain engine over rows just read, to the last reason."""
    for year in (2012, 2016, 2021):
        world.new_peer(lived=[("sep", year, None)], max_pairs=year % 3)
    for change in (None, paused, lived_more, moved, newcomer):
        if change:
            change(world)
        looked = adapter.look_at(world.request, timezone.now())
        found, _counts, _told = anew(world)
        need = adapter.instance(world.organisation, [world.request], timezone.now()).needs[str(world.request.pk)]
        plain = m.shortlist(need, [one.offer for one in found.values()], known.settings_of(world.programme))
        assert looked.listed == plain and looked.listed.stopped == plain.stopped
        assert (looked.facts, looked.offers) == (
            {one.offer.id: one.facts for one in found.values()},
            {one.offer.id: one.offer for one in found.values()},
        )


def test_every_table_that_is_read_is_watched(world: World) -> None:
    """A table read for these facts and not watched could change unseen."""
    with CaptureQueriesContext(connection) as captured:
        anew(world)
    read = {table for query in captured for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert {"peers_peer", "people_consent", "accompaniment_pair"} <= read
    assert read <= marks.WATCHED.keys()


def test_a_transaction_undone_leaves_nothing(world: World) -> None:
    before = kept(world)
    with transaction.atomic():
        by_hand(world)
        assert kept(world) != before
        transaction.set_rollback(True)
    assert kept(world) == anew(world) == before


def test_only_those_written_about_are_read_again(world: World) -> None:
    asked: list[Any] = []
    spied = marks.Kept(lambda here, keys, day: asked.append(keys) or {})  # type: ignore[func-returns-value]
    here, day = world.organisation.pk, timezone.localdate()
    spied.of(here, day)
    spied.of(here, day)
    paused(world)
    spied.of(here, day)
    convention_ends(world)
    spied.of(here, day)
    spied.of(here, day + DAY)
    assert asked == [None, {world.marc.pk}, None, None]


def test_a_crowd_made_while_others_are_mended_harms_nothing() -> None:
    """Another thread looks for the first time for a programme of another year."""
    peers = known.Peers({})

    class Looked(m.Crowd):
        def mended(self, *changes: Any) -> m.Crowd:
            peers.crowd(Programme(protocol_year=2021))
            return super().mended(*changes)

    peers._crowds = {None: Looked([], known.settings_of(None))}
    assert peers.mended({}, [])._crowds.keys() == {None}
    assert peers._crowds.keys() == {None, 2021}


def test_marks_joined_at_night_hide_nothing(world: World) -> None:
    kept(world)
    paused(world)
    marks.join_marks(timezone.now())
    assert kept(world) == anew(world)


def test_without_its_triggers_nothing_is_kept(world: World) -> None:
    kept(world)
    name = next(name for name in marks._standing() if "peers_absence_insert" in name)
    marks._take_away(name)
    marks._put.clear()  # PostgreSQL does not tell another process
    kept(world)
    away(world)
    assert kept(world) == anew(world)
    marks.put()
    assert name in marks._standing() and marks._are_put()


def test_a_migration_of_a_copy_takes_nothing_away(world: World) -> None:
    standing = marks._standing()
    marks.take_away(plan=["anything"], using="masked")
    marks.put(using="masked")
    assert standing and marks._standing() == standing


def test_marks_of_an_import_are_joined_within_the_hour(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MOST_MARKS", 20)
    kept(world)
    for _time in range(20):
        by_hand(world)
    marks.join_many_marks(timezone.now())
    assert ChangeMark.objects.filter(organisation_id=world.organisation.pk).count() == 1
    assert kept(world) == anew(world)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_somebody_stopped_while_they_become_a_peer_is_not_kept() -> None:
    world = World()
    for _round in range(3):
        person = MembershipFactory(organisation=world.organisation, role=Role.BENEFICIARY).person
        kept(world)
        at_once(
            lambda person=person: peers.add_peer(person, actor=world.claire, organisation=world.organisation),
            lambda person=person: closing.stop_accompaniment(person.pk, reason="distress", actor=world.claire),
            lambda: kept(world),
        )
        assert kept(world) == anew(world)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_late_is_seen() -> None:
    """It began first and ends last: its marks come after those of others that were seen already."""
    world = World()
    kept(world)
    with meanwhile(lambda: Peer.objects.filter(pk=world.marc.pk).update(max_pairs=4)):
        Peer.objects.filter(pk=world.helene.pk).update(max_pairs=3)
        assert kept(world) == anew(world)
    assert kept(world) == anew(world)
    assert kept(world)[0][world.marc.pk].facts.places_left == 4
