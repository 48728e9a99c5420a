"""The rules of threads and messages."""

from __future__ import annotations

import base64
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from vecu.core import vault
from vecu.core.errors import Denied, Refused
from vecu.core.models import DataKey, JournalEntry, LiveSignal
from vecu.core.tests.photos import photo
from vecu.core.vault import KeyDestroyed
from vecu.messaging import actions
from vecu.messaging.enums import ThreadState
from vecu.messaging.events import MessageReported, MessageSent, ThreadLeft
from vecu.messaging.models import Message, Participant, Thread
from vecu.messaging.tests.factories import Exchange, actor_for, make_exchange, member
from vecu.people.actor import system
from vecu.people.enums import Role
from vecu.people.tests.factories import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


class TestOpenThread:
    def test_it_works(self, exchange: Exchange) -> None:
        seats = Participant.objects.filter(thread=exchange.thread).order_by("handle")
        assert [seat.handle for seat in seats] == ["Saule doré", "Tilleul ambre"]
        assert exchange.thread.vault.purpose == "messaging.thread"
        assert JournalEntry.objects.filter(verb="thread.open", object_id=str(exchange.thread.pk)).exists()

    def test_each_thread_has_its_own_key(self, exchange: Exchange) -> None:
        assert make_exchange(exchange.organisation).thread.vault_id != exchange.thread.vault_id

    def test_same_pseudonym_drawn_twice_still_differs(self) -> None:
        organisation = OrganisationFactory()
        people = [PersonFactory(handle="Chêne bleu"), PersonFactory(handle="Chêne bleu")]
        thread = actions.open_thread(organisation, people=people, actor=system(organisation.pk))
        assert len({seat.handle for seat in thread.participants.all()}) == 2

    def test_someone_else_is_denied(self, exchange: Exchange) -> None:
        stranger = member(exchange.organisation, Role.PEER)
        with pytest.raises(Denied):
            actions.open_thread(
                exchange.organisation,
                people=[exchange.peer, exchange.person],
                actor=actor_for(stranger, exchange.organisation, Role.PEER),
            )

    def test_coordinator_of_another_organisation_is_denied(self, exchange: Exchange) -> None:
        elsewhere = OrganisationFactory()
        coordinator = actor_for(member(elsewhere, Role.COORDINATOR), elsewhere, Role.COORDINATOR)
        with pytest.raises(Denied):
            actions.open_thread(exchange.organisation, people=[exchange.peer, exchange.person], actor=coordinator)

    def test_with_oneself_is_refused(self, exchange: Exchange) -> None:
        with pytest.raises(Refused, match="alone"):
            actions.open_thread(exchange.organisation, people=[exchange.peer, exchange.peer], actor=exchange.peer_actor)

    def test_stopped_person_is_refused(self, exchange: Exchange) -> None:
        stopped = PersonFactory(stopped=True)
        with pytest.raises(Refused, match="stopped"):
            actions.open_thread(exchange.organisation, people=[exchange.peer, stopped], actor=exchange.peer_actor)

    @pytest.mark.parametrize("blocker", ["peer_actor", "person_actor"])
    def test_never_again_after_a_block(self, exchange: Exchange, blocker: str) -> None:
        actions.block(exchange.thread, actor=getattr(exchange, blocker))
        for people in ([exchange.peer, exchange.person], [exchange.person, exchange.peer]):
            with pytest.raises(Refused, match="blocked"):
                actions.open_thread(exchange.organisation, people=people, actor=system(exchange.organisation.pk))

    def test_again_after_an_ordinary_end(self, exchange: Exchange) -> None:
        actions.close_thread(exchange.thread, actor=exchange.peer_actor)
        again = actions.open_thread(
            exchange.organisation, people=[exchange.peer, exchange.person], actor=exchange.peer_actor
        )
        assert again.pk != exchange.thread.pk


