"""The world of the access tests serves here too, for a file of tests: some of these make a world of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.access.conftest import _silence
from tests.access.held import Held
from tests.access.world import World

__all__ = ["_silence"]


@pytest.fixture(scope="module")
def world(held: Held) -> Iterator[World]:
    with held.shared() as world:
        yield world
