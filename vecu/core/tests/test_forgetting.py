"""A year of journal, and the rest still proves itself."""

from __future__ import annotations

import json
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from vecu.core import forgetting, journal, retention, rotation, vault
from vecu.core.tables import JournalArchive, JournalCut, JournalEntry
from vecu.core.tests.sample.models import Note
from vecu.core.tests.test_journal import actor, fill, locked  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def aged(ages: list[int], organisation: uuid.UUID | None = None, **fields: Any) -> list[JournalEntry]:
    """Entries of so many days ago, oldest first, chained as they were written."""
    entries = fill(len(ages), organisation)
    prev = entries[0].prev
    with journal.unlocked():
        for entry, age in zip(entries, ages, strict=True):
            for name, value in {"at": NOW - timedelta(days=age), "prev": prev, **fields}.items():
                setattr(entry, name, value)
            entry.hash = prev = journal.mark_of(entry)
            entry.save()
    return entries


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(forgetting, "LONGER", [Q(verb="verb 1")])


def test_what_is_older_than_a_year_goes_and_the_rest_holds(locked: None) -> None:  # noqa: F811
    entries = aged([400, 380, 370, 100, 1])
    journal.anchor(NOW)
    forgetting.forget_journal(NOW)
    assert list(JournalEntry.objects.order_by("number").values_list("number", flat=True)) == [4, 5]
    assert journal.verify() == []
    fill(2, entries[0].chain)
    assert journal.verify() == []


def test_run_again_it_moves_the_cut() -> None:
    entries = aged([400, 380, 300, 1])
    forgetting.forget_journal(NOW)
    forgetting.forget_journal(NOW + timedelta(days=100))
    assert JournalCut.objects.get().number == 3
    assert journal.verify() == []
    assert JournalEntry.objects.get().pk == entries[3].pk


def test_a_chain_gone_quiet_goes_whole_and_goes_on_after() -> None:
    entries = aged([500, 400])
    journal.anchor(NOW - timedelta(days=399))
    forgetting.forget_journal(NOW)
    assert not JournalEntry.objects.exists() and journal.verify() == []
    (entry,) = fill(1, entries[0].chain)
    assert (entry.number, entry.prev) == (3, entries[1].hash)
    assert journal.verify() == []


def test_nothing_young_goes() -> None:
    aged([350, 1])
    forgetting.forget_journal(NOW)
    assert JournalEntry.objects.count() == 2 and not JournalCut.objects.exists()


def test_the_database_still_refuses_the_rest(locked: None) -> None:  # noqa: F811
    aged([400, 100, 1])
    forgetting.forget_journal(NOW)
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        JournalEntry.objects.filter(number=2).delete()


def test_a_cut_made_by_a_stranger_is_found() -> None:
    entries = aged([400, 100, 50, 1])
    forgetting.forget_journal(NOW)
    JournalCut.objects.update(number=3, hash=entries[2].hash)
    with journal.unlocked():
        JournalEntry.objects.filter(number__lte=3).delete()
    assert "cut by a stranger" in str(journal.verify()[0])


def test_too_much_cut_with_the_key_itself_is_found_thanks_to_the_anchors(tmp_path: Path) -> None:
    entries = aged([400, 300, 200, 1])
    for day in (250, 150, 1):  # as each hour does, here three times
        number = sum(1 for entry in entries if entry.at <= NOW - timedelta(days=day))
        body = f"{(NOW - timedelta(days=day)).isoformat()} {entries[0].chain} {number} {entries[number - 1].hash}"
        folder = journal.anchor_folder()
        signature = journal.sign(body)
        with (folder / "past.txt").open("a", encoding="ascii") as file:
            file.write(f"{body} {signature}\n")
    cut = JournalCut(chain=entries[0].chain, number=3, hash=entries[2].hash, before=NOW - timedelta(days=365))
    cut.signature = journal.sign(journal.body_of(cut))
    cut.save()
    with journal.unlocked():
        JournalEntry.objects.filter(number__lte=3).delete()
    assert [fault.what for fault in journal.verify()] == ["was removed before its time"]


def test_entries_missing_after_the_cut_are_found() -> None:
    aged([400, 100, 50, 1])
    forgetting.forget_journal(NOW)
    with journal.unlocked():
        JournalEntry.objects.filter(number=2).delete()
    assert "missing before" in str(journal.verify()[0])


def test_what_is_kept_longer_is_sealed_apart_then_goes() -> None:
    subject = uuid.uuid4()
    aged([400, 390, 380, 1], subject_id=subject)
    forgetting.forget_journal(NOW)
    part = JournalArchive.objects.get()
    assert b"verb 1" not in bytes(part.sealed)
    (kept,) = forgetting.archived(subject)
    assert (kept["verb"], kept["number"], kept["is_untouched"]) == ("verb 1", 2, True)
    assert list(forgetting.archived(uuid.uuid4())) == []
    retention.apply(NOW + timedelta(days=2 * 365 - 10))
    assert JournalArchive.objects.exists()
    retention.apply(NOW + timedelta(days=2 * 365 + 10))
    assert not JournalArchive.objects.exists() and vault.opened(part.vault_id).is_destroyed


def test_the_command_prints_them(capsys: Any) -> None:
    subject = uuid.uuid4()
    aged([400, 390, 1], subject_id=subject)
    forgetting.forget_journal(NOW)
    call_command("journal_archive", about=str(subject))
    assert json.loads(capsys.readouterr().out)["verb"] == "verb 1"
    with pytest.raises(CommandError):
        call_command("journal_archive", about="nobody")


def test_many_weeks_stay_within_the_year() -> None:
    organisation = uuid.uuid4()
    journal.write(actor(organisation), "verb", Note(organisation_id=organisation))
    for week in range(60):
        now = NOW + timedelta(weeks=week)
        forgetting.forget_journal(now)
        oldest = JournalEntry.objects.order_by("at").first()
        assert oldest is None or now - oldest.at <= timedelta(days=365)
    assert not JournalEntry.objects.exists()


def test_what_is_kept_longer_opens_after_the_keys_were_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "SETTLE", 0)
    aged([400, 380, 1])
    forgetting.forget_journal(NOW)
    before = list(forgetting.archived())
    for _time in range(2):
        call_command("rotate_keys", "--data", verbosity=0)
    vault.forget()
    assert before and list(forgetting.archived()) == before
    assert list(vault.opened(JournalArchive.objects.get().vault_id).versions) == [3]