class TestSendMessage:
    def test_it_works(self, exchange: Exchange, heard: list[Any]) -> None:
        first, second = exchange.write("Bonjour Nadia", "Comment allez-vous ?")
        exchange.write("Bonjour", by="person")
        assert [message.number for message in Message.objects.order_by("number")] == [1, 2, 3]
        assert Message.objects.get(pk=first.pk).body == "Bonjour Nadia"
        keys = (second.pk, exchange.thread.pk, exchange.organisation.pk, exchange.peer.pk)
        assert heard[1] == MessageSent(*keys, second.sent_at)

    def test_signal_says_nothing(self, exchange: Exchange) -> None:
        LiveSignal.objects.all().delete()
        exchange.write("secret de Nadia")
        assert [signal.channel for signal in LiveSignal.objects.all()] == [f"thread:{exchange.thread.pk}"]

    def test_not_in_the_journal(self, exchange: Exchange) -> None:
        before = JournalEntry.objects.count()
        exchange.write("Bonjour")
        assert JournalEntry.objects.count() == before

    def test_other_pair_is_denied(self, exchange: Exchange) -> None:
        other = make_exchange(exchange.organisation)
        with pytest.raises(Denied):
            actions.send_message(exchange.thread, actor=other.peer_actor, body="coucou")

    def test_closed_thread_is_refused_with_a_sentence(self, exchange: Exchange) -> None:
        stale = Thread.objects.get(pk=exchange.thread.pk)
        actions.close_thread(exchange.thread, actor=exchange.peer_actor)
        with pytest.raises(Refused, match="closed") as refusal:
            actions.send_message(stale, actor=exchange.person_actor, body="trop tard")
        assert refusal.value.sentence
        assert not Message.objects.exists()

    def test_after_leaving_is_denied(self, exchange: Exchange) -> None:
        actions.leave(exchange.thread, actor=exchange.person_actor)
        with pytest.raises(Denied):
            actions.send_message(exchange.thread, actor=exchange.person_actor, body="encore")

    @pytest.mark.parametrize("body", ["", "   \n\t ", "\r\n"])
    def test_nothing_is_refused(self, exchange: Exchange, body: str) -> None:
        with pytest.raises(Refused, match="empty"):
            exchange.write(body)

    def test_too_long_is_refused(self, exchange: Exchange) -> None:
        with pytest.raises(Refused, match="too_long"):
            exchange.write("a" * 4001)

    def test_image_is_written_anew_without_metadata(self, exchange: Exchange) -> None:
        message = actions.send_message(
            exchange.thread,
            actor=exchange.peer_actor,
            body="",
            image=photo(comment=b"taken at home"),
            image_alt="Un chat",
        )
        kept = bytes(Message.objects.get(pk=message.pk).image)
        assert kept.startswith(b"\xff\xd8") and b"taken at home" not in kept
        assert Message.objects.get(pk=message.pk).image_alt == "Un chat"

    def test_file_that_is_no_image_is_refused(self, exchange: Exchange) -> None:
        with pytest.raises(Refused, match="image_unreadable"):
            actions.send_message(
                exchange.thread, actor=exchange.peer_actor, body="", image=io.BytesIO(b"<svg onload=alert(1)>")
            )


class TestMarkRead:
    def test_it_works(self, exchange: Exchange) -> None:
        exchange.write("un", "deux")
        actions.mark_read(exchange.thread, actor=exchange.person_actor, up_to=1)
        seat = Participant.objects.get(person=exchange.person)
        assert seat.last_read_number == 1
        actions.mark_read(exchange.thread, actor=exchange.person_actor)
        seat.refresh_from_db()
        assert seat.last_read_number == 2 and seat.last_read_at is not None

    def test_never_goes_back(self, exchange: Exchange) -> None:
        exchange.write("un", "deux")
        actions.mark_read(exchange.thread, actor=exchange.person_actor)
        actions.mark_read(exchange.thread, actor=exchange.person_actor, up_to=1)
        assert Participant.objects.get(person=exchange.person).last_read_number == 2

    def test_the_other_hears_of_it_only_if_both_agree(self, exchange: Exchange) -> None:
        exchange.write("un")
        actions.show_reading(exchange.thread, actor=exchange.person_actor)
        LiveSignal.objects.all().delete()
        actions.mark_read(exchange.thread, actor=exchange.person_actor)
        assert not LiveSignal.objects.exists()


