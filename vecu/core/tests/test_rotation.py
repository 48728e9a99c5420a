"""Renewing keys while texts are read and written."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.utils import timezone

from vecu.core import crypto, jobs, keys, mail, rotation, vault
from vecu.core.tests.sample.models import Folder, Note, Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.KEY_FILE = tmp_path / "keys" / "kek.json"
    settings.VAR = tmp_path
    monkeypatch.setattr(rotation, "SETTLE", 0)
    keys.ensure_key_file(settings.KEY_FILE)
    return settings.KEY_FILE


def fill() -> list[Note]:
    folder = Folder.objects.create(vault_id=vault.new_key("folder").pk)
    Page.objects.create(folder=folder, text="page")
    return [Note.objects.create(vault_id=vault.new_key("note").pk, body=f"n{n}", extra=[n]) for n in range(4)]


def versions() -> set[int]:
    return {crypto.key_version(held.data) for held in Note.objects.values_list("body", flat=True)}


def test_two_full_renewals_and_everything_opens() -> None:
    notes = fill()
    vault.destroy(notes[3].vault_id)
    for expected in (2, 3):
        call_command("rotate_keys", "--data", verbosity=0)
        call_command("rotate_keys", verbosity=0)
        assert versions() == {expected, 1}  # 1: the destroyed one, which nothing opens
    for note in notes[:3]:
        found = Note.objects.get(pk=note.pk)
        assert (found.body, found.extra) == (note.body, note.extra)
        assert list(vault.opened(note.vault_id).versions) == [3]
    assert Page.objects.get().text == "page"
    assert Note.objects.get(pk=notes[3].pk).body is crypto.ERASED


def test_an_interrupted_renewal_is_resumed_without_renewing_twice() -> None:
    fill()
    moment = timezone.now() + timedelta(seconds=1)
    assert rotation.start(moment) == 5
    assert rotation.finish() == 9
    later = timezone.now() + timedelta(hours=1)
    vault.DataKey.objects.update(rotated_at=later)
    call_command("rotate_keys", "--data", "--before", moment.isoformat(), verbosity=0)
    assert versions() == {2}
    assert rotation.finish() == 0


def test_a_text_written_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    note = fill()[0]
    rotation.start(timezone.now() + timedelta(seconds=1))
    open_ = crypto.EncryptedField.open

    def open_while_someone_writes(field: Any, row: Any, held: Any) -> Any:
        if row.pk == note.pk and field.name == "body":
            Note.objects.filter(pk=note.pk).update(body=crypto.sealed(note, "body", "written meanwhile"))
        return open_(field, row, held)

    monkeypatch.setattr(crypto.EncryptedField, "open", open_while_someone_writes)
    rotation.seal_again()
    monkeypatch.undo()
    assert Note.objects.get(pk=note.pk).body == "written meanwhile"


def test_a_wrapping_key_in_use_is_not_retired(key_file: Path) -> None:
    fill()
    keys.add_key(key_file)
    with pytest.raises(CommandError, match="still wraps"):
        call_command("rotate_keys", "--retire", "1")
    call_command("rotate_keys", "--rewrap-only", verbosity=0)
    call_command("rotate_keys", "--retire", "1", verbosity=0)
    with pytest.raises(CommandError, match="current"):
        call_command("rotate_keys", "--retire", "2")


def test_letters_that_wait_leave_after_a_renewal() -> None:
    mail.post("lea@exemple.example", "Bonjour", "texte")
    call_command("rotate_keys", "--data", verbosity=0)
    mail.post("ines@exemple.example", "Bonjour", "texte")
    jobs.run_due()
    assert len(outbox.outbox) == 2


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(CommandError, match="zone"):
        call_command("rotate_keys", "--data", "--before", "2026-01-01T00:00:00")


def test_a_letter_keeps_its_key_until_it_is_over() -> None:
    mail.post("lea@exemple.example", "Bonjour", "texte")
    old = vault.DataKey.objects.get(purpose=mail.PURPOSE)
    call_command("rotate_keys", "--data", verbosity=0)
    rotation.retire_keys(timezone.now() + rotation.KEPT_AFTER - timedelta(minutes=1))
    assert not vault.opened(old.pk).is_destroyed
    rotation.retire_keys(timezone.now() + rotation.KEPT_AFTER + timedelta(minutes=1))
    assert vault.opened(old.pk).is_destroyed
    mail.post("ines@exemple.example", "Bonjour", "texte")
    jobs.run_due()
    assert [letter.to for letter in outbox.outbox] == [["ines@exemple.example"]]


def test_old_versions_stay_while_something_apart_is_under_them(monkeypatch: pytest.MonkeyPatch) -> None:
    note = fill()[0]
    left: list[rotation.Again] = [lambda: 0]
    monkeypatch.setattr(rotation, "APART", [lambda: iter(left)])
    with pytest.raises(CommandError, match="1 values are still"):
        call_command("rotate_keys", "--data", verbosity=0)
    assert sorted(vault.opened(note.vault_id).versions) == [1, 2]
    left.clear()
    assert rotation.finish() == 0
    assert sorted(vault.opened(note.vault_id).versions) == [2]


def test_whoever_still_holds_the_old_version_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process sealed with the version it held in memory, and writes after the new one was made."""
    note = fill()[0]
    held = vault.opened(note.vault_id)

    def others_write(seconds: float) -> None:
        assert seconds >= 0
        place = crypto.place_of(Note._meta.get_field("body"), note.pk, note.organisation_id)
        late = crypto.Ciphertext(crypto.seal_with(held, place, b"late"))
        Note.objects.filter(pk=note.pk).update(body=late)

    monkeypatch.setattr(rotation.clock, "sleep", others_write)
    call_command("rotate_keys", "--data", verbosity=0)
    assert Note.objects.get(pk=note.pk).body == "late"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_transaction_still_open_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "PATIENCE", 0.5)
    wrote, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Folder.objects.create(vault_id=vault.new_key("folder").pk)
            wrote.set()
            may_end.wait(10)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    wrote.wait(10)
    with pytest.raises(CommandError, match="writing for a long time"):
        call_command("rotate_keys", "--data", verbosity=0)
    may_end.set()
    writer.join()
    call_command("rotate_keys", "--data", verbosity=0)


def test_all_that_is_sealed_apart_is_known() -> None:
    """Whoever seals outside a sealed column registers how it is sealed again, or it would be lost."""
    root = Path(rotation.__file__).parents[1]
    sealing = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "tests" not in path.parts and re.search(r"crypto\.seal\(", path.read_text())
    }
    registering = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "tests" not in path.parts and re.search(r"rotation\.(apart|replaced)\b", path.read_text())
    }
    assert sealing == registering
