"""The same form twice: one effect."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from vecu.core import once
from vecu.core.tables import OnceKey
from vecu.core.tests.sample.models import Fact

pytestmark = pytest.mark.django_db


def send(client: Client, key: str, **data: str) -> Any:
    return client.post("/facts/", {"_once": key, "label": "x", **data})


def test_it_works(bare_site: Client) -> None:
    key = once.new_key()
    for _ in range(3):
        response = send(bare_site, key)
        assert (response.status_code, response["Location"]) == (303, "/done/")
    assert Fact.objects.count() == 1


def test_another_form_is_another_effect(bare_site: Client) -> None:
    send(bare_site, once.new_key())
    send(bare_site, once.new_key())
    bare_site.post("/facts/", {"label": "no key"})
    bare_site.post("/facts/", {"label": "no key", "_once": "not a key"})
    assert Fact.objects.count() == 4


def test_the_same_key_of_another_person_is_another_form(bare_site: Client) -> None:
    key = once.new_key()
    send(bare_site, key)
    other = Client()
    session = other.session
    session["x"] = 1
    session.save()
    send(other, key)
    assert Fact.objects.count() == 2


@pytest.mark.parametrize(("then", "status"), [("refused", 409), ("denied", 403), ("invalid", 422), ("broken", 500)])
def test_a_refusal_undoes_everything_and_frees_the_key(bare_site: Client, then: str, status: int) -> None:
    key = once.new_key()
    assert send(bare_site, key, then=then).status_code == status
    assert not Fact.objects.exists()
    assert not OnceKey.objects.exists()
    assert send(bare_site, key).status_code == 303
    assert Fact.objects.count() == 1


def test_an_answer_that_was_no_redirection_is_said_to_be_sent(bare_site: Client) -> None:
    key = once.new_key()
    assert send(bare_site, key, then="shown").content == b"shown"
    again = send(bare_site, key, then="shown")
    assert again.status_code == 409
    assert Fact.objects.count() == 1


def test_a_file_may_be_taken_again_from_the_page_it_was_taken_from(bare_site: Client) -> None:
    key = once.new_key()
    assert [send(bare_site, key, then="file").content for _ in range(2)] == [b"file", b"file"]
    assert send(bare_site, key).status_code == 303 == send(bare_site, key).status_code


def test_htmx_is_led_to_the_same_place(bare_site: Client) -> None:
    key = once.new_key()
    for _ in range(2):
        response = bare_site.post("/facts/", {"_once": key}, headers={"HX-Request": "true"})
        assert (response.status_code, response["HX-Redirect"]) == (200, "/done/")
    assert Fact.objects.count() == 1


def test_a_database_that_stays_locked_is_told_and_leaves_nothing(bare_site: Client) -> None:
    response = bare_site.post("/locked/", {"_once": once.new_key()})
    assert response.status_code == 503
    assert not Fact.objects.exists()
    assert not OnceKey.objects.exists()


def test_the_same_thing_written_by_two_at_once_is_told_and_leaves_nothing(bare_site: Client) -> None:
    assert send(bare_site, once.new_key(), then="twice").status_code == 503
    assert not Fact.objects.exists()


def test_a_database_locked_before_anything_began_is_told(bare_site: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(using: str | None = None, *arguments: object) -> Any:
        raise OperationalError("database is locked")

    monkeypatch.setattr(once.transaction, "atomic", busy)
    response = send(bare_site, once.new_key())
    assert response.status_code == 503
    assert "Envoyez" in response.content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again_and_nobody_notices(bare_site: Client) -> None:
    Fact.objects.bulk_create([Fact(label="a"), Fact(label="b")])
    statuses: list[int] = []

    def work(order: list[str]) -> None:
        statuses.append(Client().post("/cross/", {"_once": once.new_key(), "order": order}).status_code)
        connection.close()

    threads = [threading.Thread(target=work, args=(order,)) for order in (["a", "b"], ["b", "a"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [303, 303]
    assert Fact.objects.filter(label="crossed").count() == 2


def test_old_keys_are_forgotten(bare_site: Client) -> None:
    send(bare_site, once.new_key())
    once.forget_form_keys(timezone.now() + timedelta(days=1))
    assert OnceKey.objects.count() == 1
    once.forget_form_keys(timezone.now() + timedelta(days=3))
    assert not OnceKey.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_forty_identical_posts_at_once_have_one_effect(bare_site: Client) -> None:
    key = str(uuid.uuid4())
    seen: list[tuple[int, str]] = []
    start = threading.Barrier(40)

    def work() -> None:
        start.wait()
        response = send(Client(), key)
        seen.append((response.status_code, response["Location"]))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {(303, "/done/")}
    assert Fact.objects.count() == 1
