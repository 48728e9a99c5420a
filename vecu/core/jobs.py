"""Work done outside the request, kept in one table.

A job is inserted in the same transaction as the fact that asks for it, so it exists if and only if the fact
does. A worker takes it with a lease; a worker that dies lets the lease run out and another one takes over. An
`atomic` job (the usual kind) commits its effects together with "done": it happens exactly once. A job that
speaks to the outside (mail) is not atomic and must be idempotent by its own identifier.

    @jobs.job("messaging.send_notice")
    def send_notice(payload): ...

    jobs.enqueue("messaging.send_notice", payload={"thread": str(thread.pk)}, about=person.pk)

    @jobs.periodic("people.close_idle_accounts", at=time(3, 15))
    def close_idle_accounts(now): ...

Payloads hold identifiers, or something sealed (`is_private`), and are emptied once the job is done or cancelled.
`about` is the person concerned: every guard is asked before the job runs.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog
from django.db import IntegrityError, connection, transaction
from django.db.models import DateTimeField, F, Max, Q, QuerySet
from django.utils import timezone

from vecu.core.prepared import Asked, Prepared
from vecu.core.tables import Job, JobState, WorkerBeat

Handler = Callable[[dict[str, Any]], None]
Tick = Callable[[datetime], None]
Guard = Callable[[UUID], bool]
Row = TypeVar("Row")

MINUTE, HOUR = 60, 3600
RETRIES = (MINUTE, 5 * MINUTE, 30 * MINUTE, 4 * HOUR, 24 * HOUR)
LEASE = timedelta(seconds=60)
ALIVE = timedelta(minutes=2)
KEPT = timedelta(days=30)
PRIVATE_KEPT = timedelta(hours=24)
LONGEST_PERIOD = timedelta(days=7)

# Asked on every page of the team, and on every exchange: written once.
BEATS = Prepared(
    lambda: WorkerBeat.objects.filter(
        beat_at__gt=Asked("after", DateTimeField()), beat_at__lt=Asked("before", DateTimeField())
    ).values_list("pk")[:1]
)
log = structlog.get_logger("vecu.jobs")


class LeaseLost(Exception):
    """Another worker took the job over: this one must leave no trace."""


class SomeFailed(Exception):
    """Of many things to do, these many could not be done: the others are."""


class Drop(Exception):
    """Raised by a handler when there is nothing left to do: the job is cancelled, not failed."""


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help: the job fails at once."""


@dataclass(frozen=True)
class Kind:
    handler: Handler
    retries: tuple[int, ...]
    is_atomic: bool
    is_private: bool


