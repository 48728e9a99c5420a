"""Every address × every role: what the site answers. `make docs` writes it into docs/reference/walk.md.

The table is committed and reviewed: whoever changes a right sees it change here. An address with a key has a line
in `KEYS`, which says which row of the world to put there; without it the walk fails, so that nobody forgets.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.shortcuts import resolve_url
from django.urls import Resolver404, get_resolver, resolve, reverse

from conftest import CheckedClient
from tests.access.keys import KEYS, QUERIES
from tests.access.world import Side, World
from tests.cast import actor_of, sign_in
from vecu.accompaniment.actions.requests import RECEIPT_PURPOSE
from vecu.accompaniment.views.follow import FOLLOWED_KEY
from vecu.accompaniment.views.wizard import DRAFT_KEY, SENT_KEY
from vecu.core import vault
from vecu.core.access import Scope
from vecu.core.readonly import read_only
from vecu.people.actions import seals
from vecu.people.actor import PUBLIC, Actor
from vecu.people.models import Person
from vecu.portal.reference import HEAD, addresses

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "walk.md"

# Who walks, and how the table calls them.
ROLES = {
    "visitor": "visitor",
    "nadia": "beneficiary",
    "helene": "peer",
    "claire": "coordinator",
    "solene": "psychologist",
    "delphine": "data officer",
    "bertrand": "head office",
    "etienne": "no role",
    "youssef": "coordinator elsewhere",
}
# Roles that came later: the same walk, of addresses only.
LATER = {"sabine": "trainer", "nadege": "trainee", "odile": "treasurer"}
WALKERS = ROLES | LATER
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
DOOR = re.compile(r'(?:href|action|formaction|hx-get|hx-post)="(/[^"?#]*)')
VISITOR, STRANGER = "visitor", "youssef"


@dataclass(frozen=True)
class Address:
    """A line of the URLconf."""

    route: str
    name: str
    view: Any
    arguments: tuple[str, ...]

    @property
    def gate(self) -> Any:
        """The right that opens it, "public", or None for pages of others."""
        return getattr(self.view, "gate", None)

    @property
    def has_row(self) -> bool:
        """A key of a row of an organisation stands in it."""
        return any(not value.startswith("=") for value in KEYS.get(self.name, {}).values()) and bool(self.arguments)

    def path(self, side: Side) -> str:
        wanted = KEYS.get(self.name, {}) if self.arguments else {}
        assert set(wanted) == set(self.arguments), f"say in tests/access/keys.py which row goes into /{self.route}"
        path = reverse(self.name, kwargs={name: _key(side, row) for name, row in wanted.items()})
        return path + QUERIES.get(self.name, "")


def all_addresses() -> list[Address]:
    found = []
    for route, pattern in addresses(get_resolver()):
        arguments = tuple(ARGUMENT.findall(route))
        found.append(Address(route.lstrip("^"), pattern.name, pattern.callback, arguments))
    return sorted(found, key=lambda address: address.route)


def _key(side: Side, row: str) -> str:
    if row.startswith("="):
        return row[1:]
    name, _dot, part = row.partition(".")
    value = side[name]
    if part:
        value = value[int(part)] if part.isdigit() else getattr(value, part)
    return str(value.pk) if isinstance(value, Model) else str(value)


@dataclass
class Walker:
    """One role, with a browser; each request is taken back, so that none changes the next one."""

    role: str
    client: Any
    actor: Actor

    def ask(self, method: str, path: str, data: Any = None, *, writes: bool = False) -> Answer:
        """One request. A GET that writes, or any exception, is an answer of its own."""
        cookies = SimpleCookie({name: morsel.value for name, morsel in self.client.cookies.items()})
        guard = nullcontext() if writes else read_only()
        try:
            with taken_back(), guard:
                response = getattr(self.client, method)(path, data or {})
                response = Answer(_word(response), response)
        except Exception as error:
            response = Answer(f"{type(error).__name__}: {error}"[:300])
        self.client.cookies = cookies
        if writes:  # keys made or destroyed were taken back
            vault.forget()
        return response


@dataclass(frozen=True)
class Answer:
    """What a page answered: a word of the table, and the response if there was one."""

    word: str
    response: Any = None

    @property
    def is_fault(self) -> bool:
        return self.response is None or (self.response.status_code >= 500 and self.response.status_code != 503)

    @property
    def is_closed(self) -> bool:
        return self.word in {"403", "404", "sign in"}

    def doors(self) -> set[str]:
        """Where the links, forms and buttons of this page lead, within the site."""
        if self.word != "200" or not self.response.get("Content-Type", "").startswith("text/html"):
            return set()
        return set(DOOR.findall(self.response.content.decode()))


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def walker(world: World, role: str) -> Walker:
    """The browser of someone; a visitor has answered the four questions and follows a request sent before."""
    client = CheckedClient()
    if role != VISITOR:
        person: Person = world.person(role)
        session = sign_in(client, person).session
        # Just now, so that pages which ask for a proof again are seen too.
        session["account_authentication_methods"][0]["at"] = time.time()
        session.save()
        # What the first page writes into a session and a cookie stays; taken back, each page would write it again.
        client.get("/confort/")
        return Walker(role, client, actor_of(person))
    session = client.session
    session[DRAFT_KEY] = str(world.here["draft"].pk)
    session[FOLLOWED_KEY] = {"request": str(world.here["request_received"].pk), "at": int(time.time())}
    code = seals.seal_text(world.here["receipt"], RECEIPT_PURPOSE)
    session[SENT_KEY] = {**session[FOLLOWED_KEY], "code": code}
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return Walker(role, client, PUBLIC)


def column(world: World, role: str) -> tuple[dict[str, str], dict[str, str]]:
    """What each address answers to this role, with the keys of the committee; and the doors shown to them on those
    pages though they have not the right that opens them, with the page of each."""
    found, shut = {}, {}
    with taken_back():  # signing in leaves its mark on the account
        who = walker(world, role)
        for address in all_addresses():
            answer = who.ask("get", address.path(world.here))
            if answer.word == "405":
                answer = who.ask("post", address.path(world.here), writes=True)
            found[address.route] = answer.word
            shut |= {door: address.route for door in answer.doors() if not _opens(door, who.actor)}
    return found, shut


def opens(gate: Any, actor: Actor) -> bool:
    return gate in (None, "public") or actor.scope(gate) > Scope.NONE


def _opens(path: str, actor: Actor) -> bool:
    try:
        return opens(_gate(path), actor)
    except Resolver404:
        return path.startswith(settings.STATIC_URL)


@cache
def _gate(path: str) -> Any:
    """The same doors stand on page after page."""
    return getattr(resolve(path).func, "gate", None)


def _word(response: Any) -> str:
    if not 300 <= response.status_code < 400:
        return str(response.status_code)
    path = urlsplit(response["Location"]).path
    if path == resolve_url(settings.LOGIN_URL):
        return "sign in"
    try:
        return f"→ {resolve(path).url_name}"
    except Resolver404:
        return "→ /"


def table(columns: dict[str, dict[str, str]]) -> str:
    lines = [
        HEAD.replace("from the code", "from the running site") + "# What each address answers to each role",
        "",
        "Keys in addresses are those of the organisation of all but “coordinator elsewhere”, who coordinates another one.",
        "`sign in`: asked to sign in first. `→ name`: led to that page. An address that only takes a form was sent an",
        "empty one.",
        "",
        "| address | " + " | ".join(WALKERS[role] for role in columns) + " |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for address in all_addresses():
        lines.append(f"| `/{address.route}` | " + " | ".join(words[address.route] for words in columns.values()) + " |")
    return "\n".join(lines) + "\n"


def committed() -> dict[str, dict[str, str]]:
    """role → route → answer, as written in the committed page."""
    rows = [
        line.strip("| \n").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:3] == "| `"
    ]
    return {
        role: {row[0].strip("`").removeprefix("/"): row[number + 1] for row in rows}
        for number, role in enumerate(WALKERS)
    }
