"""Queries written once: the rows an ordinary query gives, for other values each time."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import CharField, Count, DateTimeField, UUIDField
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from vecu.core import vault
from vecu.core.access import Scope
from vecu.core.models import DataKey, JournalEntry
from vecu.core.prepared import Asked, InParts, Prepared, Tally, any_of, counted
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


SEE, COLUMNS = "see", ("at", "number", "chain", "actor_id", "verb")
MOST = {"called": 100, "met": 3, "wrote": 1, "never": 2}


@dataclass(frozen=True)
class Reader:
    """Somebody somewhere, who has one right."""

    reach: Scope
    organisation_id: uuid.UUID
    person_id: uuid.UUID
    user_id = None
    is_signed_in = True

    def scope(self, can: Any) -> Scope:
        return self.reach if can == SEE else Scope.NONE


def entries(actor: Any, verb: str) -> Any:
    """Those of one verb that the actor may see, in the order of the list."""
    found = JournalEntry.objects.filter(chain=actor.organisation_id, verb=verb).order_by("at", "number")
    return found.filter(actor_id=actor.person_id) if actor.scope(SEE) == Scope.ASSIGNED else found


def part_of(verb: str) -> Any:
    return lambda actor: entries(actor, verb).values_list(*COLUMNS)


def test_parts_and_tallies_are_those_of_plain_querysets() -> None:
    """For whoever asks: what was written for the first of a reach is asked with the keys of the others."""
    reaches = (Scope.ORGANISATION, Scope.ASSIGNED)
    places, people, verbs, now = [uuid.uuid4(), uuid.uuid4()], [uuid.uuid4(), uuid.uuid4()], list(MOST), timezone.now()
    JournalEntry.objects.bulk_create(
        JournalEntry(chain=place, number=n, at=now - timedelta(hours=n % 7), actor_id=people[n % 2], verb=verbs[n % 3])
        for place, many in zip(places, (40, 20), strict=True)
        for n in range(many)
    )
    parts = InParts(SEE, [(most, part_of(verb)) for verb, most in MOST.items()], before=itemgetter(0, 1))
    tally = Tally(SEE, entries, verbs)
    answers = set()
    for actor in [Reader(reach, place, person) for reach in reaches for place in places for person in people]:
        union = sorted(line for verb, most in MOST.items() for line in part_of(verb)(actor)[:most])
        assert parts.rows(actor) == union
        assert parts.rows(actor, slice(2, 5)) == union[2:5]
        seen = JournalEntry.objects.filter(pk__in=[row.pk for verb in verbs for row in entries(actor, verb)])
        plain = {"never": 0, **dict(seen.values_list("verb").annotate(Count("pk")))}
        assert dict(tally.rows(actor)) == plain
        answers.add((tuple(union), *plain.items()))
    assert len(answers) == len(places) + len(places) * len(people), "each sees their own"
    nobody = Reader(Scope.NONE, places[0], people[0])
    assert parts.rows(nobody) == tally.rows(nobody) == []
