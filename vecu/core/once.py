"""A form sent twice has one effect.

`{% form %}` writes a fresh `_once` key into each form. The first POST with a key runs inside one transaction
that also stores the key and the answer's address; the same key again gets that address, and nothing happens.
An answer of 400 and more undoes everything, the key too, so that the person can mend and send again; but what the
form shown again lets somebody read stays journaled. An answer that is a file to keep leaves the page as it was: its form may
be sent again, for another receipt or the same. When two transactions stand in each other's way, the one let go
is run again from its beginning.
Sign-in pages of allauth are left out: they have their own limits, which must not be undone.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone

from vecu.core import http, jobs, readings
from vecu.core.tables import OnceKey

FIELD = "_once"
KEPT = timedelta(days=2)
REFUSAL = 400
SHOWN_AGAIN = 422
ATTEMPTS = 3
# Every form sent asks these two: in their own words they cost a fifth of what the query builder takes.
TABLE = OnceKey._meta.db_table
TAKE = f"""INSERT INTO {TABLE} (key, owner, location, created_at) VALUES (%s, %s, '', %s)
    ON CONFLICT DO NOTHING RETURNING id"""  # noqa: S608
REMEMBER = f"UPDATE {TABLE} SET location = %s WHERE id = %s"  # noqa: S608
FREE = f"DELETE FROM {TABLE} WHERE id = %s"  # noqa: S608


def new_key() -> str:
    """The value of the hidden field of one rendered form."""
    return str(uuid.uuid4())


class OnceMiddleware:
    """Last of the middlewares: what it wraps is the view and its exceptions turned into answers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key_of(request)
        if key is None:
            return self.get_response(request)
        owner = _owner_of(request)
        for _attempt in range(ATTEMPTS):
            response = self._first_answer(request, key, owner)
            if not getattr(request, "has_collided", False):
                break
        return response or _answer_again(request, OnceKey.objects.filter(key=key, owner=owner).first())

    def _first_answer(self, request: HttpRequest, key: uuid.UUID, owner: str) -> HttpResponse | None:
        """The view's answer in one transaction; None if the key was taken. A deadlock is tried again."""
        request.has_collided = False  # type: ignore[attr-defined]
        try:
            with readings.noted() as read, transaction.atomic():
                taken = _take(key, owner)
                response = None if taken is None else self._answer(request, taken)
        except DatabaseError as error:
            # Before the view or after it: the transaction itself did not begin, or did not end.
            if not http.is_collision(error):
                raise
            return http.collided(request)
        if response is not None and response.status_code == SHOWN_AGAIN:
            readings.write_again(read)
        return response

    def _answer(self, request: HttpRequest, taken: int) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= REFUSAL:
            transaction.set_rollback(True)
            return response
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            with connection.cursor() as cursor:
                cursor.execute(FREE, [taken])
            return response
        location = response.headers.get("Location") or response.headers.get("HX-Redirect")
        if location:
            with connection.cursor() as cursor:
                cursor.execute(REMEMBER, [location, taken])
        return response


def _take(key: uuid.UUID, owner: str) -> int | None:
    """The number of the key's row if it is new. A second sender waits here until the first has ended."""
    stored = OnceKey._meta.get_field("key").get_db_prep_value(key, connection)
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [stored, owner, now])
        row = cursor.fetchone()
    return None if row is None else row[0]


def _answer_again(request: HttpRequest, row: OnceKey | None) -> HttpResponse:
    if row is not None and row.location:
        return http.redirect(request, row.location)
    return http.already_sent(request)


def _key_of(request: HttpRequest) -> uuid.UUID | None:
    if request.method != "POST":
        return None
    # Reading the form here also receives the whole body before the transaction starts.
    value = request.POST.get(FIELD)
    if not value:
        return None
    try:
        module = resolve(request.path_info).func.__module__
        return None if module.startswith("allauth.") else uuid.UUID(value)
    except (Resolver404, ValueError):
        return None


def _owner_of(request: HttpRequest) -> str:
    session = getattr(request, "session", None)
    return hashlib.sha256((session.session_key or "").encode()).hexdigest() if session is not None else ""


@jobs.periodic("core.forget_form_keys", at=time(4, 20))
def forget_form_keys(now: datetime) -> None:
    """Keys are kept two days: nobody sends a form again after that."""
    OnceKey.objects.filter(created_at__lt=now - KEPT).delete()