@dataclass(frozen=True)
class Period:
    handler: Tick
    every: timedelta | None
    at: time | None

    def latest(self, now: datetime) -> tuple[str, datetime]:
        """The name and the moment of the last tick at or before `now`."""
        if self.every is not None:
            number = int(now.timestamp() // self.every.total_seconds())
            return str(number), datetime.fromtimestamp(number * self.every.total_seconds(), UTC)
        local = timezone.localtime(now)
        day = local.date() if local.time() >= (self.at or time()) else local.date() - timedelta(days=1)
        return day.isoformat(), datetime.combine(day, self.at or time(), local.tzinfo)


KINDS: dict[str, Kind] = {}
PERIODS: dict[str, Period] = {}
GUARDS: list[Guard] = []


def job(
    kind: str, retries: Sequence[int] = RETRIES, *, atomic: bool = True, is_private: bool = False
) -> Callable[[Handler], Handler]:
    """Register the handler of a kind. `atomic=False` for handlers which speak to the outside; `is_private` for those
    whose payload holds something sealed: given up, it is forgotten after a day and cannot be tried again."""

    def register(handler: Handler) -> Handler:
        if kind in KINDS:
            raise ValueError(f"two handlers for the job {kind}")
        KINDS[kind] = Kind(handler, tuple(retries), atomic, is_private)
        return handler

    return register


def periodic(
    name: str, *, every: timedelta | None = None, at: time | None = None, atomic: bool = True
) -> Callable[[Tick], Tick]:
    """Run `handler(now)` once per tick: `every` so often, or each day `at` a local time.

    One tick is one job whose key names the tick, so two workers, a restart or a night when the clocks change
    never run it twice; ticks missed while nothing ran are caught up by one run.
    """
    if (every is None) == (at is None) or (every is not None and every > LONGEST_PERIOD):
        raise ValueError(f"{name}: say either every (at most 7 days) or at")

    def register(handler: Tick) -> Tick:
        PERIODS[name] = Period(handler, every, at)
        job(name, atomic=atomic)(lambda payload: handler(datetime.fromisoformat(payload["now"])))
        return handler

    return register


def guard(callable_: Guard) -> Guard:
    """Register a question asked before each job about someone: may anything still leave? False drops the job."""
    GUARDS.append(callable_)
    return callable_


def enqueue(
    kind: str,
    *,
    payload: dict[str, Any] | None = None,
    run_at: datetime | None = None,
    key: str | None = None,
    about: UUID | None = None,
) -> Job | None:
    """Add a job to the current transaction. With a `key` already used: nothing, and None is returned."""
    if kind not in KINDS:
        raise LookupError(f"no handler for the job {kind}")
    row = Job(kind=kind, payload=payload or {}, run_at=run_at or timezone.now(), key=key, about=about)
    if key is None:
        row.save(force_insert=True)
        return row
    if Job.objects.filter(key=key).exists():
        return None
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return None
    return row


def cancel(*, about: UUID | None = None, key: str | None = None) -> int:
    """Cancel what waits about a person, or under a key; returns how many. Running jobs are not interrupted."""
    if about is None and key is None:
        raise ValueError("cancel about whom, or which key?")
    waiting = Job.objects.filter(state=JobState.QUEUED)
    if about is not None:
        waiting = waiting.filter(about=about)
    if key is not None:
        waiting = waiting.filter(key=key)
    return waiting.update(state=JobState.CANCELLED, finished_at=timezone.now(), payload={})


def forget(about: UUID) -> None:
    """Cancel what waits about a person, and empty what was given up."""
    cancel(about=about)
    Job.objects.filter(about=about, state=JobState.FAILED).update(payload={})


def each(rows: Iterable[Row], deed: Callable[[Row], object]) -> int:
    """The same deed for each row, each in a transaction of its own; returns how many. One that fails keeps no other
    from being done: the job, which must not be atomic, fails at the end and is tried again for those left."""
    done = failed = 0
    for row in rows:
        try:
            with transaction.atomic():
                deed(row)
            done += 1
        except Exception as error:  # whatever it is, the others do not wait for it
            failed += 1
            log.error(
                "job.one_failed",
                row=str(getattr(row, "pk", "") or getattr(row, "model", "")),
                error=type(error).__name__,
            )
    if failed:
        raise SomeFailed(f"{failed} of {failed + done}")
    return done


def failed() -> QuerySet[Job]:
    """Jobs given up, newest first: staff is shown their kind and date."""
    return Job.objects.filter(state=JobState.FAILED).order_by("-finished_at")


def retry(row: Job) -> None:
    """Give a failed job a new start."""
    Job.objects.filter(pk=row.pk, state=JobState.FAILED).update(
        state=JobState.QUEUED, attempts=0, run_at=timezone.now(), finished_at=None
    )


def tick(now: datetime | None = None) -> int:
    """Queue each periodic job whose tick has come; returns how many were new."""
    now = now or timezone.now()
    count = 0
    for name, period in PERIODS.items():
        label, _moment = period.latest(now)
        queued = enqueue(name, payload={"now": now.isoformat()}, run_at=now, key=f"{name}@{label}")
        count += queued is not None
    return count


def run_due(limit: int | None = None, now: datetime | None = None, worker: str = "") -> int:
    """Run what is due, oldest first, until nothing is left or `limit` is reached; returns how many ran."""
    worker = worker or f"inline-{secrets.token_hex(4)}"
    count = 0
    while limit is None or count < limit:
        row = claim(worker, now)
        if row is None:
            break
        run(row, now)
        count += 1
    return count


def claim(worker: str, now: datetime | None = None) -> Job | None:
    """Lease the next due job to this worker. A lease that ran out, or lies absurdly far, is taken over."""
    now = now or timezone.now()
    due = Job.objects.filter(
        Q(state=JobState.QUEUED, run_at__lte=now)
        | Q(state=JobState.RUNNING, lease_until__lt=now)
        | Q(state=JobState.RUNNING, lease_until__gt=now + 2 * LEASE)
    ).order_by("run_at", "created_at")
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        row = due.first()
        if row is None:
            return None
        row.worker = f"{worker[:40]}#{secrets.token_hex(6)}"
        taken = Job.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts, lease_until=row.lease_until)
        if row.lease_until is None:
            taken = Job.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts, lease_until__isnull=True)
        if not taken.update(
            state=JobState.RUNNING, worker=row.worker, lease_until=now + LEASE, attempts=F("attempts") + 1
        ):
            return None
    row.attempts += 1
    return row


def run(row: Job, now: datetime | None = None) -> None:
    """Run one leased job and record how it ended."""
    kind = KINDS.get(row.kind)
    if kind is None:
        _finish(row, JobState.FAILED, error="no handler")
    elif row.attempts > len(kind.retries) + 1:
        _finish(row, JobState.FAILED, error=row.error or "the worker died each time")
    elif (kind.is_private and not row.payload) or (row.about and not all(ask(row.about) for ask in GUARDS)):
        _finish(row, JobState.CANCELLED)
    else:
        _attempt(row, kind, now or timezone.now())


