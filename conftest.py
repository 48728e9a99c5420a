"""Rules of every test: no network but loopback, and each HTML answer is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_socket import socket_allow_hosts

LOOPBACK = ["127.0.0.1", "::1"]


def pytest_runtest_setup(item: pytest.Item) -> None:
    socket_allow_hosts(LOOPBACK, allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _fresh_state(settings: Any) -> Iterator[None]:
    """Throttles and languages do not leak from one test into the next."""
    from django.core.cache import cache
    from django.utils import translation

    cache.clear()
    translation.activate("fr")
    yield
    cache.clear()


INLINE = re.compile(rb"""<[^>]+\s(?:style|on[a-z]+)\s*=\s*["']""", re.IGNORECASE)
UNRENDERED = re.compile(rb"\{\{\s*[a-z_]|\{%\s*[a-z]")
INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)(?![^>]*\bnonce=)(?![^>]*application/(?:ld\+)?json)", re.IGNORECASE)


class CheckedClient(Client):
    """Django's client, which also looks at every HTML page: no inline script or style, one h1, nothing unrendered."""

    def request(self, **kwargs: Any) -> Any:
        response = super().request(**kwargs)
        if response.get("Content-Type", "").startswith("text/html") and not response.streaming:
            body = response.content
            assert not INLINE.search(body), INLINE.search(body)
            assert not INLINE_SCRIPT.search(body), "inline script"
            assert not UNRENDERED.search(body), "unrendered template"
            if b"<html" in body and response.status_code == 200:
                assert body.count(b"<h1") == 1, f"{body.count(b'<h1')} h1 on {kwargs.get('PATH_INFO')}"
        return response

    def htmx(self, method: str, path: str, data: Any = None, **extra: Any) -> Any:
        """The same request as htmx makes it."""
        return getattr(self, method)(path, data, headers={"HX-Request": "true"}, **extra)


@pytest.fixture
def client() -> CheckedClient:
    return CheckedClient()
