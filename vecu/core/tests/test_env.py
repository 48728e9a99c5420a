"""What is read from the environment, as the rest of the code wants it."""

from __future__ import annotations

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