def _attempt(row: Job, kind: Kind, now: datetime) -> None:
    payload = {**row.payload, "job": str(row.pk)} if not kind.is_atomic else row.payload
    try:
        if kind.is_atomic:
            with transaction.atomic():
                kind.handler(payload)
                if not _finish(row, JobState.DONE):
                    raise LeaseLost(str(row))
        else:
            kind.handler(payload)
            _finish(row, JobState.DONE)
    except LeaseLost:
        log.warning("job.lease_lost", kind=row.kind, job=str(row.pk))
    except Drop:
        _finish(row, JobState.CANCELLED)
    except GiveUp as error:
        _finish(row, JobState.FAILED, error=type(error.__cause__ or error).__name__)
        log.error("job.failed", kind=row.kind, job=str(row.pk), attempts=row.attempts)
    except Exception as error:
        _retry_later(row, kind, error, now)


def _retry_later(row: Job, kind: Kind, error: Exception, now: datetime) -> None:
    # The class of the error only: its message may hold what a person wrote.
    name = type(error).__name__
    if row.attempts > len(kind.retries):
        _finish(row, JobState.FAILED, error=name)
        log.error("job.failed", kind=row.kind, job=str(row.pk), error=name, attempts=row.attempts)
        return
    wait = timedelta(seconds=kind.retries[row.attempts - 1])
    _owned(row).update(state=JobState.QUEUED, run_at=now + wait, lease_until=None, error=name)
    log.warning("job.retry", kind=row.kind, job=str(row.pk), error=name, attempts=row.attempts, wait=wait.seconds)


def _finish(row: Job, state: JobState, error: str = "") -> bool:
    """Only what was given up may be tried again, and keeps what it needs for it."""
    left = row.payload if state == JobState.FAILED else {}
    ended = _owned(row).update(
        state=state, finished_at=timezone.now(), lease_until=None, error=error or row.error, payload=left
    )
    return bool(ended)


def _owned(row: Job) -> QuerySet[Job]:
    return Job.objects.filter(pk=row.pk, state=JobState.RUNNING, worker=row.worker)


def prolong(worker: str, now: datetime | None = None) -> None:
    """The worker is alive: keep its leases and say so."""
    now = now or timezone.now()
    _follow_clock(now)
    Job.objects.filter(state=JobState.RUNNING, worker__startswith=f"{worker[:40]}#").update(lease_until=now + LEASE)
    WorkerBeat.objects.update_or_create(name=worker[:64], defaults={"beat_at": now})


def _follow_clock(now: datetime) -> None:
    """The clock was set back: what was asked under the old one keeps its delay (an alert's next circle, a letter).

    A heartbeat of the future says by how much. Jobs made since were made by the old clock; without this they would
    wait for it to come round again.
    """
    ahead = WorkerBeat.objects.filter(beat_at__gt=now + ALIVE)
    newest = ahead.aggregate(newest=Max("beat_at"))["newest"]
    if newest is None:
        return
    back = newest - now
    waiting = Job.objects.filter(state=JobState.QUEUED, created_at__gt=now)
    count = waiting.update(run_at=F("run_at") - back, created_at=F("created_at") - back)
    ahead.delete()
    log.warning("clock.set_back", seconds=int(back.total_seconds()), jobs=count)


def worker_is_alive(now: datetime | None = None) -> bool:
    """A worker said so less than two minutes ago. When False, staff is told and nothing is promised.

    A heartbeat of the future proves nothing: the clock was set back, and the worker may be dead.
    """
    now = now or timezone.now()
    return bool(BEATS.rows(after=now - ALIVE, before=now + ALIVE))


@periodic("core.forget_private_jobs", every=timedelta(hours=1))
def forget_private_jobs(now: datetime) -> None:
    """What was given up a day ago and holds something sealed (a letter, an address, a code) is emptied."""
    kinds = [name for name, kind in KINDS.items() if kind.is_private]
    given_up = Job.objects.filter(kind__in=kinds, state=JobState.FAILED, finished_at__lt=now - PRIVATE_KEPT)
    given_up.exclude(payload={}).update(payload={})


@periodic("core.forget_done_jobs", at=time(4, 40))
def forget_done_jobs(now: datetime) -> None:
    """Jobs done or cancelled are kept 30 days, failed ones until someone retries or a year has passed."""
    Job.objects.filter(state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=now - KEPT).delete()
    Job.objects.filter(state=JobState.FAILED, finished_at__lt=now - timedelta(days=365)).delete()
    WorkerBeat.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()
