"""GET changes nothing: a wrapper that refuses other statements, switched on in tests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
READING = re.compile(r"\s*\(*\s*(SELECT|WITH|EXPLAIN|PRAGMA|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SHOW)\b", re.I)
# Sessions are renewed, readings are journaled, throttles are counted: none of it is what a person wrote.
BOOKKEEPING = re.compile(
    r"\s*(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+\"?"
    r"(django_session|core_journalentry|usersessions_usersession|core_cache)\b",
    re.I,
)


class WroteOnRead(AssertionError):
    """A page asked by GET tried to change the database."""


@contextmanager
def read_only() -> Iterator[None]:
    """Refuse every statement that is not a reading, sessions and the journal of readings excepted."""
    with connection.execute_wrapper(_refuse):
        yield


def _refuse(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    text = sql if isinstance(sql, str) else str(sql)
    if not READING.match(text) and not BOOKKEEPING.match(text):
        raise WroteOnRead(f"a GET must not write: {text[:200]}")
    return execute(sql, params, many, context)


class ReadOnlyMiddleware:
    """Tests only: put it last in MIDDLEWARE and every GET view runs in `read_only`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with read_only():
            return self.get_response(request)
