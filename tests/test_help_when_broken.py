"""The help lines, when the database, the cache and the disk are dead: numbers first, whatever is broken."""

from __future__ import annotations

import builtins
import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.cache.backends.base import BaseCache
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from tests.cast import make_cast, sign_in

NUMBERS = ("tel:15", "tel:112", "sms:114", "tel:3114")
PAGE = Path(__file__).resolve().parents[1] / "vecu" / "core" / "static" / "core" / "aide.html"


class DeadCache(BaseCache):
    """Whatever is asked of it fails."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def _dead(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionError("the cache is dead")

    def clear(self) -> None:
        """Between tests only."""

    get = set = add = delete = touch = has_key = incr = get_many = set_many = _dead


def _no_room(*args: Any, **kwargs: Any) -> Any:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def dead(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """No cache, no room on the disk to write anything, and no folder of data."""
    settings.CACHES = {"default": {"BACKEND": "tests.test_help_when_broken.DeadCache"}}
    settings.VAR = tmp_path / "gone"
    opened = builtins.open

    def open_to_read(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return _no_room() if set(mode) & set("wax+") else opened(file, mode, *args, **kwargs)

    monkeypatch.setattr(builtins, "open", open_to_read)
    return settings


@contextmanager
def dead_database() -> Iterator[None]:
    def refuse(*args: Any) -> None:
        raise OperationalError("unable to open database file")

    with connection.execute_wrapper(refuse):
        yield


def test_the_page_of_help_lines_needs_none_of_them(dead: Any) -> None:
    """No mark of the database on this test: touching it at all is an error."""
    page = Client().get(reverse("help"))
    assert page.status_code == 200
    assert all(f'href="{number}"' in page.content.decode() for number in NUMBERS)


def test_the_static_page_needs_no_code_of_ours(dead: Any, tmp_path: Path) -> None:
    """Served by the file server in front of every middleware of ours."""
    served = tmp_path / "static" / "core"
    served.mkdir(parents=True)
    (served / "aide.html").symlink_to(PAGE)
    dead.STATIC_ROOT = served.parent
    page = Client().get("/static/core/aide.html")
    body = b"".join(page.streaming_content) if page.streaming else page.content
    assert page.status_code == 200
    assert all(f'href="{number}"'.encode() in body for number in NUMBERS)
    assert b"<script" not in body


@pytest.mark.django_db
def test_someone_signed_in_still_finds_the_numbers(dead: Any) -> None:
    """Their session cannot be read: the page says so, with the lines."""
    client = sign_in(Client(raise_request_exception=False), make_cast().nadia)
    for name in ("help_now", "help", "today"):
        with dead_database():
            page = client.get(reverse(name))
        assert page.status_code in (200, 503), name
        assert all(f'href="{number}"' in page.content.decode() for number in NUMBERS), name
