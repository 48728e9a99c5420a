"""Keys of the vault: wrapping, rotation, destruction."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from vecu.core import crypto, jobs, keys, scrub, vault
from vecu.core.tables import DataKey
from vecu.core.tests.sample.models import Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_file(tmp_path: Path, settings: Any) -> Path:
    settings.KEY_FILE = tmp_path / "keys" / "kek.json"
    keys.ensure_key_file(settings.KEY_FILE)
    return settings.KEY_FILE


def test_files_are_private_and_made_once(tmp_path: Path) -> None:
    path, key_file = tmp_path / "keys" / "secret", tmp_path / "keys" / "kek.json"
    secret = keys.local_secret(path, key_file)
    assert len(secret) >= 50
    assert keys.local_secret(path, key_file) == secret
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert sorted(item.name for item in path.parent.iterdir()) == ["kek.json", "secret"]


@pytest.mark.parametrize(
    "content",
    ["", "{}", '{"current": 1, "keys": {}, "index": ""}', '{"current": 1, "keys": {"1": "YQ=="}, "index": "YQ=="}'],
)
def test_a_broken_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "kek.json"
    with pytest.raises(keys.KeyFileWrong, match="cannot be read"):
        keys.load(path)
    path.write_text(content)
    with pytest.raises(keys.KeyFileWrong):
        keys.load(path)


def test_the_wrapping_key_rotates_twice_and_everything_still_opens(key_file: Path) -> None:
    notes = [Note.objects.create(vault_id=vault.new_key("note").pk, body=f"n{n}") for n in range(5)]
    vault.destroy(notes[4].vault_id)
    for _ in range(2):
        keys.add_key(key_file)
        assert vault.rewrap(limit=3) == 3
        assert vault.rewrap() == 1
        assert vault.rewrap() == 0
    keys.retire_key(key_file, 1)
    keys.retire_key(key_file, 2)
    assert list(json.loads(key_file.read_text())["keys"]) == ["3"]
    vault.forget()
    assert [Note.objects.get(pk=note.pk).body for note in notes[:4]] == ["n0", "n1", "n2", "n3"]
    with pytest.raises(keys.KeyFileWrong):
        keys.retire_key(key_file, 3)


def test_a_key_row_moved_to_another_is_refused(key_file: Path) -> None:
    first, second = vault.new_key("a"), vault.new_key("b")
    DataKey.objects.filter(pk=second.pk).update(wrapped=first.wrapped)
    with pytest.raises(vault.Tampered):
        vault.opened(second.pk)


def test_a_data_key_gets_a_new_version(key_file: Path) -> None:
    note = Note.objects.create(vault_id=vault.new_key("note").pk, body="ancien")
    assert vault.add_version(note.vault_id) == 2
    found = Note.objects.get(pk=note.pk)
    assert found.body == "ancien"
    found.save()
    data = Note.objects.values_list("body", flat=True).get(pk=note.pk).data
    assert crypto.key_version(data) == 2
    vault.drop_old_versions(note.vault_id)
    assert Note.objects.get(pk=note.pk).body == "ancien"
    assert list(vault.opened(note.vault_id).versions) == [2]


def test_memory_forgets_a_key_destroyed_elsewhere(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = Note.objects.create(vault_id=vault.new_key("note").pk, body="texte")
    assert Note.objects.get(pk=note.pk).body == "texte"
    DataKey.objects.filter(pk=note.vault_id).update(wrapped=None, destroyed_at=note.created_at)
    later = vault.time.monotonic() + vault.KEPT_SECONDS + 1
    monkeypatch.setattr(vault.time, "monotonic", lambda: later)
    assert Note.objects.get(pk=note.pk).body is crypto.ERASED


def test_destroyed_means_empty(key_file: Path) -> None:
    row = vault.new_key("note")
    with pytest.raises(IntegrityError), transaction.atomic():
        DataKey.objects.filter(pk=row.pk).update(destroyed_at=row.created_at)


def test_destroying_asks_once_for_the_disk_to_be_scrubbed(key_file: Path) -> None:
    for _key in range(3):
        vault.destroy(vault.new_key("note").pk)
    assert jobs.run_due() == 0
    # Whatever the minute: one that ends within the margin waits for the next quarter of an hour.
    assert jobs.run_due(now=timezone.now() + scrub.EVERY + scrub.MARGIN) == 1


def test_the_memory_of_keys_is_bounded(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "KEPT_KEYS", 2)
    old, new, *others = (vault.new_key("note").pk for _ in range(5))
    vault.preload([old, new])
    vault._kept[old] = (0.0, vault._kept[old][1])
    vault.opened(others[0])
    assert set(vault._kept) == {new, others[0]}, "what is over goes first"
    vault.preload(others)
    assert len(vault._kept) == 4
    vault.opened(old)
    assert set(vault._kept) == {old}


def test_a_long_list_is_not_opened_again_for_one_key_more(
    key_file: Path, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """At the edge of the memory, each key of the list was once opened by a query of its own."""
    monkeypatch.setattr(vault, "KEPT_KEYS", 20)
    own, *listed = (vault.new_key("note").pk for _ in range(21))
    vault.preload(listed)
    with django_assert_num_queries(1):
        for key_id in (own, *listed):
            vault.opened(key_id)


def test_many_keys_at_once_are_open_at_once(key_file: Path, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        made = vault.new_keys("note", 3)
        assert len({id(vault.usable(row.pk)) for row in made}) == 3
    vault.forget()
    note = Note(vault_id=made[0].pk, title="t", body="Bonjour")
    note.save()
    vault.forget()
    assert Note.objects.get(pk=note.pk).body == "Bonjour"


def test_a_memory_emptied_by_another_thread_misses_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our opening a key and our looking for it, others may have filled the memory and emptied it."""
    first, second = vault.new_key("note").pk, vault.new_key("note").pk

    class Emptied(dict[Any, Any]):
        def update(self, *opened: Any, **named: Any) -> None:
            pass

    monkeypatch.setattr(vault, "_kept", Emptied())
    assert not vault.opened(first).is_destroyed
    vault.preload([first, second])

    class Vanishing(dict[Any, Any]):
        def __contains__(self, key: object) -> bool:
            return True

    monkeypatch.setattr(vault, "_kept", Vanishing())
    vault.preload([first, second])
    assert not vault.opened(second).is_destroyed


def test_a_key_is_opened_along_with_those_of_a_list(key_file: Path, django_assert_num_queries: Any) -> None:
    own, other, alone = (vault.new_key("note").pk for _ in range(3))
    with vault.along(own), django_assert_num_queries(1):
        vault.preload([])  # no list: it waits for one
        vault.preload([other])
        vault.opened(own)
    vault.forget()
    with django_assert_num_queries(2):
        vault.preload([alone])
        vault.opened(own)
