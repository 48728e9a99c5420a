"""What is worked out of many rows and kept in memory, exact each time it is used.

The database itself leaves a mark whenever a row of a watched table is written (`core_changemark`: in which
organisation, about whom), whatever wrote it: no verb can forget it, and a transaction undone takes its marks with it.
Whoever keeps facts asks, at each use, for the number and the sum of the marks of the organisation. The same as last
time: nothing was written. Otherwise those about whom marks came or went are read again, and nobody else.

A mark is a number drawn at random, never one that follows another: transactions end in another order than they
began, and a number given back would be taken for the one seen before.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID
from zlib import crc32

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Count, Sum, UUIDField
from django.utils import timezone

from vecu.core import jobs
from vecu.core.prepared import Asked, Prepared, counted
from vecu.core.tables import ChangeMark

Fact = TypeVar("Fact")
KEPT_ORGANISATIONS = 8
MOST_MARKS = 2_000  # of one organisation, before they are joined within the hour
MANY = 500  # above this many to read again, everyone is: one query rather than long lists

# Whose facts a row of a table changes: organisations and keys, `{row}` being the row written.
ITSELF = "SELECT {row}.organisation_id, {row}.id"
EVERYONE = "SELECT {row}.organisation_id, {row}.organisation_id"
WATCHED: dict[str, str] = {}

HERE = Asked("organisation_id", UUIDField())
SEEN = Prepared(
    lambda: counted(ChangeMark.objects.filter(organisation_id=HERE), marks=Count("mark"), total=Sum("mark"))
)
MARKS = Prepared(lambda: ChangeMark.objects.filter(organisation_id=HERE).values_list("mark", "about"))


def watch(table: str, whose: str) -> None:
    """Said at start-up by the area that owns the table; the triggers are put after each migration."""
    WATCHED[table] = whose


@dataclass(frozen=True)
class Known(Generic[Fact]):
    """The facts of one organisation on one day, and what was worked out of them (`once`)."""

    day: date
    seen: tuple[int, int | None]
    marks: Mapping[int, UUID]
    facts: Mapping[UUID, Fact]
    _made: dict[Any, Any] = field(default_factory=dict)
    _mended: dict[Any, tuple[Any, frozenset[UUID]]] = field(default_factory=dict)

    def once(self, name: Any, make: Callable[[], Any]) -> Any:
        """Worked out at the first asking, and gone with the first change."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]

    def mended(self, name: Any, make: Callable[[], Any], mend: Callable[[Any, frozenset[UUID]], Any]) -> Any:
        """Worked out at the first asking; after a change, `mend` makes another of it and of the keys read again."""
        made, changed = self._mended.get(name, (None, frozenset()))
        if made is None or changed:
            made = make() if made is None else mend(made, changed)
            self._mended[name] = (made, frozenset())
        return made

    def after(self, changed: Collection[UUID]) -> dict[Any, tuple[Any, frozenset[UUID]]]:
        """What may be mended, and about whom it is to be."""
        return {name: (made, waiting.union(changed)) for name, (made, waiting) in self._mended.copy().items()}


class Kept(Generic[Fact]):
    """Facts about the rows of an organisation. `read(organisation_id, keys, day)` gives those of the keys, or of
    everyone when `keys` is None; a key that is not in its answer has none."""

    def __init__(self, read: Callable[[UUID, Collection[UUID] | None, date], dict[UUID, Fact]]) -> None:
        self._read = read
        self._known: dict[UUID, Known[Fact]] = {}

    def of(self, organisation_id: UUID, day: date) -> Known[Fact]:
        """The facts as they are now. The marks are read first: what is written meanwhile is read again next time."""
        ((count, total),) = SEEN.rows(organisation_id=organisation_id)
        known = self._known.get(organisation_id) if _are_put() else None
        if known is not None and known.day == day and known.seen == (count, total):
            self._keep(organisation_id, known)
            return known
        # Not those summed above: these are the marks that the facts below are at least as new as.
        marks = dict(MARKS.rows(organisation_id=organisation_id))
        changed = _changed(known.marks, marks) if known is not None and known.day == day else None
        seen = (len(marks), sum(marks) if marks else None)
        if known is None or changed is None or organisation_id in changed or len(changed) > MANY:
            fresh = Known(day, seen, marks, self._read(organisation_id, None, day))
        else:
            facts = dict(known.facts)
            for key in changed:
                facts.pop(key, None)
            facts |= self._read(organisation_id, changed, day)
            fresh = Known(day, seen, marks, facts, _mended=known.after(changed))
        if _are_put():
            self._keep(organisation_id, fresh)
        return fresh

    def forget(self) -> None:
        """Everything is read anew at the next use."""
        self._known = {}

    def _keep(self, organisation_id: UUID, fresh: Known[Fact]) -> None:
        """The last looked at is the last to go; what nobody looked at today goes, so that nobody erased stays."""
        held = {key: one for key, one in self._known.items() if key != organisation_id and one.day == fresh.day}
        for oldest in list(held)[: max(0, len(held) - KEPT_ORGANISATIONS + 1)]:
            del held[oldest]
        self._known = held | {organisation_id: fresh}


