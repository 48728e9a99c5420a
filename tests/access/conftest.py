"""The world of the access tests, made once for a worker and taken back after it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.access.held import Held
from tests.access.world import World


@pytest.fixture(scope="package")
def world(held: Held) -> Iterator[World]:
    with held.shared() as world:
        yield world


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Hundreds of refusals are what these tests look for: their log lines only hide what is wrong."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)
