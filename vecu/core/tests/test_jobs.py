"""The job table: leases, retries, one effect, ticks."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from tests.races import results_at_once
from vecu.core import jobs
from vecu.core.tables import Job, JobState, WorkerBeat
from vecu.core.tests.sample.models import Fact

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
REGISTERED = jobs.KINDS
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("KINDS", "PERIODS"):
        monkeypatch.setattr(jobs, name, {})
    monkeypatch.setattr(jobs, "GUARDS", [])
    yield


def record(label: str = "ran") -> Any:
    return lambda payload: Fact.objects.create(label=payload.get("label", label))


def test_it_works() -> None:
    jobs.job("t.add")(record())
    row = jobs.enqueue("t.add", payload={"label": "a"})
    assert jobs.run_due() == 1
    row.refresh_from_db()
    assert (row.state, row.attempts, row.lease_until) == (JobState.DONE, 1, None)
    assert row.finished_at is not None
    assert Fact.objects.get().label == "a"
    assert jobs.run_due() == 0


def test_a_job_of_a_rolled_back_fact_never_exists() -> None:
    jobs.job("t.add")(record())
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("t.add")
        raise RuntimeError
    assert jobs.run_due() == 0


def test_an_unknown_kind_is_an_error_at_once() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("t.nothing")
    jobs.job("t.add")(record())
    with pytest.raises(ValueError, match="two handlers"):
        jobs.job("t.add")(record())


def test_a_key_is_used_once_even_after_it_ran() -> None:
    jobs.job("t.add")(record())
    assert jobs.enqueue("t.add", key="k") is not None
    assert jobs.enqueue("t.add", key="k") is None
    jobs.run_due()
    assert jobs.enqueue("t.add", key="k") is None
    assert Job.objects.count() == 1


def test_it_waits_for_its_time_and_keeps_the_order() -> None:
    jobs.job("t.add")(record())
    jobs.enqueue("t.add", payload={"label": "late"}, run_at=NOW + timedelta(hours=2))
    jobs.enqueue("t.add", payload={"label": "second"}, run_at=NOW)
    jobs.enqueue("t.add", payload={"label": "first"}, run_at=NOW - timedelta(hours=1))
    assert jobs.run_due(now=NOW) == 2
    assert list(Fact.objects.order_by("pk").values_list("label", flat=True)) == ["first", "second"]
    assert jobs.run_due(now=NOW + timedelta(hours=2)) == 1


def test_a_failure_undoes_the_effect_and_waits_longer_each_time() -> None:
    def fail(payload: dict[str, Any]) -> None:
        Fact.objects.create(label="half")
        raise RuntimeError("what somebody typed")

    jobs.job("t.fail")(fail)
    row = jobs.enqueue("t.fail", run_at=NOW)
    now = NOW
    for wait in jobs.RETRIES:
        assert jobs.run_due(now=now) == 1
        row.refresh_from_db()
        assert row.state == JobState.QUEUED
        assert row.run_at == now + timedelta(seconds=wait)
        assert row.error == "RuntimeError"
        now = row.run_at
    assert jobs.run_due(now=now) == 1
    assert list(jobs.failed()) == [row]
    assert not Fact.objects.exists()
    assert jobs.run_due(now=now + timedelta(days=9)) == 0
    jobs.retry(row)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (JobState.QUEUED, 0)


def test_a_dead_workers_job_is_taken_over_after_the_lease() -> None:
    jobs.job("t.add")(record())
    jobs.enqueue("t.add", run_at=NOW)
    assert jobs.claim("dead", NOW) is not None
    assert jobs.run_due(now=NOW + timedelta(seconds=59)) == 0
    assert jobs.run_due(now=NOW + timedelta(seconds=61)) == 1
    assert Fact.objects.count() == 1


def test_a_lease_given_by_a_clock_gone_mad_does_not_stick() -> None:
    jobs.job("t.add")(record())
    jobs.enqueue("t.add", run_at=NOW)
    jobs.claim("dead", NOW + timedelta(hours=3))
    assert jobs.run_due(now=NOW) == 1


def test_the_worker_that_lost_its_lease_leaves_no_trace() -> None:
    jobs.job("t.add")(record())
    jobs.enqueue("t.add", run_at=NOW)
    slow = jobs.claim("slow", NOW)
    fast = jobs.claim("fast", NOW + timedelta(minutes=2))
    jobs.run(slow, NOW)
    assert not Fact.objects.exists()
    jobs.run(fast, NOW)
    assert Fact.objects.count() == 1


def test_prolonging_keeps_the_lease_and_shows_life() -> None:
    jobs.job("t.add")(record())
    jobs.enqueue("t.add", run_at=NOW)
    jobs.claim("alive", NOW)
    assert not jobs.worker_is_alive(NOW)
    jobs.prolong("alive", NOW + timedelta(seconds=50))
    assert jobs.run_due(now=NOW + timedelta(seconds=70)) == 0
    assert jobs.worker_is_alive(NOW + timedelta(seconds=169))
    assert not jobs.worker_is_alive(NOW + timedelta(seconds=171))


class TestClockSetBack:
    """By an hour, in the middle of things; tests of the nights when clocks change are further down."""

    OLD, BACK = NOW, NOW - timedelta(hours=1)

    def test_a_dead_worker_does_not_seem_alive(self) -> None:
        jobs.prolong("dead", self.OLD)
        assert jobs.worker_is_alive(self.OLD + timedelta(seconds=90))
        assert not jobs.worker_is_alive(self.BACK)

    def test_a_living_one_is_believed_at_its_next_beat(self) -> None:
        jobs.prolong("alive", self.OLD)
        jobs.prolong("alive", self.BACK)
        assert jobs.worker_is_alive(self.BACK + timedelta(seconds=90))

    def test_what_was_asked_keeps_its_delay(self) -> None:
        jobs.job("t.add")(record())
        jobs.prolong("w", self.OLD)
        with time_machine.travel(self.OLD - timedelta(minutes=5), tick=False):
            at_once = jobs.enqueue("t.add", payload={"label": "at once"})
            soon = jobs.enqueue("t.add", payload={"label": "soon"}, run_at=self.OLD + timedelta(minutes=10))
        with time_machine.travel(self.BACK - timedelta(minutes=5), tick=False):
            before = jobs.enqueue("t.add", payload={"label": "before"}, run_at=self.BACK + timedelta(minutes=5))
        for _beat in range(3):  # only once, however often the worker beats
            jobs.prolong("w", self.BACK)
        at_once.refresh_from_db()
        soon.refresh_from_db()
        before.refresh_from_db()
        assert at_once.run_at == self.BACK - timedelta(minutes=5)
        assert soon.run_at == self.BACK + timedelta(minutes=10)
        assert before.run_at == self.BACK + timedelta(minutes=5)

    def test_a_second_less_is_no_matter(self) -> None:
        jobs.job("t.add")(record())
        row = jobs.enqueue("t.add", run_at=self.OLD)
        jobs.prolong("w", self.OLD)
        jobs.prolong("w", self.OLD - timedelta(seconds=1))
        row.refresh_from_db()
        assert row.run_at == self.OLD

    def test_the_job_in_hand_is_done_once(self) -> None:
        jobs.job("t.add")(record())
        jobs.enqueue("t.add", run_at=self.BACK)
        mine = jobs.claim("slow", self.OLD)
        assert jobs.run_due(now=self.BACK, worker="fast") == 1  # its lease lies absurdly far
        jobs.run(mine, self.BACK)
        assert Fact.objects.count() == 1

    def test_a_tick_is_not_run_again(self) -> None:
        runs: list[datetime] = []
        jobs.periodic("t.daily", at=time(11, 30))(runs.append)
        yesterday = self.OLD - timedelta(days=1)
        for moment in (yesterday, self.OLD, self.BACK, self.BACK + timedelta(minutes=50), self.OLD):
            jobs.tick(moment)
            jobs.run_due(now=moment)
        assert runs == [yesterday, self.OLD]


def test_a_job_that_kills_its_worker_is_given_up() -> None:
    jobs.job("t.bomb", retries=(60,))(record())
    row = jobs.enqueue("t.bomb", run_at=NOW)
    for minutes in (0, 2):
        jobs.claim("dies", NOW + timedelta(minutes=minutes))
    assert jobs.run_due(now=NOW + timedelta(minutes=4)) == 1
    row.refresh_from_db()
    assert row.state == JobState.FAILED
    assert not Fact.objects.exists()


def test_guards_stop_what_is_about_someone() -> None:
    stopped = uuid.uuid4()
    jobs.guard(lambda about: about != stopped)
    jobs.job("t.add")(record())
    dropped = jobs.enqueue("t.add", about=stopped)
    jobs.enqueue("t.add", about=uuid.uuid4())
    jobs.enqueue("t.add")
    jobs.run_due()
    dropped.refresh_from_db()
    assert dropped.state == JobState.CANCELLED
    assert Fact.objects.count() == 2


def test_cancel_by_person_and_by_key() -> None:
    jobs.job("t.add")(record())
    person = uuid.uuid4()
    jobs.enqueue("t.add", about=person)
    jobs.enqueue("t.add", about=person)
    jobs.enqueue("t.add", key="k")
    assert jobs.cancel(about=person) == 2
    assert jobs.cancel(key="k") == 1
    assert jobs.run_due() == 0
    with pytest.raises(ValueError, match="whom"):
        jobs.cancel()


def test_drop_and_give_up() -> None:
    def drop(payload: dict[str, Any]) -> None:
        raise jobs.Drop

    def give_up(payload: dict[str, Any]) -> None:
        raise jobs.GiveUp from KeyError("x")

    jobs.job("t.drop")(drop)
    jobs.job("t.give_up")(give_up)
    dropped, given_up = jobs.enqueue("t.drop"), jobs.enqueue("t.give_up")
    jobs.run_due()
    dropped.refresh_from_db()
    given_up.refresh_from_db()
    assert (dropped.state, given_up.state, given_up.error) == (JobState.CANCELLED, JobState.FAILED, "KeyError")


def test_a_kind_removed_from_the_code_is_given_up() -> None:
    jobs.job("t.old")(record())
    row = jobs.enqueue("t.old")
    jobs.KINDS.clear()
    jobs.run_due()
    row.refresh_from_db()
    assert row.state == JobState.FAILED


def test_outside_jobs_know_their_identifier() -> None:
    seen: list[dict[str, Any]] = []
    jobs.job("t.mail", atomic=False)(seen.append)
    row = jobs.enqueue("t.mail", payload={"to": "x"})
    jobs.run_due()
    assert seen == [{"to": "x", "job": str(row.pk)}]


def test_a_tick_is_run_once_by_however_many_workers() -> None:
    runs: list[datetime] = []
    jobs.periodic("t.hourly", every=timedelta(hours=1))(runs.append)
    for minutes in (0, 1, 30, 59, 60, 61):
        jobs.tick(NOW + timedelta(minutes=minutes))
        jobs.run_due(now=NOW + timedelta(minutes=minutes))
    assert runs == [NOW, NOW + timedelta(hours=1)]


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_a_daily_tick_survives_the_nights_when_clocks_change(month: int, day: int) -> None:
    runs: list[datetime] = []
    jobs.periodic("t.daily", at=time(2, 30))(runs.append)
    start = datetime(2026, month, day, 0, 0, tzinfo=PARIS).astimezone(UTC)
    jobs.tick(start)
    for minutes in range(0, 48 * 60, 10):
        jobs.tick(start + timedelta(minutes=minutes))
    jobs.run_due(now=start + timedelta(days=3))
    days = [run.astimezone(PARIS).date().day for run in runs]
    assert days == [day, day, day + 1]  # the tick of the evening before, caught up, then one a day
    assert all(run.astimezone(PARIS).hour in (2, 3) for run in runs[1:])


def test_missed_ticks_are_caught_up_by_one_run() -> None:
    runs: list[datetime] = []
    jobs.periodic("t.daily", at=time(3, 0))(runs.append)
    jobs.tick(NOW)
    jobs.tick(NOW + timedelta(days=5))
    jobs.run_due(now=NOW + timedelta(days=5))
    assert len(runs) == 2


@pytest.mark.parametrize("wrong", [{}, {"every": timedelta(hours=1), "at": time(1)}, {"every": timedelta(days=8)}])
def test_a_period_says_one_thing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"t\.wrong"):
        jobs.periodic("t.wrong", **wrong)


def test_old_jobs_are_forgotten() -> None:
    jobs.job("t.add")(record())
    kept, gone = jobs.enqueue("t.add"), jobs.enqueue("t.add")
    jobs.run_due()
    Job.objects.filter(pk=gone.pk).update(finished_at=NOW - timedelta(days=31))
    Job.objects.filter(pk=kept.pk).update(finished_at=NOW - timedelta(days=29))
    WorkerBeat.objects.create(name="old", beat_at=NOW - timedelta(days=2))
    jobs.forget_done_jobs(NOW)
    assert list(Job.objects.all()) == [kept]
    assert not WorkerBeat.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_workers_share_a_hundred_jobs_without_doubling() -> None:
    jobs.job("t.add")(record())
    for number in range(100):
        jobs.enqueue("t.add", payload={"label": str(number)}, run_at=timezone.now())

    results_at_once(*[jobs.run_due] * 8)
    assert Fact.objects.count() == Fact.objects.values("label").distinct().count() == 100
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_one_key_enqueued_by_eight_at_once_is_one_job() -> None:
    jobs.job("t.add")(record())
    got = results_at_once(*[lambda: jobs.enqueue("t.add", key="same")] * 8)
    assert sum(row is not None for row in got) == Job.objects.count() == 1


def test_what_a_job_was_about_goes_with_it() -> None:
    """Done or cancelled: at once. Given up: kept, so that it can be tried again, until its person is erased."""
    someone = uuid.uuid4()
    jobs.job("t.add")(record())

    @jobs.job("t.broken", retries=())
    def fail(payload: dict[str, Any]) -> None:
        raise OSError

    rows = [
        jobs.enqueue("t.add", payload={"label": "done"}),
        jobs.enqueue("t.add", payload={"label": "cancelled"}, key="c"),
        jobs.enqueue("t.broken", payload={"label": "given up"}, about=someone),
        jobs.enqueue("t.add", payload={"label": "waits"}, about=someone, run_at=timezone.now() + timedelta(days=1)),
    ]
    jobs.cancel(key="c")
    jobs.run_due()
    assert [Job.objects.get(pk=row.pk).payload for row in rows if row] == [
        {},
        {},
        {"label": "given up"},
        {"label": "waits"},
    ]
    jobs.forget(someone)
    assert not Job.objects.exclude(payload={}).exists()


def test_one_that_fails_keeps_no_other_from_being_done() -> None:
    def deed(label: str) -> None:
        Fact.objects.create(label=label)
        if label == "b":
            raise ValueError

    with pytest.raises(jobs.SomeFailed, match="1 of 3"):
        jobs.each(["a", "b", "c"], deed)
    assert set(Fact.objects.values_list("label", flat=True)) == {"a", "c"}


def test_what_is_done_for_many_is_no_job_of_one_transaction() -> None:
    """Failing at the end must not undo those that were done."""
    names = ("people.erase_due", "people.finish_recoveries", "messaging.erase_due", "safeguarding.erase")
    assert [name for name in (*names, "core.apply_retention") if REGISTERED[name].is_atomic] == []
