"""Queries written once: the rows an ordinary query gives, for other values each time."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import CharField, Count, DateTimeField, UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from vecu.core import vault
from vecu.core.models import DataKey
from vecu.core.prepared import Asked, Prepared, any_of, counted
from vecu.core.sessions import SessionStore

pytestmark = pytest.mark.django_db

KEYS = Prepared(
    lambda: DataKey.objects.filter(pk=Asked("pk", UUIDField()), destroyed_at=None).values_list(
        "pk", "purpose", "created_at", "wrapped"
    )
)


def test_rows_are_those_of_the_same_query() -> None:
    first, second = vault.new_key("a"), vault.new_key("b")
    for row in (first, second):
        usual = DataKey.objects.filter(pk=row.pk).values_list("pk", "purpose", "created_at", "wrapped")
        assert KEYS.rows(pk=row.pk) == list(usual)
    assert KEYS.rows(pk=uuid.uuid4()) == []


def test_it_is_written_once_and_asked_each_time() -> None:
    made = []
    query = Prepared(
        lambda: (
            made.append(1) or Session.objects.filter(session_key=Asked("key", CharField())).values_list("session_key")
        )
    )
    with CaptureQueriesContext(connection) as captured:
        query.rows(key="a")
        query.rows(key="b")
    assert (len(made), len(captured)) == (1, 2)


def test_values_are_never_part_of_the_words() -> None:
    query = Prepared(lambda: Session.objects.filter(session_key=Asked("key", CharField())).values_list("session_key"))
    assert query.rows(key="' OR 1=1 --") == []


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        KEYS.rows()


def test_dates_are_turned_for_the_database_and_back() -> None:
    now = timezone.now()
    Session.objects.create(session_key="k", session_data="x", expire_date=now + timedelta(hours=1))
    query = Prepared(
        lambda: Session.objects.filter(expire_date__gt=Asked("now", DateTimeField())).values_list("expire_date")
    )
    assert query.rows(now=now) == [(now + timedelta(hours=1),)]
    assert query.rows(now=now + timedelta(hours=2)) == []


def test_a_session_ended_elsewhere_opens_nothing() -> None:
    store = SessionStore()
    store["who"] = 1
    store.save()
    assert SessionStore(store.session_key)["who"] == 1
    Session.objects.filter(pk=store.session_key).delete()
    ended = SessionStore(store.session_key)
    assert ended.get("who") is None
    assert ended.session_key is None


def test_a_session_past_its_time_opens_nothing() -> None:
    store = SessionStore()
    store["who"] = 1
    store.set_expiry(-1)
    store.save()
    assert SessionStore(store.session_key).get("who") is None


def test_any_of_gives_what_in_gives() -> None:
    rows = [vault.new_key("a") for _number in range(3)]
    query = Prepared(lambda: DataKey.objects.filter(any_of("pk", "ids", UUIDField())).values_list("pk"))
    for some in ([], [rows[0].pk], [row.pk for row in rows], [uuid.uuid4()]):
        assert {pk for (pk,) in query.rows(ids=some)} == set(some) & {row.pk for row in rows}
    many = [*(uuid.uuid4() for _number in range(200)), *(row.pk for row in rows)]
    assert len(query.rows(ids=many)) == 3


def test_any_of_takes_words_as_they_are() -> None:
    for purpose in ("a,b", 'c"d', "e'f"):
        vault.new_key(purpose)
    query = Prepared(
        lambda: DataKey.objects.filter(any_of("purpose", "names", CharField())).order_by("pk").values_list("purpose")
    )
    assert {name for (name,) in query.rows(names=["a,b", 'c"d', "e'f", "g"])} == {"a,b", 'c"d', "e'f"}


def test_parts_and_counts_are_those_of_the_queryset() -> None:
    for _number in range(7):
        vault.new_key("a")
    query = Prepared(lambda: DataKey.objects.order_by("pk").values_list("pk"))
    assert query.rows(slice(2, 5)) == list(DataKey.objects.order_by("pk").values_list("pk")[2:5])
    assert query.rows(slice(5, 10)) == list(DataKey.objects.order_by("pk").values_list("pk")[5:10])
    assert list(counted(DataKey.objects.all(), n=Count("pk"))) == [(7,)]
    assert list(counted(DataKey.objects.filter(purpose="none"), n=Count("pk"))) == [(0,)]
