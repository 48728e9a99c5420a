"""What the tests of this area share."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, make_cast
from vecu.core.events import WIRED, Wiring
from vecu.people.events import ConsentWithdrawn, PersonStopped


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
