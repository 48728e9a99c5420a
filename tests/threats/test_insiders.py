"""Those who are allowed in: a coordinator who opens too much, a peer who is curious."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.access.requests import log
from tests.access.world import World
from tests.cast import actor_of, sign_in
from vecu.accompaniment.actions import closing
from vecu.accompaniment.models import Pair
from vecu.core import jobs, journal
from vecu.core.access import visible
from vecu.messaging.actions import threads
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Message, Notice
from vecu.people.actions import watching
from vecu.people.actor import Actor
from vecu.people.models import Membership, Person

pytestmark = pytest.mark.django_db


def open_files(actor: Actor, row: Any, people: int, *, times: int = 1) -> None:
    """Each file as its page journals it; whose they are is a number like any other."""
    for _person in range(people):
        subject = uuid.uuid4()
        for _time in range(times):
            journal.read(actor, "identity.read", row, subject=subject, reason="rappel")


def told() -> list[tuple[str, uuid.UUID]]:
    watching.watch_openings(timezone.now())
    jobs.run_due()
    found = Notice.objects.filter(kind=NoticeKind.MANY_READINGS).values_list("person__handle", "organisation_id")
    return sorted(found)


class TestManyFiles:
    """Threat 2: more than twenty people's files in a day are told to whoever reads the journal."""

    def test_it_works(self, world: World) -> None:
        open_files(world.here.claire, world.here.person, 21)
        assert told() == [(world.cast.delphine.handle, world.here.organisation.pk)]
        page = sign_in(CheckedClient(), world.cast.delphine).get(reverse("notice_list")).text
        assert "beaucoup de dossiers" in page

    def test_twenty_are_a_day_like_any_other(self, world: World) -> None:
        open_files(world.here.claire, world.here.person, 20, times=3)
        assert told() == []

    def test_ones_own_file_and_yesterday_do_not_count(self, world: World) -> None:
        open_files(world.here.claire, world.here.person, 20)
        journal.read(world.here.claire, "identity.read", world.here.person, subject=world.here.claire.person_id)
        assert told() == []
        watching.watch_openings(timezone.now() + timedelta(days=1))
        open_files(world.here.claire, world.here.person, 1)
        watching.watch_openings(timezone.now() + timedelta(days=1))
        jobs.run_due()
        assert not Notice.objects.filter(kind=NoticeKind.MANY_READINGS).exists()

    def test_told_once_a_day(self, world: World) -> None:
        open_files(world.here.claire, world.here.person, 21)
        told()
        Notice.objects.filter(kind=NoticeKind.MANY_READINGS).update(read_at=timezone.now())
        open_files(world.here.claire, world.here.person, 5)
        assert len(told()) == 1

    def test_never_to_the_reader_alone(self, world: World) -> None:
        """No data officer but the reader: the other coordinators are told."""
        open_files(actor_of(world.cast.delphine), world.here.person, 21)
        assert told() == [(world.cast.claire.handle, world.here.organisation.pk)]

    def test_another_organisation_learns_nothing(self, world: World) -> None:
        Membership.objects.filter(person=world.cast.delphine).delete()
        open_files(world.here.claire, world.here.person, 21)
        assert told() == []


class TestCuriousPeer:
    """Threat 3: a peer sees whom they follow now, then their exchange for three months, then nothing."""

    def test_only_ones_own_and_only_for_its_time(self, world: World) -> None:
        pair = world.here["pair"]
        client = sign_in(CheckedClient(), world.cast.helene)
        page, others = reverse("exchange", args=[pair.pk]), reverse("exchange", args=[world.there["pair"].pk])
        assert client.get(page).status_code == 200
        assert client.get(others).status_code == 404
        closing.close_pair(pair, actor=world.here.claire, closing="need_met")
        assert client.get(page).status_code == 200
        threads.erase_due(now=timezone.now() + timedelta(days=93))
        assert client.get(page).status_code == 404
        assert str(pair.pk) not in client.get(reverse("exchange_list")).text
        assert not visible(Message, world.here.helene).filter(thread=pair.thread_id).exists()
        closing.erase_expired(timezone.now() + timedelta(days=400))
        assert visible(Pair, world.here.helene).get(pk=pair.pk).beneficiary_id is None

    def test_nobody_is_looked_up(self, world: World) -> None:
        """No page of a peer lists or finds people; what they typed in an address changes nothing."""
        client = sign_in(CheckedClient(), world.cast.helene)
        log(world.here, world.here["pair"], 2)
        strangers = Person.objects.exclude(pk__in=[world.cast.helene.pk, world.cast.nadia.pk])
        handles = {person.handle for person in strangers if person.handle}
        for name in ("today", "own_data", "my_peer", "exchange_list", "notice_list", "consent_list", "reading_list"):
            path = reverse(name)
            for query in ("", "?q=Nadia", "?role=beneficiary", "?page=2"):
                page = client.get(path + query, follow=True).text
                assert not {handle for handle in handles if handle in page}, path
        for name in ("member_list", "request_list", "board", "pair_list"):
            assert client.get(reverse(name)).status_code == 403
