"""What goes wrong in somebody else's thread is told by the test that started it."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.races import meanwhile

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


class Broken(Exception):
    pass


def broken() -> None:
    raise Broken


def test_an_error_in_the_work_is_raised_and_the_block_is_not_run() -> None:
    ran = []
    with pytest.raises(Broken), meanwhile(broken):
        ran.append(True)
    assert not ran


def test_an_error_as_it_ends_is_raised_after_the_block() -> None:
    ran = []
    with pytest.raises(Broken), meanwhile(lambda: transaction.on_commit(broken)):
        ran.append(True)
    assert ran
