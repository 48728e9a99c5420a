"""Queries whose words never change: written once, asked again with other values.

Django spends five to ten times longer writing the SQL of such a query than the database spends answering it, which
counts for what runs on every page. A prepared query is an ordinary queryset in which `Asked` holds the place of
each value; its rows are those `values_list` would give.

    STORED = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())).values_list("session_data"))
    STORED.rows(key="…")

`Prepared` is for questions without scope (who is asking); `Seen` for rows that an actor may see or not. Both give
tuples; `PreparedRows` and `SeenRows` give rows of a model. A part of the words that changes with the day is kept by
day (`lru_cache`), never by moment.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache, partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast
from uuid import UUID, SafeUUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.models import CharField, Count, Expression, Field, IntegerField, Model, Q, QuerySet, UUIDField, Value

if TYPE_CHECKING:
    from vecu.core.access import Actor, Scope

M = TypeVar("M", bound=Model)


class Asked(Expression):
    """The place of a value given later, turned for the database as `field` turns it."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(values[self.name], connection)


class _Several(Asked):
    """The place of several values, however many: one list, of which the database makes rows."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "(SELECT value FROM json_each(%s))", [self]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return f"(SELECT unnest(%s::{self.output_field.db_type(connection)}[]))", [self]

    def value(self, values: dict[str, Any], connection: Any) -> Any:
        given = [self.output_field.get_db_prep_value(one, connection) for one in values[self.name]]
        return given if connection.vendor == "postgresql" else json.dumps(given)


def any_of(column: str, name: str, field: Field[Any, Any]) -> Q:
    """The column is one of the values given later: what hangs on the rows of one page."""
    return Q(**{f"{column}__in": _Several(name, field)})


Turn = Callable[[Sequence[Any]], Sequence[Any]]  # the cells of a column as Python has them


@dataclass(frozen=True)
class _Written:
    """The SQL, its values in order (an `Asked` where one is to come), and what turns columns back into Python."""

    sql: str
    places: tuple[Any, ...]
    converters: tuple[tuple[int, Turn], ...]


class _Kept:
    """SQL that is written at its first use for each kind of database."""

    def __init__(self, write: Callable[[Any], _Written]) -> None:
        self._write = write
        self._written: dict[str, _Written] = {}

    def rows(self, part: slice | None = None, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, as tuples, or those of one `part` of them. A value that is missing is an error."""
        here = connections[DEFAULT_DB_ALIAS]
        written = self._written.get(here.vendor) or self._written.setdefault(here.vendor, self._write(here))
        sql = written.sql
        asked = [place.value(values, here) if isinstance(place, Asked) else place for place in written.places]
        if part is not None:
            sql, asked = f"{sql} LIMIT %s OFFSET %s", [*asked, part.stop - part.start, part.start]
        with here.cursor() as cursor:
            if here.vendor == "sqlite":
                cursor.cursor.convert_query = _with_marks
            cursor.execute(sql, asked)
            return _from_database(cursor.fetchall(), written)


class Prepared(_Kept):
    """One query."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        super().__init__(lambda here: _written(make(), here))


class _Joined(_Kept):
    """Several queries of the same columns asked as one: of each, so many rows at most."""

    def __init__(self, parts: Sequence[tuple[int, Callable[[], QuerySet[Any, Any]]]]) -> None:
        super().__init__(lambda here: _joined([(most, _written(make(), here)) for most, make in parts]))


def _joined(parts: Sequence[tuple[int, _Written]]) -> _Written:
    sql = " UNION ALL ".join(
        f"SELECT * FROM ({part.sql} LIMIT {most}) AS part_{at}"  # noqa: S608 two numbers of ours
        for at, (most, part) in enumerate(parts)
    )
    places = tuple(place for _most, part in parts for place in part.places)
    return replace(parts[0][1], sql=sql, places=places)


def _written(queryset: QuerySet[Any, Any], here: Any) -> _Written:
    compiler = queryset.query.get_compiler(connection=here, elide_empty=False)
    sql, places = compiler.as_sql()
    found = compiler.get_converters([column for column, _sql, _alias in compiler.select])
    converters = tuple((at, _turn(convert, column, here)) for at, (each, column) in found.items() for convert in each)
    return _Written(sql, tuple(places), converters)


@lru_cache(maxsize=1024)
def _with_marks(sql: str, *, param_names: None = None) -> str:
    """SQLite's own marks for values. Django looks for the places of values in all the words, each time."""
    return str(SQLiteCursorWrapper.convert_query(cast(Any, None), sql, param_names=param_names))


