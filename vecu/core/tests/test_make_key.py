"""The keys of a new instance: made once, private, never written over."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from django.core.management import call_command
from django.core.management.base import CommandError

from vecu.core import keys


def test_it_works(settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings.KEY_FILE = tmp_path / "new" / "kek.json"
    call_command("make_key")
    assert keys.load(settings.KEY_FILE).current == 1
    assert settings.KEY_FILE.stat().st_mode & 0o077 == 0
    assert "Copy it now" in capsys.readouterr().out


def test_a_key_that_is_there_is_left_alone(settings: Any, tmp_path: Path) -> None:
    settings.KEY_FILE = tmp_path / "kek.json"
    call_command("make_key")
    before = settings.KEY_FILE.read_bytes()
    with pytest.raises(CommandError, match="already there"):
        call_command("make_key")
    assert settings.KEY_FILE.read_bytes() == before


def test_the_pair_for_backups_fits_together(tmp_path: Path) -> None:
    call_command("make_key", "--backup", str(tmp_path))
    private = load_pem_private_key((tmp_path / "backup-private.pem").read_bytes(), password=None)
    public = load_pem_public_key((tmp_path / "backup-public.pem").read_bytes())
    assert private.public_key().public_bytes_raw() == public.public_bytes_raw()  # type: ignore[union-attr]
    with pytest.raises(CommandError, match="already there"):
        call_command("make_key", "--backup", str(tmp_path))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError, match="Nothing was made"):
        call_command("make_key", "--backup", str(tmp_path / "file"))
