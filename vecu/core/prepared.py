"""Queries whose words never change: written once, asked again with other values.

Django spends five to ten times longer writing the SQL of such a query than the database spends answering it, which
counts for what runs on every page. A prepared query is an ordinary queryset in which `Asked` holds the place of
each value; its rows are those `values_list` would give.

    STORED = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())).values_list("session_data"))
    STORED.rows(key="…")

Only for questions without scope (who is asking): rows that someone may see or not go through `visible`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Asked(Expression):
    """The place of a value given later, turned for the database as `field` turns it."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", [self]


@dataclass(frozen=True)
class _Written:
    """The SQL, its values in order (an `Asked` where one is to come), and what turns columns back into Python."""

    sql: str
    places: tuple[Any, ...]
    converters: tuple[tuple[int, tuple[list[Any], Any]], ...]


class Prepared:
    """One query, written at its first use for each kind of database."""

    def __init__(self, make: Callable[[], QuerySet[Any, Any]]) -> None:
        self._make = make
        self._written: dict[str, _Written] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, as tuples. A value that is missing is an error."""
        written = self._written.get(connection.vendor) or self._write()
        asked = [_for_database(place, values) for place in written.places]
        with connection.cursor() as cursor:
            cursor.execute(written.sql, asked)
            return [_from_database(row, written) for row in cursor.fetchall()]

    def _write(self) -> _Written:
        compiler = self._make().query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        converters = compiler.get_converters([column for column, _sql, _alias in compiler.select])
        written = self._written[connection.vendor] = _Written(sql, tuple(places), tuple(converters.items()))
        return written


def _for_database(place: Any, values: dict[str, Any]) -> Any:
    return place.output_field.get_db_prep_value(values[place.name], connection) if isinstance(place, Asked) else place


def _from_database(row: Any, written: _Written) -> tuple[Any, ...]:
    cells = list(row)
    for position, (converters, column) in written.converters:
        for convert in converters:
            cells[position] = convert(cells[position], column, connection)
    return tuple(cells)
