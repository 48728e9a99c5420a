"""What a page shows of a thread: names, days, older messages, reading; a fixed number of queries at any length."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from vecu.core import live, vault
from vecu.core.errors import Denied
from vecu.messaging import actions, panels
from vecu.messaging.models import Message, Participant, Thread
from vecu.messaging.tests.factories import Exchange, make_exchange, member
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.models import Person

pytestmark = pytest.mark.django_db


def fill(exchange: Exchange, count: int) -> None:
    """A long thread, written at once."""
    now = timezone.now()
    thread = exchange.thread
    seats = list(Participant.objects.filter(thread=thread))
    Message.objects.bulk_create(
        Message(
            organisation_id=thread.organisation_id,
            thread=thread,
            author=seats[number % 2],
            number=number,
            sent_at=now - timedelta(minutes=10 * (count - number)),
            body=f"message {number} " + "mot " * 40,
        )
        for number in range(1, count + 1)
    )
    Thread.objects.filter(pk=thread.pk).update(last_number=count, last_message_at=now)
    thread.refresh_from_db()


def test_it_works(exchange: Exchange) -> None:
    exchange.write("Bonjour")
    exchange.write("Bonsoir", by="person")
    panel = panels.thread_panel(exchange.thread, exchange.peer_actor, back="/page/")
    assert [(line.number, line.is_mine, line.body) for line in panel.bubbles] == [
        (1, True, "Bonjour"),
        (2, False, "Bonsoir"),
    ]
    assert [line.day for line in panel.bubbles] == ["Aujourd’hui", ""]
    assert [bool(line.report_url) for line in panel.bubbles] == [False, True]
    assert panel.unread == 1 and panel.older is None


def test_other_pair_is_denied(exchange: Exchange) -> None:
    with pytest.raises(Denied):
        panels.thread_panel(exchange.thread, make_exchange(exchange.organisation).peer_actor)


class TestNames:
    def names(self, exchange: Exchange) -> tuple[str, str]:
        panel = panels.thread_panel(exchange.thread, exchange.peer_actor)
        return panel.my_name, panel.other_name

    def test_only_if_both_agree(self, exchange: Exchange) -> None:
        assert self.names(exchange) == ("Tilleul ambre", "Saule doré")
        actions.show_first_name(exchange.thread, actor=exchange.peer_actor)
        assert self.names(exchange) == ("Tilleul ambre", "Saule doré")
        actions.show_first_name(exchange.thread, actor=exchange.person_actor)
        assert self.names(exchange) == ("Hélène", "Nadia")
        actions.show_first_name(exchange.thread, actor=exchange.person_actor, on=False)
        assert self.names(exchange) == ("Tilleul ambre", "Saule doré")

    def test_in_the_reader_s_language(self, exchange: Exchange) -> None:
        with translation.override("en"):
            assert self.names(exchange) == ("Amber lime tree", "Golden willow")

    def test_someone_erased_is_no_longer_named(self, exchange: Exchange) -> None:
        for actor in (exchange.peer_actor, exchange.person_actor):
            actions.show_first_name(exchange.thread, actor=actor)
        vault.destroy(exchange.person.vault_id)
        Person.objects.filter(pk=exchange.person.pk).update(erased_at=timezone.now())
        assert self.names(exchange)[1] == "Saule doré"


class TestReading:
    def is_read(self, exchange: Exchange) -> bool:
        exchange.thread.refresh_from_db()
        return panels.thread_panel(exchange.thread, exchange.peer_actor).is_last_read

    @pytest.mark.parametrize("agreed", [(), ("peer",), ("person",), ("peer", "person")])
    def test_shown_only_if_both_agree(self, exchange: Exchange, agreed: tuple[str, ...]) -> None:
        for who in agreed:
            actions.show_reading(exchange.thread, actor=getattr(exchange, f"{who}_actor"))
        exchange.write("Vous êtes là ?")
        assert not self.is_read(exchange)
        actions.mark_read(exchange.thread, actor=exchange.person_actor)
        assert self.is_read(exchange) is (len(agreed) == 2)

    def test_not_under_the_other_s_message(self, exchange: Exchange) -> None:
        for who in ("peer", "person"):
            actions.show_reading(exchange.thread, actor=getattr(exchange, f"{who}_actor"))
        exchange.write("Bonjour")
        exchange.write("Bonsoir", by="person")
        assert not self.is_read(exchange)


class TestLongThread:
    def test_fifty_at_a_time(self, exchange: Exchange) -> None:
        fill(exchange, 120)
        seen: list[int] = []
        before = None
        while True:
            panel = panels.thread_panel(exchange.thread, exchange.peer_actor, before, back="/page/")
            seen = [line.number for line in panel.bubbles] + seen
            if panel.older is None:
                break
            assert panel.older_url == f"/page/?before={panel.older}"
            before = panel.older
        assert seen == list(range(1, 121))
        assert not panel.is_latest

    def test_exactly_fifty_has_nothing_older(self, exchange: Exchange) -> None:
        fill(exchange, 50)
        assert panels.thread_panel(exchange.thread, exchange.peer_actor).older is None

    def test_news_come_in_order_fifty_at_once(self, exchange: Exchange) -> None:
        fill(exchange, 120)
        panel = panels.news_panel(exchange.thread, exchange.peer_actor, 60)
        assert [line.number for line in panel.bubbles] == list(range(61, 111))

    def test_same_queries_at_any_length(self, exchange: Exchange, django_assert_num_queries: Any) -> None:
        for count in (3, 300):
            Message.objects.all().delete()
            fill(exchange, count)
            vault.forget()
            with django_assert_num_queries(4):
                panels.thread_panel(exchange.thread, exchange.peer_actor)

    def test_five_thousand_messages_within_300_ms(self, exchange: Exchange) -> None:
        fill(exchange, 5000)
        times = []
        for _try in range(3):
            vault.forget()
            started = time.perf_counter()
            panel = panels.thread_panel(exchange.thread, exchange.peer_actor)
            times.append(time.perf_counter() - started)
        assert len(panel.bubbles) == 50
        assert min(times) < 0.3


class TestListening:
    def test_only_the_two(self, exchange: Exchange) -> None:
        channel = f"thread:{exchange.thread.pk}"
        assert panels.may_listen(exchange.peer.user_id, channel)
        assert panels.may_listen(exchange.person.user_id, channel)
        assert not panels.may_listen(make_exchange(exchange.organisation).peer.user_id, channel)

    def test_not_after_leaving_nor_erasing(self, exchange: Exchange) -> None:
        channel = f"thread:{exchange.thread.pk}"
        actions.leave(exchange.thread, actor=exchange.person_actor)
        assert not panels.may_listen(exchange.person.user_id, channel)
        actions.erase_due(timezone.now() + timedelta(days=91))
        assert not panels.may_listen(exchange.peer.user_id, channel)

    @pytest.mark.parametrize(
        "panel_of", [panels.thread_panel, lambda thread, actor: panels.news_panel(thread, actor, 0)]
    )
    def test_a_message_landing_while_the_page_is_made_is_announced(self, exchange: Exchange, panel_of: Any) -> None:
        exchange.write("Bonjour")

        seen: list[str] = []

        def write_before_what_follows_the_rows(execute: Any, sql: str, *rest: Any) -> Any:
            if "landed" not in seen and seen and 'FROM "messaging_message"' in seen[-1]:
                seen.append("landed")
                exchange.write("Vous êtes là ?", by="person")
            seen.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(write_before_what_follows_the_rows):
            panel = panel_of(exchange.thread, exchange.peer_actor)
        assert [line.number for line in panel.bubbles] == [1] and "landed" in seen
        assert panel.since < live.latest(f"thread:{exchange.thread.pk}")


def test_other_names_are_pseudonyms_until_both_agree(exchange: Exchange, django_assert_max_num_queries: Any) -> None:
    here = exchange.organisation
    peers = [member(here, Role.PEER, handle=f"Saule {n}") for n in range(3)]
    threads = [actions.open_thread(here, people=[peer, exchange.person], actor=system(here.pk)) for peer in peers]
    keys = [exchange.thread.pk, *(thread.pk for thread in threads)]
    with django_assert_max_num_queries(2):
        names = panels.other_names(exchange.person_actor, keys)
    assert [names[key] for key in keys] == ["Tilleul ambre", "Saule 0", "Saule 1", "Saule 2"]
    actions.show_first_name(exchange.thread, actor=exchange.person_actor)
    assert panels.other_names(exchange.person_actor, keys) == names, "one alone shows nothing"
    actions.show_first_name(exchange.thread, actor=exchange.peer_actor)
    names = panels.other_names(exchange.person_actor, keys)
    assert [names[key] for key in keys] == ["Hélène", "Saule 0", "Saule 1", "Saule 2"]
