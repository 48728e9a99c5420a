"""The journal: added to only, chained, signed."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction

from vecu.core import journal
from vecu.core.tables import JournalEntry
from vecu.core.tests.sample.models import Fact, Note

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def var(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    settings.KEY_FILE = tmp_path / "keys" / "kek.json"
    (tmp_path / "keys").mkdir()


@pytest.fixture
def locked(request: pytest.FixtureRequest) -> None:
    """With the triggers on, however the test database was made."""
    if not journal._triggers_exist():
        with connection.cursor() as cursor:
            for statement in journal.LOCK[connection.vendor]:
                cursor.execute(statement)


def actor(organisation: uuid.UUID | None = None) -> Any:
    return SimpleNamespace(person_id=uuid.uuid4(), organisation_id=organisation, role="coordinator")


def fill(count: int = 5, organisation: uuid.UUID | None = None) -> list[JournalEntry]:
    organisation = organisation or uuid.uuid4()
    who = actor(organisation)
    return [journal.write(who, f"verb {n}", Note(organisation_id=organisation)) for n in range(count)]


def change(entry: JournalEntry, **fields: Any) -> None:
    with journal.unlocked():
        JournalEntry.objects.filter(pk=entry.pk).update(**fields)


def test_it_works() -> None:
    organisation = uuid.uuid4()
    note, person, who = Note(organisation_id=organisation), uuid.uuid4(), actor(organisation)
    entry = journal.write(who, "note.close", note, reason="asked by phone", subject=person)
    entry.refresh_from_db()
    assert (entry.chain, entry.number, entry.actor_id, entry.actor_role) == (
        organisation,
        1,
        who.person_id,
        "coordinator",
    )
    assert (entry.object_type, entry.object_id) == ("sample.note", str(note.pk))
    assert (entry.subject_id, entry.reason, entry.is_reading) == (person, "asked by phone", False)
    assert journal.verify() == []


def test_each_organisation_has_its_chain_and_the_instance_too() -> None:
    first, second = fill(2), fill(3)
    alone = journal.write(None, "tick", Fact(pk=1))
    assert [entry.number for entry in first + second] == [1, 2, 1, 2, 3]
    assert (alone.chain, alone.number) == (journal.INSTANCE, 1)
    assert journal.verify() == []


def test_who_opened_my_data_is_shown_without_my_own_readings() -> None:
    person, organisation = uuid.uuid4(), uuid.uuid4()
    who, note = actor(organisation), Note(organisation_id=organisation)
    opened = journal.read(who, "thread", note, subject=person, reason="reported line")
    journal.read(SimpleNamespace(person_id=person, organisation_id=organisation), "thread", note, subject=person)
    journal.write(who, "thread.close", note, subject=person)
    journal.read(who, "thread", note, subject=uuid.uuid4())
    assert list(journal.for_subject(person)) == [opened]


def test_update_and_delete_are_refused_by_the_database(locked: None) -> None:
    entry = fill(1)[0]
    for attempt in (
        lambda: JournalEntry.objects.filter(pk=entry.pk).update(verb="other"),
        lambda: JournalEntry.objects.filter(pk=entry.pk).delete(),
        lambda: JournalEntry.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            attempt()
    change(entry, verb="other")  # the owner can, by lifting the triggers, and `verify` sees it
    assert journal._triggers_exist()


@pytest.mark.parametrize(
    "fields",
    [
        {"verb": "verb X"},
        {"actor_id": uuid.UUID(int=5)},
        {"reason": "x"},
        {"at": NOW},
        {"is_reading": True},
        {"subject_id": uuid.UUID(int=6)},
        {"prev": "1" * 64},
        {"hash": "1" * 64},
    ],
)
def test_one_changed_column_is_found(fields: dict[str, Any]) -> None:
    entries = fill()
    change(entries[2], **fields)
    assert entries[2].number in {fault.number for fault in journal.verify()}


def test_a_missing_entry_is_found() -> None:
    entries = fill()
    with journal.unlocked():
        JournalEntry.objects.filter(pk=entries[2].pk).delete()
    assert [str(fault) for fault in journal.verify()] == [f"{entries[0].chain} #4: 1 entries missing before"]


def test_two_swapped_entries_are_found() -> None:
    entries = fill()
    change(entries[1], number=999)
    change(entries[2], number=2)
    change(entries[1], number=3)
    assert {fault.number for fault in journal.verify()} >= {2, 3}


def test_a_cut_tail_is_found_thanks_to_the_anchor() -> None:
    entries = fill()
    journal.anchor(NOW)
    assert journal.verify() == []
    fill(2, entries[0].chain)
    assert journal.verify() == []
    with journal.unlocked():
        JournalEntry.objects.filter(chain=entries[0].chain, number__gte=4).delete()
    assert [str(fault) for fault in journal.verify()] == [
        f"{entries[0].chain} #5: was signed and is missing: the end was cut"
    ]


def test_a_whole_rewritten_chain_is_found_thanks_to_the_anchor() -> None:
    organisation = uuid.uuid4()
    fill(3, organisation)
    journal.anchor(NOW)
    with journal.unlocked():
        JournalEntry.objects.filter(chain=organisation).delete()
    fill(3, organisation)
    assert [fault.what for fault in journal.verify()] == ["is not the one that was signed"]


def test_a_forged_anchor_is_found() -> None:
    fill(2)
    journal.anchor(NOW)
    file = next(journal.anchor_folder().glob("*.txt"))
    file.write_text(file.read_text().replace(" 2 ", " 1 "))
    assert "forged" in str(journal.verify()[0])


def test_the_command_says_what_is_wrong(capsys: Any) -> None:
    entries = fill()
    call_command("verify_journal")
    assert "5" in capsys.readouterr().out
    change(entries[2], verb="x")
    with pytest.raises(CommandError, match="changed after it was written"):
        call_command("verify_journal")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_make_one_chain() -> None:
    organisation = uuid.uuid4()

    def work() -> None:
        fill(10, organisation)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert JournalEntry.objects.filter(chain=organisation).count() == 80
    assert journal.verify() == []


def test_one_verb_for_many_people_is_the_same_chain() -> None:
    notes = [Note(title=str(number)) for number in range(3)]
    journal.write_each(None, "note.add", notes)
    journal.write(None, "note.add", notes[0])
    journal.write_each(None, "note.add", [])
    assert list(JournalEntry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3, 4]
    assert [entry.subject_id for entry in JournalEntry.objects.order_by("number")[:3]] == [note.pk for note in notes]
    assert journal.verify() == []