class TestEnding:
    def test_close_says_when_all_is_erased(self, exchange: Exchange) -> None:
        now = timezone.now()
        actions.close_thread(exchange.thread, actor=exchange.peer_actor, now=now)
        thread = Thread.objects.get(pk=exchange.thread.pk)
        assert thread.state == ThreadState.CLOSED
        assert thread.erase_on == timezone.localdate(now) + timedelta(days=90)

    def test_close_twice_changes_nothing(self, exchange: Exchange) -> None:
        actions.close_thread(exchange.thread, actor=exchange.peer_actor, now=timezone.now() - timedelta(days=5))
        closed_at = Thread.objects.get(pk=exchange.thread.pk).closed_at
        actions.close_thread(exchange.thread, actor=system(exchange.organisation.pk))
        assert Thread.objects.get(pk=exchange.thread.pk).closed_at == closed_at

    def test_coordinator_may_close_and_a_stranger_may_not(self, exchange: Exchange) -> None:
        with pytest.raises(Denied):
            actions.close_thread(exchange.thread, actor=make_exchange(exchange.organisation).peer_actor)
        claire = actor_for(member(exchange.organisation, Role.COORDINATOR), exchange.organisation, Role.COORDINATOR)
        assert actions.close_thread(exchange.thread, actor=claire).state == ThreadState.CLOSED

    @pytest.mark.parametrize("verb", [actions.block, actions.leave])
    def test_parting_closes_and_is_told_to_the_organisation_only(
        self, exchange: Exchange, heard: list[Any], verb: Any
    ) -> None:
        exchange.write("insistance")
        LiveSignal.objects.all().delete()
        heard.clear()
        verb(exchange.thread, actor=exchange.person_actor)
        assert Thread.objects.get(pk=exchange.thread.pk).state == ThreadState.CLOSED
        assert heard == [ThreadLeft(exchange.thread.pk, exchange.organisation.pk, exchange.person.pk)]
        assert not LiveSignal.objects.exists(), "the other one gets no signal"

    def test_block_and_an_ordinary_end_look_alike_to_the_other(self, exchange: Exchange) -> None:
        ordinary = make_exchange(exchange.organisation)
        actions.block(exchange.thread, actor=exchange.person_actor)
        actions.close_thread(ordinary.thread, actor=ordinary.person_actor)
        shown = [
            Thread.objects.visible_to(each.peer_actor).values("state", "erase_on").get()
            for each in (exchange, ordinary)
        ]
        assert shown[0] == shown[1]

    def test_leaving_after_the_end_tells_nobody(self, exchange: Exchange, heard: list[Any]) -> None:
        actions.close_thread(exchange.thread, actor=exchange.peer_actor)
        heard.clear()
        actions.leave(exchange.thread, actor=exchange.person_actor)
        assert heard == []


class TestErasing:
    def erase(self, exchange: Exchange) -> None:
        exchange.write("texte-tout-à-fait-reconnaissable")
        actions.close_thread(exchange.thread, actor=exchange.peer_actor)
        erase_on = exchange.thread.erase_on
        before = timezone.now().replace(year=erase_on.year, month=erase_on.month, day=erase_on.day, hour=12)
        assert actions.erase_due(before - timedelta(days=1)) == 0
        assert actions.erase_due(before) == 1
        assert actions.erase_due(before) == 0

    def test_on_the_stated_date_the_key_is_destroyed_and_the_journal_proves_it(self, exchange: Exchange) -> None:
        self.erase(exchange)
        key = DataKey.objects.get(pk=exchange.thread.vault_id)
        assert key.destroyed_at is not None and key.wrapped is None
        with pytest.raises(KeyDestroyed):
            vault.usable(key.pk)
        entry = JournalEntry.objects.get(verb="thread.erase")
        assert str(key.pk) in entry.reason and entry.object_id == str(exchange.thread.pk)
        assert Thread.objects.get(pk=exchange.thread.pk).state == ThreadState.ERASED

    def test_rows_are_gone_and_nobody_sees_the_thread(self, exchange: Exchange) -> None:
        self.erase(exchange)
        assert not Message.objects.exists()
        assert not Thread.objects.visible_to(exchange.peer_actor).exists()

    def test_the_text_is_nowhere_in_the_database(self, exchange: Exchange) -> None:
        """Not even before it is erased: it was never stored but sealed."""
        self.erase(exchange)
        stored = everything_stored()
        text = "texte-tout-à-fait-reconnaissable"
        forms = [text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(), text.encode()[:12]]
        forms += [base64.b64encode(text.encode()[start:])[:24] for start in range(3)]
        assert not [form for form in forms if form in stored]
        assert str(exchange.thread.pk).encode() in stored or exchange.thread.pk.hex.encode() in stored

    def test_an_old_copy_of_a_row_reads_nothing(self, exchange: Exchange) -> None:
        """A backup restored without the key: the text stays closed."""
        [message] = exchange.write("texte-tout-à-fait-reconnaissable")
        columns = Message.objects.filter(pk=message.pk).values().get()
        self.erase(exchange)
        Message.objects.bulk_create([Message(**columns)])
        assert str(Message.objects.get(pk=message.pk).body) != "texte-tout-à-fait-reconnaissable"


def everything_stored() -> bytes:
    """Every column of every table, as bytes."""
    pieces: list[bytes] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 names of our own tables
            for value in (value for row in cursor.fetchall() for value in row):
                pieces.append(bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode())
    return b"\n".join(pieces)


class TestNames:
    def test_choice_is_kept_and_journaled(self, exchange: Exchange) -> None:
        assert actions.show_first_name(exchange.thread, actor=exchange.peer_actor).shows_first_name
        assert not actions.show_first_name(exchange.thread, actor=exchange.peer_actor, on=False).shows_first_name
        assert JournalEntry.objects.filter(verb="thread.shows_first_name.yes").count() == 1

    def test_other_pair_is_denied(self, exchange: Exchange) -> None:
        with pytest.raises(Denied):
            actions.show_reading(exchange.thread, actor=make_exchange(exchange.organisation).peer_actor)