def _changed(before: Mapping[int, UUID], now: Mapping[int, UUID]) -> set[UUID]:
    """About whom marks came or went; one that went was undone, and what was read of it with it."""
    came, went = now.keys() - before.keys(), before.keys() - now.keys()
    return {now[mark] for mark in came} | {before[mark] for mark in went}


@jobs.periodic("core.join_marks", at=time(3, 40))
def join_marks(now: datetime) -> None:
    """The marks of the day become one for each organisation, which says that everything may have changed."""
    _join(set(ChangeMark.objects.values_list("organisation_id", flat=True)))


@jobs.periodic("core.join_many_marks", every=timedelta(hours=1))
def join_many_marks(now: datetime) -> None:
    """After an import or new keys there are thousands, counted at each look: they do not wait for the night."""
    counts = ChangeMark.objects.values_list("organisation_id").annotate(marks=Count("pk")).order_by()
    _join({organisation_id for organisation_id, marks in counts if marks > MOST_MARKS})


def _join(found: Collection[UUID]) -> None:
    with transaction.atomic():
        fresh = [ChangeMark(organisation_id=one, about=one, mark=secrets.randbelow(ChangeMark.MOST)) for one in found]
        kept = [row.pk for row in ChangeMark.objects.bulk_create(fresh)]
        # Only where one was put: a mark of another organisation may have come since they were counted.
        ChangeMark.objects.filter(organisation_id__in=found).exclude(pk__in=kept).delete()


# -- the triggers

WRITES = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
MARK = ChangeMark._meta.db_table
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, 10) = 'core_mark_'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE starts_with(tgname, 'core_mark_') AND tgenabled <> 'D'",
}
_put: dict[str, bool] = {}  # by database: whether every watched table has its triggers


def put(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """After each migration: a table made anew has lost its triggers, and an area may watch other tables."""
    if using != DEFAULT_DB_ALIAS:  # a masked copy gets its own once it is opened as a site
        return
    tables = set(connection.introspection.table_names())
    wanted = {name: parts for name, parts in _wanted().items() if parts[0] in tables and MARK in tables}
    standing = _standing()
    lacking = wanted.keys() - standing
    with connection.cursor() as cursor:
        for name in lacking:
            for statement in MADE[connection.vendor](name, *wanted[name]):
                cursor.execute(statement)
    for name in standing - wanted.keys():
        _take_away(name)
    if lacking:
        join_marks(timezone.now())
    _put.clear()


def take_away(plan: Any = (), using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Before a migration: SQLite cannot rename a table that a trigger of another one speaks of."""
    if plan and using == DEFAULT_DB_ALIAS and connection.vendor == "sqlite":
        for name in _standing():
            _take_away(name)
        _put.clear()


GONE = {"sqlite": "DROP TRIGGER {name}", "postgresql": "DROP FUNCTION {name}() CASCADE"}  # its trigger goes with it


def _take_away(name: str) -> None:
    statement = GONE[connection.vendor].format(name=name)
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _are_put() -> bool:
    """Without its triggers a table could change unseen, and nothing is kept.

    Looked at once a process; on SQLite, where another process takes them away to migrate, once for each shape of the
    database, which it numbers itself.
    """
    name = f"{connection.settings_dict['NAME']} {_shape()}"
    if name not in _put:
        _put.clear()
        _put[name] = _wanted().keys() <= _standing()
    return _put[name]


def _shape() -> int:
    if connection.vendor != "sqlite":
        return 0
    connection.ensure_connection()
    ((number,),) = connection.connection.execute("PRAGMA schema_version")
    return int(number)


def _standing() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def _wanted() -> dict[str, tuple[str, str, str]]:
    """Each trigger by its name, which changes with its words: table, kind of write, whose facts."""
    return {
        f"core_mark_{table}_{write}_{crc32(whose.encode()):08x}": (table, write, whose)
        for table, whose in WATCHED.items()
        for write in WRITES
    }


def _about(write: str, whose: str) -> str:
    return " UNION ".join(whose.format(row=row) for row in WRITES[write])


def _on_sqlite(name: str, table: str, write: str, whose: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name} AFTER {write} ON {table} BEGIN "  # noqa: S608
        f"INSERT INTO {MARK} (organisation_id, about, mark) "
        f"SELECT t.organisation_id, t.about, abs(random() % {ChangeMark.MOST}) FROM "
        f"(SELECT '' AS organisation_id, '' AS about WHERE 0 UNION {_about(write, whose)}) AS t; END",
    ]


def _on_postgresql(name: str, table: str, write: str, whose: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
        f"INSERT INTO {MARK} (organisation_id, about, mark) "
        f"SELECT t.organisation_id, t.about, floor(random() * {ChangeMark.MOST})::bigint FROM "
        f"({_about(write, whose)}) AS t (organisation_id, about); RETURN NULL; END $$",
        f"CREATE OR REPLACE TRIGGER {name} AFTER {write} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


MADE = {"sqlite": _on_sqlite, "postgresql": _on_postgresql}
