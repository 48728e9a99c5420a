"""What is read from the environment, as the rest of the code wants it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import env


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://vecu.example", "https://vecu.example"),
        ("https://vecu.example/", "https://vecu.example"),
        ("https://vecu.example:443/", "https://vecu.example"),
        ("http://vecu.example:80", "http://vecu.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("https://[::1]:443", "https://[::1]"),
        ("https://hopital.example/vecu/", "https://hopital.example/vecu"),
    ],
)
def test_an_address_is_written_as_people_type_it(monkeypatch: pytest.MonkeyPatch, written: str, meant: str) -> None:
    monkeypatch.setenv("VECU_URL", written)
    assert env.address("VECU_URL", "http://127.0.0.1:8000", "x") == meant


@pytest.mark.parametrize("written", ["vecu.example", "ftp://vecu.example", "https://", "https://vecu.example:port"])
def test_what_is_no_address_is_said(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    found: list[str] = []
    monkeypatch.setattr(env, "problems", found)
    monkeypatch.setenv("VECU_URL", written)
    env.address("VECU_URL", "http://127.0.0.1:8000", "x")
    assert len(found) == 1 and written in found[0]


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table of variables stays as the settings declared it."""
    monkeypatch.setattr(env, "DECLARED", dict(env.DECLARED))


@pytest.mark.parametrize(("command", "milliseconds"), [("diffsettings", 0), ("worker", 5000)])
def test_only_what_answers_people_is_cut_off(tmp_path: Path, command: str, milliseconds: int) -> None:
    """A page asks PostgreSQL for five seconds at most; a migration or a restore takes as long as it takes."""
    code = (
        "import runpy, sys, django.core.management as m;"
        "m.execute_from_command_line = lambda argv: None;"
        f"sys.argv = ['manage.py', '{command}'];"
        "runpy.run_path('manage.py', run_name='__main__');"
        "from config.settings import prod; print(prod.DATABASES['default']['OPTIONS']['options'])"
    )
    wanted = {
        "VECU_SECRET_KEY": "x" * 60,
        "VECU_HOSTS": "vecu.example.fr",
        "VECU_KEY_FILE": str(tmp_path / "kek.json"),
        "VECU_DB_NAME": "vecu",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(env.__file__).parents[1],
        env={"PATH": os.environ["PATH"]} | wanted,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == f"-c statement_timeout={milliseconds}"
