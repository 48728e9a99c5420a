"""The world of the access tests, which the tests of faults and threats look at too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.held import Held


@pytest.fixture(scope="session")
def held(request: pytest.FixtureRequest, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Held]:
    """Held by the worker until a test comes that knows nothing of it."""
    held = Held(django_db_blocker)
    request.config.pluginmanager.register(held)
    yield held
    request.config.pluginmanager.unregister(held)
    held.let_go()