class TestReporting:
    def claire(self, exchange: Exchange) -> Any:
        return actor_for(member(exchange.organisation, Role.COORDINATOR), exchange.organisation, Role.COORDINATOR)

    def test_it_works(self, exchange: Exchange, heard: list[Any]) -> None:
        [line] = exchange.write("donne-moi de l’argent")
        actions.report_message(line, actor=exchange.person_actor, reason="money", words=" il insiste ")
        assert heard[-1] == MessageReported(
            line.pk, exchange.thread.pk, exchange.organisation.pk, exchange.person.pk, "money", "il insiste"
        )
        assert Thread.objects.get(pk=exchange.thread.pk).state == ThreadState.OPEN

    def test_own_message_and_twice_are_refused(self, exchange: Exchange) -> None:
        [line] = exchange.write("bonjour")
        with pytest.raises(Refused, match="own_message"):
            actions.report_message(line, actor=exchange.peer_actor, reason="other")
        actions.report_message(line, actor=exchange.person_actor, reason="other")
        with pytest.raises(Refused, match="already_reported"):
            actions.report_message(line, actor=exchange.person_actor, reason="other")

    def test_other_pair_is_denied(self, exchange: Exchange) -> None:
        [line] = exchange.write("bonjour")
        with pytest.raises(Denied):
            actions.report_message(line, actor=make_exchange(exchange.organisation).person_actor, reason="other")

    def test_lines_around_opens_two_on_each_side_and_tells_both(self, exchange: Exchange) -> None:
        lines = exchange.write(*(f"ligne {n}" for n in range(1, 10)))
        actions.report_message(lines[4], actor=exchange.person_actor, reason="other")
        opened = actions.lines_around(lines[4].pk, actor=self.claire(exchange), reason="Signalement reçu")
        assert [line.body for line in opened] == ["ligne 3", "ligne 4", "ligne 5", "ligne 6", "ligne 7"]
        assert [line.is_reported for line in opened] == [False, False, True, False, False]
        assert {line.handle for line in opened} == {"Tilleul ambre"}
        read = JournalEntry.objects.filter(verb="message.lines_read", is_reading=True)
        assert {entry.subject_id for entry in read} == {exchange.peer.pk, exchange.person.pk}
        assert {entry.reason for entry in read} == {"Signalement reçu"}

    def test_lines_around_refuses_everything_else(self, exchange: Exchange) -> None:
        lines = exchange.write("un", "deux", "trois")
        claire = self.claire(exchange)
        elsewhere = OrganisationFactory()
        stranger = actor_for(member(elsewhere, Role.COORDINATOR), elsewhere, Role.COORDINATOR)
        actions.report_message(lines[1], actor=exchange.person_actor, reason="other")
        tries: list[tuple[Any, dict[str, Any]]] = [
            (lines[0].pk, {"actor": claire, "reason": "curieuse"}),
            (lines[1].pk, {"actor": claire, "reason": "  "}),
            (lines[1].pk, {"actor": claire, "reason": "trop large", "n": 3}),
            (lines[1].pk, {"actor": stranger, "reason": "autre maison"}),
            (lines[1].pk, {"actor": exchange.peer_actor, "reason": "pair"}),
            (uuid4(), {"actor": claire, "reason": "rien"}),
        ]
        for key, asked in tries:
            with pytest.raises(Refused):
                actions.lines_around(key, **asked)
        assert not JournalEntry.objects.filter(is_reading=True).exists()

    def test_own_exchange_is_handled_by_someone_else(self, exchange: Exchange) -> None:
        [line] = exchange.write("bonjour")
        actions.report_message(line, actor=exchange.person_actor, reason="other")
        both = actor_for(exchange.peer, exchange.organisation, Role.PEER, Role.COORDINATOR)
        with pytest.raises(Refused, match="own_exchange"):
            actions.lines_around(line.pk, actor=both, reason="je regarde")

    def test_reported_image_only(self, exchange: Exchange) -> None:
        with_image = actions.send_message(exchange.thread, actor=exchange.peer_actor, body="", image=photo())
        [beside] = exchange.write("à côté")
        claire = self.claire(exchange)
        actions.report_message(beside, actor=exchange.person_actor, reason="other")
        with pytest.raises(Refused, match="not_reported"):
            actions.reported_image(with_image.pk, actor=claire, reason="vérifier")
        actions.report_message(with_image, actor=exchange.person_actor, reason="sexual")
        assert actions.reported_image(with_image.pk, actor=claire, reason="vérifier").startswith(b"\xff\xd8")