def _turn(convert: Callable[..., Any], column: Any, here: Any) -> Turn:
    """A page reads a thousand keys and days, which SQLite keeps as text: what Django does cell by cell, by column."""
    own: dict[str, Turn] = {
        "convert_uuidfield_value": _keys,
        "convert_datetimefield_value": lambda cells: [
            cell.replace(tzinfo=UTC) if type(cell) is datetime else cell and convert(cell, column, here)
            for cell in cells
        ],
        "convert_datefield_value": lambda cells: [
            cell if cell is None or type(cell) is date else convert(cell, column, here) for cell in cells
        ],
        "convert_booleanfield_value": lambda cells: [
            cell if cell is True or cell is False else convert(cell, column, here) for cell in cells
        ],
    }
    found = own.get(getattr(convert, "__name__", "")) if here.vendor == "sqlite" and here.timezone is UTC else None
    return found or (lambda cells: [convert(cell, column, here) for cell in cells])


def _keys(cells: Sequence[str | None]) -> list[UUID | None]:
    """The same organisation stands in each row, and the same peer in several."""
    made: dict[str | None, UUID | None] = {None: None}
    return [made[cell] if cell in made else made.setdefault(cell, _key(cell or "")) for cell in cells]


def _key(text: str) -> UUID:
    """The key that is written so: what `UUID(text)` gives, without asking in which of five ways it is written."""
    key = object.__new__(UUID)
    object.__setattr__(key, "int", int(text, 16))
    object.__setattr__(key, "is_safe", SafeUUID.unknown)
    return key


def _from_database(rows: list[Any], written: _Written) -> list[tuple[Any, ...]]:
    """Column by column: a page reads many rows of few columns."""
    if not rows or not written.converters:
        return [tuple(row) for row in rows]
    columns: list[Any] = list(zip(*rows, strict=True))
    for position, turn in written.converters:
        columns[position] = turn(columns[position])
    return list(zip(*columns, strict=True))


class _Shape(Generic[M]):
    """The columns of a model and of those it points to, and a row made of them.

    `followed` are paths as select_related takes them, each step of which is followed too; `only` the columns read,
    as `only` of a queryset takes them, all when none is named.
    """

    def __init__(self, model: type[M], followed: Sequence[str], only: Sequence[str]) -> None:
        self._steps: list[_Step] = []
        models: dict[str, Any] = {"": model}
        steps = (step for path in followed for step in accumulate(path.split("__"), "{}__{}".format))
        for path in dict.fromkeys(["", *steps]):
            before, _, name = path.rpartition("__")
            field: Any = models[before]._meta.get_field(name) if path else None
            models[path] = field.related_model if path else model
            self._steps.append(_Step(path, before, field, models[path], _columns(models[path], path, only)))
        self.names = [f"{step.path}__{name}" if step.path else name for step in self._steps for name in step.columns]

    def made(self, line: tuple[Any, ...]) -> M:
        found: dict[str, Any] = {}
        start = 0
        for step in self._steps:
            cells = line[start : start + len(step.columns)]
            start += len(step.columns)
            one = step.model.from_db(DEFAULT_DB_ALIAS, step.columns, cells) if cells[step.key] is not None else None
            found[step.path] = one
            if step.field is not None and found[step.before] is not None:
                step.field.set_cached_value(found[step.before], one)
        return cast(M, found[""])


@dataclass(frozen=True)
class _Step:
    """A model on the way: its path and the one before, the field that leads to it, its columns in their order."""

    path: str
    before: str
    field: Any
    model: Any
    columns: list[str]

    @cached_property
    def key(self) -> int:
        return self.columns.index(self.model._meta.pk.attname)


def _columns(model: Any, path: str, only: Sequence[str]) -> list[str]:
    """Those named, in the model's order, and always the key: whether the row is there shows by it."""
    named = {column.removeprefix(f"{path}__") for column in only if column.startswith(f"{path}__") or not path}
    key = model._meta.pk.attname
    return [f.attname for f in model._meta.concrete_fields if not only or f.attname == key or f.attname in named]


class PreparedRows(Generic[M]):
    """As `Prepared`, but it gives rows of a model, each with those it points to (`followed`, as select_related)."""

    def __init__(
        self, model: type[M], make: Callable[[], QuerySet[Any, Any]], *followed: str, only: Sequence[str] = ()
    ) -> None:
        self._shape = _Shape(model, followed, only)
        self._query = Prepared(lambda: make().values_list(*self._shape.names))

    def all(self, **values: Any) -> list[M]:
        return [self._shape.made(line) for line in self._query.rows(**values)]

    def first(self, **values: Any) -> M | None:
        return next(iter(self.all(**values)), None)


class _PerReach:
    """What is asked about rows that an actor may see: written once per reach, with the actor's own keys asked."""

    def __init__(self, can: Any, prepare: Callable[[Actor], _Kept]) -> None:
        self._can, self._prepare = can, prepare
        self._reaches: dict[Scope, _Kept] = {}

    def rows(self, actor: Actor, part: slice | None = None, **values: Any) -> list[tuple[Any, ...]]:
        """The rows this actor may see; none without the right."""
        scope = actor.scope(self._can)
        if not scope:
            return []
        query = self._reaches.get(scope)
        if query is None:
            query = self._reaches[scope] = self._prepare(_Reader(self._can, scope))
        own = {"user_id": actor.user_id, "person_id": actor.person_id, "organisation_id": actor.organisation_id}
        return query.rows(part, **own, **values)


