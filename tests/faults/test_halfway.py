"""Threat 40: an action that fails halfway leaves nothing behind.

While a world is made by the real actions, each of them is first called once for each of its statements from the
first write on, and that statement fails: the action must fail too, and the database must be as it was. Only then is
it called for good. So every action that a story goes through is tried with its own arguments.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import pkgutil
import re
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone

from tests import test_erasure
from tests.access.world import at_the_usual_hour, make_world
from tests.faults import verbs
from tests.threats.test_source import trees
from vecu.core import vault
from vecu.core.errors import Denied, Refused
from vecu.core.readonly import READING
from vecu.core.tables import OnceKey, WorkerBeat

pytestmark = pytest.mark.django_db
AREAS = (
    "people",
    "peers",
    "messaging",
    "safeguarding",
    "agenda",
    "recognition",
    "accompaniment",
    "training",
    "recruitment",
    "missions",
)
# Django looks at a constraint before it writes, and goes on when that look fails: the write is held to it anyway.
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# Called within an action or a job, whose transaction is theirs.
NOT_ALONE = {
    "vecu/accompaniment/actions/contacts.py:remind_to_log",
    "vecu/accompaniment/actions/evaluations.py:ask",
    "vecu/accompaniment/actions/follow_ups.py:heard_of",
    "vecu/accompaniment/actions/follow_ups.py:with_the_peer",
    "vecu/accompaniment/actions/follow_ups.py:with_the_person",
    "vecu/accompaniment/actions/pairs.py:open_pair",
    "vecu/accompaniment/actions/requests.py:move_requests",
    "vecu/agenda/actions/enrolments.py:give_free_places",
    "vecu/agenda/actions/half_days.py:write_half_day",
    "vecu/agenda/actions/rows.py:keep_dates",
    "vecu/peers/actions/rows.py:update",
    "vecu/people/actions/erasing.py:erase",
    "vecu/people/actions/invitations.py:prepare",
    "vecu/people/actions/invitations.py:send",
    "vecu/people/actions/memberships.py:start",
    "vecu/recognition/actions/rows.py:take_number",
    "vecu/safeguarding/actions/reviews.py:plan",
    "vecu/safeguarding/actions/reviews.py:plan_after_opening",
    "vecu/training/actions/proofs.py:give",
    "vecu/training/actions/proofs.py:take_back",
}
WRITTEN_IN = re.compile(r'\b(?:INSERT (?:OR \w+ )?INTO|(?<!FOR )(?<!DO )UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
POINTS = 3  # statements at which each action is made to fail


def public_actions() -> dict[str, Callable[..., Any]]:
    """Every verb that opens a transaction, by its name."""
    found = {}
    for area in AREAS:
        package = importlib.import_module(f"vecu.{area}.actions")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            loaded = importlib.import_module(module.name)
            for name, value in inspect.getmembers(loaded, inspect.isfunction):
                is_own = inspect.unwrap(value).__module__ == loaded.__name__
                if is_own and not name.startswith("_") and hasattr(value, "__wrapped__"):
                    found[f"{loaded.__name__.removeprefix('vecu.')}.{name}"] = value
    return found


class Fault(OperationalError):
    """The database went away at this statement."""


class Counter:
    """Counts the statements of one call; fails at one of them."""

    def __init__(self, fails_at: int = -1) -> None:
        self.fails_at, self.statements, self.first_write, self.failed = fails_at, 0, None, ""
        self.tables: set[str] = set()  # written in

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        if self.statements == self.fails_at:
            self.failed = str(sql)[:90]
            raise Fault(self.failed)
        if self.first_write is None and not READING.match(str(sql)):
            self.first_write = self.statements
        self.tables.update(WRITTEN_IN.findall(str(sql)))
        return execute(sql, params, many, context)


def spread(first: int, last: int) -> list[int]:
    """The first write, the last statement, and a few between: the whole list when it is short."""
    step = max(1, (last - first) // (POINTS - 1))
    return sorted({*range(first, last + 1, step), last})[: POINTS + 1]


def state(tables: set[str]) -> dict[str, int]:
    """A mark of every row of these tables."""
    marks = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            marks[table] = hash(frozenset(map(_plain, cursor.fetchall())))
    return marks


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """As it is, where it can be told from another; else in words."""
    try:
        hash(row)
    except (TypeError, ValueError):
        return tuple(bytes(value) if isinstance(value, memoryview) else str(value) for value in row)
    return row


@contextmanager
def memory_of(*values: Any) -> Iterator[None]:
    """Rows in hand are as they were, whatever a call that failed wrote on them."""
    held: dict[int, tuple[models.Model, dict[str, Any], dict[str, Any]]] = {}

    def keep(value: Any) -> None:
        if isinstance(value, models.Model) and id(value) not in held:
            held[id(value)] = (value, dict(value.__dict__), dict(value._state.fields_cache))
            for inner in value._state.fields_cache.values():
                keep(inner)
        elif isinstance(value, (list, tuple)):
            for inner in value:
                keep(inner)

    for value in values:
        keep(value)
    files = [(value, value.tell()) for value in values if hasattr(value, "seek")]
    try:
        yield
    finally:
        put_back(held)
        for file, place in files:
            file.seek(place)


def put_back(held: Any) -> None:
    for row, content, cache in held.values():
        row.__dict__.clear()
        row.__dict__.update(content)
        row._state.fields_cache = cache
        row._state.adding = content["_state"].adding


class Trials:
    """Wraps every action; tries each once, where the story first calls it from outside."""

    def __init__(self) -> None:
        self.tried: dict[str, int] = {}
        self.seen: set[str] = set()
        self.inside: set[str] = set()
        self.wrong: list[str] = []
        self.depth = 0

    def wrap(self, name: str, action: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(action)
        def tried(*args: Any, **kwargs: Any) -> Any:
            self.depth += 1
            try:
                if self.depth > 1:
                    self.inside.add(name)
                elif name not in self.seen:
                    self.seen.add(name)
                    self.try_all(name, action, args, kwargs)
                return action(*args, **kwargs)
            finally:
                self.depth -= 1

        return tried

    def try_all(self, name: str, action: Any, args: Any, kwargs: Any) -> None:
        """Called once to learn its statements, then once for each point at which it fails; always taken back."""
        rehearsal = Counter()
        self.rehearse(action, args, kwargs, rehearsal)
        if rehearsal.first_write is None:
            return
        self.tried[name] = 0
        before = state(rehearsal.tables)
        for point in spread(rehearsal.first_write, rehearsal.statements):
            counter = Counter(point)
            with memory_of(*args, *kwargs.values()), transaction.atomic():
                try:
                    with connection.execute_wrapper(counter):
                        action(*args, **kwargs)
                except Fault:
                    self.tried[name] += 1
                    self.look(name, counter, before)
                except Refused:  # told kindly, and as whole as the fault itself
                    self.look(name, counter, before)
                else:
                    if WRITING.match(counter.failed):
                        self.wrong.append(f"{name} went on although this failed: {counter.failed}")
                transaction.set_rollback(True)
            vault.forget()

    def rehearse(self, action: Any, args: Any, kwargs: Any, counter: Counter) -> None:
        try:
            with memory_of(*args, *kwargs.values()), transaction.atomic(), connection.execute_wrapper(counter):
                action(*args, **kwargs)
                transaction.set_rollback(True)
        finally:
            vault.forget()

    def look(self, name: str, counter: Counter, before: dict[str, int]) -> None:
        failed = counter.failed
        if strange := counter.tables - before.keys():
            self.wrong.append(f"{name} writes in {strange} only when this fails: {failed}")
        if connection.needs_rollback:
            self.wrong.append(f"{name} has no transaction of its own: {failed}")
            return
        after = state(set(before))
        changed = [table for table in before if before[table] != after[table]]
        if changed:
            self.wrong.append(f"{name} leaves {changed} when this fails: {failed}")


@pytest.fixture
def trials(monkeypatch: pytest.MonkeyPatch) -> Trials:
    """Every action, wherever it was imported, under trial."""
    made = Trials()
    wrapped = {id(action): made.wrap(name, action) for name, action in public_actions().items()}
    modules = [module for name, module in sys.modules.items() if name.startswith(("vecu.", "tests."))]
    for module in modules:
        for name, value in list(vars(module).items()):
            if inspect.isfunction(value) and id(value) in wrapped:
                monkeypatch.setattr(module, name, wrapped[id(value)])
    return made


def test_an_action_that_fails_leaves_nothing(trials: Trials) -> None:
    with at_the_usual_hour():
        story = test_erasure.Story(make_world())
        refused = []
        for verb in verbs.verbs():
            with transaction.atomic(), memory_of(*story.side.rows.values(), story.person, story.talk):
                try:
                    verb(story)
                except (Refused, Denied, TypeError, ValueError, LookupError) as error:
                    refused.append(f"{inspect.getsource(verb)[:80]} {error!r}")
                transaction.set_rollback(True)
            vault.forget()
    missing = set(public_actions()) - set(trials.tried) - trials.inside
    assert not refused
    assert trials.wrong == []
    assert len(missing) < 0.2 * len(public_actions()), f"say in tests/faults/verbs.py how these are called: {missing}"


@pytest.mark.parametrize("is_whole", [True, False])
def test_the_look_sees_half_a_change(is_whole: bool) -> None:
    """Else the test above proves nothing."""

    def half(name: str) -> None:
        OnceKey.objects.create(key=uuid.uuid4(), owner=name)
        WorkerBeat.objects.create(name=name, beat_at=timezone.now())

    trials = Trials()
    trials.wrap("half", transaction.atomic(half) if is_whole else half)("x")
    assert trials.tried["half"]
    assert bool(trials.wrong) != is_whole


def test_every_action_that_writes_is_one_transaction() -> None:
    """A verb that journals, saves or asks for a job is undone as a whole; jobs and clocks have theirs."""
    found = []
    for path, tree in trees().items():
        if "/actions" not in path or "/core/" in path:
            continue
        for function in [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]:
            called = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            writes = any(
                name in ("journal.write", "jobs.enqueue", "publish") or name.endswith((".save", ".objects.create"))
                for name in called
            )
            around = [ast.unparse(decorator) for decorator in function.decorator_list]
            if writes and not any(word.startswith(("transaction.atomic", "jobs.")) for word in around):
                found.append(f"{path}:{function.name}")
    assert set(found) == NOT_ALONE, "make it @transaction.atomic, or say above that it is never called alone"
