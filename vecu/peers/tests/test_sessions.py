"""Presence in supervision groups: the days on which it was enough."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from vecu.core.errors import Refused
from vecu.peers import actions, readiness, ready_lines, sessions
from vecu.peers.actions.requirements import Rule
from vecu.peers.enums import Profile
from vecu.peers.models import Clearance, Peer, Requirement
from vecu.peers.sessions import Asked, Session

ONE_A_MONTH, TEN_A_YEAR = Asked(1, "sessions", 1), Asked(10, "sessions", 12)
FOUR_A_YEAR = Asked(4, "sessions", 12)
TWO_HOURS = 120


def monthly(*months: int) -> list[Session]:
    return [Session(date(2026, month, 8), TWO_HOURS) for month in months]


class TestPeriods:
    def test_enough_from_the_last_needed_until_the_oldest_is_a_year_old(self) -> None:
        assert sessions.periods(monthly(1, 2, 4, 6), FOUR_A_YEAR) == [(date(2026, 6, 8), date(2027, 1, 7))]

    def test_fewer_is_never_enough(self) -> None:
        assert sessions.periods(monthly(1, 2, 4), FOUR_A_YEAR) == []

    def test_going_on_prolongs_the_same_line(self) -> None:
        assert sessions.periods(monthly(1, 2, 4, 6, 9), FOUR_A_YEAR) == [(date(2026, 6, 8), date(2027, 2, 7))]

    def test_too_far_apart_is_not_enough(self) -> None:
        apart = [Session(date(2024 + n, 1, 8), TWO_HOURS) for n in range(4)]
        assert sessions.periods(apart, FOUR_A_YEAR) == []

    def test_a_gap_makes_two_lines(self) -> None:
        later = [Session(date(2028, month, 8), TWO_HOURS) for month in (1, 2, 3, 4)]
        assert len(sessions.periods(monthly(1, 2, 4, 6) + later, FOUR_A_YEAR)) == 2

    def test_hours_are_summed(self) -> None:
        asked = Asked(6, "hours", 12)
        assert sessions.periods(monthly(1, 2), asked) == []
        assert sessions.periods(monthly(1, 2, 3), asked) == [(date(2026, 3, 8), date(2027, 1, 7))]
        longer = [*monthly(1), Session(date(2026, 5, 8), 300)]
        assert sessions.periods(longer, asked) == [(date(2026, 5, 8), date(2027, 1, 7))]

    def test_every_rule_is_met_or_it_is_not_enough(self) -> None:
        """Ten in a year from October on, the last one a month long: both hold for that month only."""
        ten = monthly(*range(1, 11))
        assert sessions.periods_of_all(ten, [TEN_A_YEAR]) == [(date(2026, 10, 8), date(2027, 1, 7))]
        assert sessions.periods_of_all(ten, [ONE_A_MONTH]) == [(date(2026, 1, 8), date(2026, 11, 7))]
        both = [(date(2026, 10, 8), date(2026, 11, 7))]
        assert sessions.periods_of_all(ten, [ONE_A_MONTH, TEN_A_YEAR]) == both
        assert sessions.periods_of_all(ten, [TEN_A_YEAR, ONE_A_MONTH]) == both
        assert sessions.periods_of_all(monthly(1), [ONE_A_MONTH, TEN_A_YEAR]) == []
        assert sessions.periods_of_all(ten, []) == []

    def test_what_counts_today(self) -> None:
        held = monthly(1, 2, 4)
        assert sessions.count(held, FOUR_A_YEAR, date(2027, 1, 7)) == 3
        assert sessions.count(held, FOUR_A_YEAR, date(2027, 1, 8)) == 2, "a year later it no longer counts"
        assert sessions.count(held, Asked(6, "hours", 12), date(2026, 12, 1)) == 6


@pytest.fixture
def groups(world: SimpleNamespace, monkeypatch: Any) -> dict[Any, list[Session]]:
    """What the agenda would tell, by person."""
    told: dict[Any, list[Session]] = {}
    monkeypatch.setattr(sessions, "_READERS", [lambda here, people: told if here == world.here.pk else {}])
    return told


def ago(days: int, minutes: int = TWO_HOURS) -> Session:
    return Session(timezone.localdate() - timedelta(days=days), minutes)


def ask(
    world: SimpleNamespace, amount: int | None = 2, unit: str = "sessions", profile: str = Profile.COMPANION
) -> None:
    actions.set_requirements(world.here, profile, [Rule("supervision", True, 12, amount, unit)], actor=world.claire)


def lacks(peer: Peer) -> list[str]:
    return [one.kind for one in readiness.personal([peer.pk])[peer.pk]]


class TestCounting:
    def test_nothing_is_asked_until_it_is_written(self, world: SimpleNamespace) -> None:
        assert lacks(world.helene) == [] and not Peer.objects.filter(pk=world.helene.pk).uncleared().exists()

    def test_presence_makes_ready_and_the_list_says_the_same(self, world: SimpleNamespace, groups: Any) -> None:
        ask(world)
        assert lacks(world.helene) == ["supervision"]
        assert Peer.objects.filter(pk=world.helene.pk).uncleared().exists()
        groups[world.helene.person_id] = [ago(300), ago(30)]
        assert actions.count_sessions(world.here.pk, actor=world.claire) == 1
        assert lacks(world.helene) == [] and not Peer.objects.filter(pk=world.helene.pk).uncleared().exists()
        assert actions.count_sessions(world.here.pk, actor=world.claire) == 0, "counted again, nothing changes"

    def test_two_groups_on_one_day_are_one_session(self, world: SimpleNamespace, groups: Any) -> None:
        groups[world.helene.person_id] = [ago(30), ago(30)]
        ask(world)
        assert lacks(world.helene) == ["supervision"]
        ask(world, 4, "hours")
        assert lacks(world.helene) == []

    def test_a_presence_taken_back_is_no_longer_counted(self, world: SimpleNamespace, groups: Any) -> None:
        groups[world.helene.person_id] = [ago(300), ago(30)]
        ask(world)
        groups[world.helene.person_id].pop()
        actions.count_sessions(world.here.pk, actor=world.claire, person_ids=[world.helene.person_id])
        assert lacks(world.helene) == ["supervision"]

    def test_no_longer_asked_leaves_no_line(self, world: SimpleNamespace, groups: Any) -> None:
        groups[world.helene.person_id] = [ago(300), ago(30)]
        ask(world)
        actions.set_requirements(world.here, Profile.COMPANION, [Rule("supervision", False)], actor=world.claire)
        assert not Clearance.objects.filter(kind="supervision").exists() and lacks(world.helene) == []

    def test_the_most_asked_of_what_they_do_counts(self, world: SimpleNamespace, groups: Any) -> None:
        groups[world.helene.person_id] = [ago(300), ago(30)]
        ask(world)
        ask(world, 3, profile=Profile.WITNESS)
        assert lacks(world.helene) == []
        actions.edit_peer(world.helene, actor=world.claire, profiles=[Profile.COMPANION, Profile.WITNESS])
        assert lacks(world.helene) == ["supervision"]

    def test_one_in_a_month_is_not_ten_in_a_year(self, world: SimpleNamespace, groups: Any) -> None:
        """Whoever does both meets both."""
        ask(world, 10)
        once = Rule("supervision", True, 1, 1, "sessions")
        actions.set_requirements(world.here, Profile.WITNESS, [once], actor=world.claire)
        actions.edit_peer(world.helene, actor=world.claire, profiles=[Profile.COMPANION, Profile.WITNESS])
        for held, is_enough in (
            ([ago(5)], False),
            ([ago(60 + n) for n in range(10, 0, -1)], False),
            ([ago(5 + n) for n in range(10, 0, -1)], True),
        ):
            groups[world.helene.person_id] = held
            actions.count_sessions(world.here.pk, actor=world.claire)
            assert (lacks(world.helene) == []) is is_enough, held
        groups[world.helene.person_id] = [ago(5)]
        actions.count_sessions(world.here.pk, actor=world.claire)
        assert ready_lines.say_presence(world.helene).startswith("1 sur 10 séances"), "of what is not met"

    def test_it_is_not_entered_by_hand_but_exempted(self, world: SimpleNamespace, groups: Any) -> None:
        ask(world)
        today = timezone.localdate()
        with pytest.raises(Refused, match="agenda"):
            actions.record_clearance(world.helene, actor=world.claire, kind="supervision", obtained_on=today)
        actions.record_clearance(
            world.helene, actor=world.claire, kind="supervision", obtained_on=today, exemption="elsewhere"
        )
        actions.count_sessions(world.here.pk, actor=world.claire)
        assert lacks(world.helene) == []

    def test_a_counted_line_is_not_removed_by_hand(self, world: SimpleNamespace, groups: Any) -> None:
        groups[world.helene.person_id] = [ago(300), ago(30)]
        ask(world)
        with pytest.raises(Refused, match="agenda"):
            actions.remove_clearance(Clearance.objects.get(kind="supervision"), actor=world.claire)

    @pytest.mark.parametrize(("amount", "unit"), [(None, "sessions"), (0, "hours"), (201, "hours"), (3, "minutes")])
    def test_how_much_must_be_said(self, world: SimpleNamespace, amount: int | None, unit: str) -> None:
        with pytest.raises(Refused, match="200"):
            ask(world, amount, unit)
        assert not Requirement.objects.exists()


class TestPages:
    def test_the_file_says_how_many_there_were(self, world: SimpleNamespace, groups: Any, enter: Any) -> None:
        groups[world.helene.person_id] = [ago(30)]
        ask(world)
        page = enter("claire").get(reverse("peer_detail", args=[world.helene.pk])).text
        assert "1 sur 2 séances dans les 12 derniers mois" in page
        assert "1 sur 2 séances" in enter("helene").get(reverse("my_peer")).text

    def test_it_is_asked_on_the_page_of_a_profile(self, world: SimpleNamespace, enter: Any) -> None:
        client, edit = enter("claire"), reverse("requirement_edit", args=["companion"])
        typed = {"supervision": "on", "supervision_amount": "4", "supervision_unit": "sessions"}
        assert client.post(edit, typed).status_code == 303
        row = Requirement.objects.get(kind="supervision")
        assert (row.amount, row.unit, row.valid_months) == (4, "sessions", 12)
        assert "4 séances" in client.get(reverse("requirement_list")).text
        assert client.post(edit, {**typed, "supervision_amount": ""}).status_code == 422
