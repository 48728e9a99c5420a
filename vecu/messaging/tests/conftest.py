"""Messaging on its own: the areas above do not matter here."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from vecu.core import events, vault
from vecu.messaging.events import MessageReported, MessageSent, ThreadLeft
from vecu.messaging.tests.factories import Exchange, make_exchange
from vecu.people.models import Person


@pytest.fixture(autouse=True)
def empty_memory_of_keys() -> Iterator[None]:
    vault.forget()
    yield
    vault.forget()


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every event published, in order; what other areas do then is not tried here."""
    told: list[Any] = []
    for event in (MessageSent, MessageReported, ThreadLeft):
        monkeypatch.setitem(events.WIRED, event, events.Wiring(now=[told.append]))
    return told


@pytest.fixture
def exchange(db: None) -> Exchange:
    return make_exchange()


@pytest.fixture
def site(settings: Any) -> None:
    """The pages of messaging alone."""
    settings.ROOT_URLCONF = "vecu.messaging.tests.urls"
    settings.TEMPLATES = copy.deepcopy(settings.TEMPLATES)
    processors = settings.TEMPLATES[0]["OPTIONS"]["context_processors"]
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = [
        name for name in processors if not name.startswith("vecu.portal")
    ]
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "vecu.core.readonly.ReadOnlyMiddleware"]


@pytest.fixture
def sign_in(site: None, client: Client) -> Callable[..., Any]:
    """Each call opens a browser of its own; its pages are checked like all others."""
    checked = type(client)

    def enter(person: Person, kind: type[Client] = checked) -> Client:
        client = kind()
        client.force_login(person.user)
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "webauthn", "at": 0}]
        session["account_authentication_methods_user"] = str(person.user_id)
        session.save()
        return client

    return enter