class Seen(_PerReach):
    """A prepared query over rows that an actor may see.

    `make` receives an actor whose keys are places to fill, and passes it to `visible` as views do; what it may
    see is decided by the same querysets, so a right changed in the policy changes this query too. (No `within` of
    ours looks at the clock: what it compares would be kept as it was on the first day.)
    """

    def __init__(self, can: Any, make: Callable[[Actor], QuerySet[Any, Any]]) -> None:
        super().__init__(can, lambda reader: Prepared(lambda: make(reader)))


class SeenRows(Generic[M]):
    """As `Seen`, but it gives rows of a model, each with those it points to (`followed`, as select_related)."""

    def __init__(
        self,
        can: Any,
        model: type[M],
        make: Callable[[Actor], QuerySet[Any, Any]],
        *followed: str,
        only: Sequence[str] = (),
    ) -> None:
        self._shape = _Shape(model, followed, only)
        self._query = Seen(can, lambda actor: make(actor).values_list(*self._shape.names))

    def all(self, actor: Actor, part: slice | None = None, **values: Any) -> list[M]:
        return [self._shape.made(line) for line in self._query.rows(actor, part, **values)]

    def first(self, actor: Actor, **values: Any) -> M | None:
        return next(iter(self.all(actor, slice(0, 1), **values)), None)


class Listing:
    """A long list and its count, both prepared; `of(actor)` is what `page_of` cuts into pages."""

    def __init__(self, can: Any, make: Callable[[Actor], QuerySet[Any, Any]]) -> None:
        self.lines = Seen(can, make)
        self.total = Seen(can, lambda actor: counted(make(actor), n=Count("*")))

    def of(self, actor: Actor, total: int | None = None, **values: Any) -> _Listed:
        """`total` when the page has counted them already, for its tabs."""
        return _Listed(self, actor, total, values)


class InParts(_PerReach):
    """The first rows of a list made of several parts, each of which an index holds in the list's order.

    Asked for `this or that`, the database would read and sort every row there is to give the first twenty. Each part
    is (how many are needed of it at most, the queryset); they are one query, whose rows are put in order by `before`.
    """

    def __init__(
        self,
        can: Any,
        parts: Sequence[tuple[int, Callable[[Actor], QuerySet[Any, Any]]]],
        *,
        before: Callable[[tuple[Any, ...]], Any],
    ) -> None:
        super().__init__(can, lambda reader: _Joined([(most, partial(make, reader)) for most, make in parts]))
        self._before = before

    def rows(self, actor: Actor, part: slice | None = None, **values: Any) -> list[tuple[Any, ...]]:
        found = sorted(super().rows(actor, **values), key=self._before)
        return found if part is None else found[part]


class Tally(_PerReach):
    """How many of the rows an actor may see have each of these values in a column: (value, number), 0 if none.

    `make` gives the rows of one value. Each is counted by itself, along its index: grouping rows that come in order
    takes nearly twice as long.
    """

    def __init__(self, can: Any, make: Callable[[Actor, str], QuerySet[Any, Any]], values: Sequence[str]) -> None:
        def count(reader: Actor, value: str) -> QuerySet[Any, Any]:
            own = Value(value, output_field=CharField())
            found = make(reader, value).order_by().values(_all=Value(1))
            return found.annotate(of=own, n=Count("*")).values_list("of", "n")

        super().__init__(can, lambda reader: _Joined([(1, partial(count, reader, value)) for value in values]))


def counted(queryset: QuerySet[Any, Any], **counts: Any) -> QuerySet[Any, Any]:
    """One row of counts over the whole queryset: `aggregate`, as a queryset."""
    return queryset.order_by().values(_all=Value(1)).annotate(**counts).values_list(*counts)


@dataclass(frozen=True)
class _Listed:
    listing: Listing
    actor: Actor
    total: int | None
    values: dict[str, Any]

    def count(self) -> int:
        if self.total is not None:
            return self.total
        rows = self.listing.total.rows(self.actor, **self.values)
        return rows[0][0] if rows else 0

    def __getitem__(self, part: slice) -> list[tuple[Any, ...]]:
        return self.listing.lines.rows(self.actor, part, **self.values)


class _Reader:
    """Any actor with this reach: the keys are asked later."""

    is_signed_in = True
    user_id: Any = Asked("user_id", IntegerField())
    person_id: Any = Asked("person_id", UUIDField())
    organisation_id: Any = Asked("organisation_id", UUIDField())

    def __init__(self, can: Any, reach: Scope) -> None:
        self.can, self.reach = can, reach

    def scope(self, can: Any) -> Scope:
        if can != self.can:
            raise ValueError(f"a query prepared for {self.can} asks about {can}")
        return self.reach
