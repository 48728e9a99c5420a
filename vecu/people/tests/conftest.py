"""What the tests of this area share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast, make_cast
from vecu.core import openid
from vecu.core.events import WIRED, Wiring
from vecu.people.events import ConsentWithdrawn, PersonStopped
from vecu.people.tests.openid_provider import Liar, serving
from vecu.people.tests.openid_visits import provider_at


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Events published, with the followers of other areas left out."""
    heard: list[Any] = []
    for event in (ConsentWithdrawn, PersonStopped):
        monkeypatch.setitem(WIRED, event, Wiring(now=[heard.append]))
    return heard


@pytest.fixture(scope="module")
def server() -> Iterator[Liar]:
    with serving() as liar:
        yield liar


@pytest.fixture
def liar(server: Liar, settings: Any) -> Liar:
    """The provider of the CHU, telling the truth at the start of each test."""
    server.__init__(url=server.url)  # type: ignore[misc]
    openid.forget()
    settings.OIDC_PROVIDERS = {"chu": provider_at(server.url)}
    return server
