"""Backups are whole, say nothing to a thief, and do not raise the erased."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from bench import server
from vecu.core import backup

NOW = datetime(2026, 11, 21, 12, 30, tzinfo=UTC)
TEXT = "Je suis sous lithium"


@pytest.fixture
def recipient(tmp_path: Path) -> tuple[Path, Path]:
    private = X25519PrivateKey.generate()
    secret, public = tmp_path / "private.pem", tmp_path / "public.pem"
    secret.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public.write_bytes(private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return secret, public


def sealed(data: bytes, public: Path) -> bytes:
    out = BytesIO()
    backup.seal(BytesIO(data), out, public)
    return out.getvalue()


def opened(data: bytes, secret: Path) -> bytes:
    out = BytesIO()
    backup.unseal(BytesIO(data), out, secret)
    return out.getvalue()


@pytest.mark.parametrize("length", [0, 1, 1000, 2500, 3000])
def test_sealed_files_open_with_the_private_key_only(
    recipient: tuple[Path, Path], length: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "CHUNK", 1000)
    secret, public = recipient
    data = os.urandom(length)
    whole = sealed(data, public)
    assert opened(whole, secret) == data
    damaged = [whole[:-1], whole[:-17], whole[: len(whole) // 2], whole[:-1] + bytes([whole[-1] ^ 1]), b"x" + whole[1:]]
    if length > 1000:
        head, piece = len(backup.MAGIC) + 32, 1000 + 16
        damaged += [whole[: head + piece], whole[:head] + whole[head + piece :]]
    for wrong in damaged:
        with pytest.raises(backup.BackupWrong):
            opened(wrong, secret)


def test_old_backups_go_by_their_clocks(tmp_path: Path) -> None:
    for hours in range(24 * 40):
        stamp = (NOW - timedelta(hours=hours)).strftime(backup.STAMP)
        (tmp_path / f"data-{stamp}.sqlite3").touch()
        (tmp_path / f"vault-{stamp}.sqlite3.sealed").touch()
    backup.forget_old(tmp_path, NOW)
    data = [at for at, _path in backup._stamped(tmp_path, "data-*")]
    vaults = [at for at, _path in backup._stamped(tmp_path, "vault-*")]
    assert sum(NOW - stamp <= backup.HOURLY_KEPT for stamp in data) == 49
    assert len([stamp for stamp in data if NOW - stamp > backup.HOURLY_KEPT]) == 28
    assert min(data) >= NOW - backup.DATA_KEPT
    assert min(vaults) >= NOW - backup.VAULT_KEPT
    assert backup.last_taken(tmp_path) == NOW


def test_what_somebody_else_put_there_is_left_and_stops_nothing(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "vecu.sqlite3")
    theirs = ("data-copy.sqlite3", "vault-old.sqlite3", "vecu.sqlite3.before-migration")
    old = (NOW - timedelta(days=40)).strftime(backup.STAMP)
    ours = (f"data-{old}.sqlite3", f"vault-{old}.sqlite3", f"vecu.sqlite3.before-{old}")
    for name in theirs + ours:
        (tmp_path / name).touch()
    backup.forget_old(tmp_path, NOW)
    backup.forget_put_aside(NOW)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {*theirs, *(ours[2:] if connection.vendor == "postgresql" else ())}
    assert backup.last_taken(tmp_path) is None


def test_what_a_restore_put_aside_goes_after_a_week(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", tmp_path / "vecu.sqlite3")
    for days in (6, 8):
        stamp = (NOW - timedelta(days=days)).strftime(backup.STAMP)
        for ending in ("", "-wal"):
            (tmp_path / f"vecu.sqlite3{ending}.before-{stamp}").touch()
    (tmp_path / "vecu.sqlite3").touch()
    backup.forget_put_aside(NOW)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert len(left) == 3 and all("20261115" in name for name in left[1:])


def test_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.sqlite3"
    path.write_bytes(os.urandom(8192))
    with pytest.raises(backup.BackupWrong, match="not a database"):
        backup.check_sqlite(path)


# -- a whole instance, in processes of its own


class Instance:
    def __init__(self, folder: Path, own: dict[str, str]) -> None:
        self.folder = folder
        self.postgres = os.environ.get("VECU_TEST_PG", "")
        self.env = {**server.environment(folder, self.postgres), **own}

    def run(self, code: str) -> str:
        start = "import django; django.setup()\nfrom vecu.core import *\nfrom vecu.core import journal, vault\n"
        start += "from vecu.core.tests.sample.models import Note\n"
        command = [sys.executable, "-c", start + code]
        done = subprocess.run(command, cwd=server.ROOT, env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=server.ROOT, env=self.env, capture_output=True, text=True)


@pytest.mark.engine
@pytest.mark.enable_socket
@pytest.mark.parametrize("with_key", [False, True])
def test_erased_stays_erased_after_a_restore(tmp_path: Path, recipient: tuple[Path, Path], with_key: bool) -> None:
    secret, public = recipient
    with server.database(os.environ.get("VECU_TEST_PG", ""), empty=True) as own:
        own = {**own, "VECU_BACKUP_KEY": str(public)} if with_key else own
        instance = Instance(tmp_path / "var", own)
        make = f"note = Note.objects.create(vault_id=vault.new_key('note').pk, title='public', body='{TEXT}')"
        kept, gone = instance.run(
            "from django.core.management import call_command; call_command('migrate', verbosity=0, run_syncdb=True)\n"
            f"{make}; journal.write(None, 'note.add', note); print(note.pk)\n{make}; print(note.pk)"
        ).split()
        taken = instance.manage("backup")
        assert taken.returncode == 0, taken.stderr
        data, apart = (Path(line) for line in taken.stdout.splitlines()[:2])
        everything = data.read_bytes() + apart.read_bytes()
        assert TEXT.encode() not in everything
        assert (
            b"public" in everything
        ) is not with_key or instance.postgres  # the title is clear in a clear SQLite copy
        assert data.stat().st_mode & 0o077 == 0
        if not with_key and not instance.postgres:
            with closing(sqlite3.connect(data)) as copy:
                assert copy.execute("SELECT count(*) FROM core_datakey").fetchone() == (0,)
        # Life goes on after the backup: one text is erased, another one is added.
        instance.run(f"vault.destroy(Note.objects.get(pk='{gone}').vault_id)\n{make}")
        arguments = ["restore", str(data), str(apart), "--yes"]
        if with_key:
            with pytest.raises(backup.BackupWrong, match="private key"):
                backup._opened(data, tmp_path, None)
            arguments += ["--identity", str(secret)]
        done = instance.manage(*arguments)
        assert done.returncode == 0, done.stderr
        assert "1 things erased" in done.stdout and "1 entries" in done.stdout
        read = "print([note.body for pk in ['{}', '{}'] for note in [Note.objects.get(pk=pk)]], Note.objects.count())"
        assert instance.run(read.format(kept, gone)) == f"['{TEXT}', 'erased'] 2"
        assert data.exists() and apart.exists()


def test_the_command_says_what_failed(settings: Any, tmp_path: Path) -> None:
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="Nothing was restored"):
        call_command("restore", str(tmp_path / "no"), str(tmp_path / "no"), "--yes")
