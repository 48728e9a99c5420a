"""Money at the same second: on PostgreSQL, where transactions really run side by side."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from tests.cast import Cast, actor_of
from tests.races import at_once
from vecu.core.tables import JournalEntry
from vecu.recognition import actions
from vecu.recognition.models import Claim, Scale
from vecu.recognition.tests.factories import DRIVE, make_activity, make_draft, make_scale, make_sent

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 5


def test_two_approvals_accept_once(cast: Cast) -> None:
    claire = actor_of(cast.claire)
    for _round in range(ROUNDS):
        claim = make_sent(cast)
        copies = [Claim.objects.get(pk=claim.pk) for _n in range(2)]
        assert sorted(at_once(*(partial(actions.approve, row, actor=claire) for row in copies))) == ["done", "stale"]
        assert JournalEntry.objects.filter(verb="claim.approve", object_id=str(claim.pk)).count() == 1


def test_taken_back_while_it_is_accepted_one_of_them_wins(cast: Cast) -> None:
    claire, helene = actor_of(cast.claire), actor_of(cast.helene)
    for _round in range(ROUNDS):
        claim = make_sent(cast)
        mine, theirs = (Claim.objects.get(pk=claim.pk) for _n in range(2))
        at_once(partial(actions.withdraw_claim, mine, actor=helene), partial(actions.approve, theirs, actor=claire))
        claim.refresh_from_db()
        assert claim.state in ("withdrawn", "approved")


def test_one_claim_for_one_activity(cast: Cast) -> None:
    make_scale(cast)
    helene = actor_of(cast.helene)
    for _round in range(ROUNDS):
        activity = make_activity(cast)
        again = [partial(actions.start_claim, activity, actor=helene, costs=DRIVE)] * 2
        assert sorted(at_once(*again)) == ["already", "done"]
        assert Claim.objects.filter(activity=activity).count() == 1


def test_numbers_follow_each_other(cast: Cast) -> None:
    drafts = [make_draft(cast, make_activity(cast, person)) for person in (cast.helene, cast.marc) * 2]
    sends = [partial(actions.send_claim, row, actor=actor_of(row.person)) for row in drafts]
    assert at_once(*sends) == ["done"] * 4
    assert sorted(Claim.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_one_scale_a_day(cast: Cast) -> None:
    told = {"starts_on": date(2024, 1, 1), "source": "Bureau", "rates": {"any": [(0, Decimal("0.5"))]}}
    twice = [lambda: actions.add_scale(cast.committee, actor=actor_of(cast.claire), **told)] * 2
    assert sorted(at_once(*twice)) == ["done", "same_day"]
    assert Scale.objects.count() == 1
