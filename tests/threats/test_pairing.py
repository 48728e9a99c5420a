"""Threats 37 and 38: words go to the person they were written for; nobody is recognised from outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from conftest import CheckedClient
from tests.access.requests import pair_up
from tests.access.walk import VISITOR, all_addresses, walker
from tests.access.world import World
from tests.cast import sign_in
from vecu.accompaniment.actions import closing
from vecu.core.errors import Denied, Refused
from vecu.messaging.actions import messages
from vecu.messaging.models import Message, Thread
from vecu.people.models import Person

pytestmark = pytest.mark.django_db


class TestMisdelivery:
    """A thread belongs to one meeting: it is closed with it, and never serves another one."""

    def test_meeting_again_is_another_thread(self, world: World) -> None:
        side, first = world.here, world.here["pair"]
        closing.close_pair(first, actor=side.claire, closing="need_met")
        second = pair_up(side, 0)
        assert second.thread_id != first.thread_id
        assert second.thread.vault_id != first.thread.vault_id
        with pytest.raises((Refused, Denied)):
            messages.send_message(first.thread, actor=side.helene, body="Pour la deuxième rencontre")
        messages.send_message(second.thread, actor=side.helene, body="Bonjour")
        assert [str(line.body) for line in Message.objects.filter(thread=second.thread_id)] == ["Bonjour"]

    def test_a_page_left_open_sends_nothing_to_the_next_one(self, world: World) -> None:
        """The form of the first exchange, sent after the second one began: refused, and the words are given back."""
        side, first = world.here, world.here["pair"]
        client = sign_in(CheckedClient(), world.cast.helene)
        page = client.get(reverse("exchange", args=[first.pk]))
        assert page.status_code == 200
        closing.close_pair(first, actor=side.claire, closing="need_met")
        second = pair_up(side, 0)
        answer = client.post(reverse("message_send", args=[first.thread_id]), {"body": "Des mots pour la première"})
        assert answer.status_code == 409
        assert "Des mots pour la première" in answer.text
        assert not Message.objects.filter(thread=second.thread_id).exists()

    def test_the_writer_sees_whom_they_write_to_and_is_asked_after_a_week(self, world: World) -> None:
        pair, client = world.here["pair"], sign_in(CheckedClient(), world.cast.helene)
        assert world.cast.nadia.pseudonym in client.get(reverse("exchange", args=[pair.pk])).text
        Thread.objects.filter(pk=pair.thread_id).update(last_message_at=timezone.now() - timedelta(days=9))
        before = Message.objects.filter(thread=pair.thread_id).count()
        answer = client.post(reverse("message_send", args=[pair.thread_id]), {"body": "Bonjour"})
        assert world.cast.nadia.pseudonym in answer.text
        assert Message.objects.filter(thread=pair.thread_id).count() == before


class TestUniqueness:
    """A rare illness in a small town names somebody: nothing public can be searched, counted or listed."""

    def test_no_public_page_shows_anybody(self, world: World) -> None:
        who = walker(world, VISITOR)
        names = {person.handle for person in Person.objects.all()}
        names |= {person.family_name for person in Person.objects.all() if person.family_name}
        shown, asked = {}, 0
        for address in all_addresses():
            if address.gate != "public" or address.has_row or address.name.startswith("ask"):
                continue
            for query in ("", "?q=sep", "?experience=sep&departement=44"):
                answer = who.ask("get", address.path(world.here) + query)
                assert not answer.is_fault, f"{address.route}{query}: {answer.word}"
                if not answer.response.streaming:
                    asked += 1
                    found = {name for name in names if name in answer.response.text}
                    shown |= {address.route: found} if found else {}
        assert not shown
        assert asked > 30

    def test_pseudonyms_are_drawn_never_made_of_the_person(self, world: World) -> None:
        for person in Person.objects.exclude(given_name=b""):
            words = {person.given_name.casefold(), person.family_name.casefold(), person.departement}
            assert not words - {""} & set(person.handle.casefold().split())
