"""The cast of each test."""

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast() -> Cast:
    return make_cast()
