"""Every address × every role × both organisations: the table of docs/reference/walk.md, exactly."""

from __future__ import annotations

import pytest

from tests.access.walk import LATER, STRANGER, VISITOR, WALKERS, all_addresses, column, committed, opens, walker
from tests.access.world import World

pytestmark = pytest.mark.django_db
# Links that are keys themselves, and the programmes and texts open to all, know no organisation.
OPEN_TO_ALL = "public"


def test_each_address_with_a_key_has_its_row(world: World) -> None:
    for address in all_addresses():
        assert address.path(world.here)
        assert address.path(world.there)


@pytest.mark.parametrize("role", WALKERS)
def test_answers_are_those_of_the_table(role: str, world: World) -> None:
    (told, shut), written = column(world, role), committed()[role]
    changed = {
        route: f"{written.get(route)} is now {word}" for route, word in told.items() if written.get(route) != word
    }
    gone = set(written) - set(told)
    assert not changed and not gone, f"if this is meant, run `make docs` and read the difference: {changed} {gone}"
    assert not shut, f"links or buttons shown to {role}, who may not: {shut}"


@pytest.mark.parametrize("role", WALKERS)
def test_rights_are_told_apart(role: str, world: World) -> None:
    """Without the right 403, or sign in first; with it, anything but that. Never a fault."""
    who, written, wrong = walker(world, role), committed()[role], {}
    for address in all_addresses():
        word = written[address.route]
        is_word = word.startswith("→") or word == "sign in" or word.isdigit()
        is_told = opens(address.gate, who.actor) or word == ("sign in" if role == VISITOR else "403")
        if not is_word or (word >= "500" and word != "503" and word.isdigit()) or not is_told:
            wrong[address.route] = word
    assert not wrong, wrong


@pytest.mark.parametrize("role", WALKERS)
def test_keys_of_the_other_organisation_open_nothing_and_change_nothing(role: str, world: World) -> None:
    who, wrong = walker(world, role), {}
    side = world.here if role == STRANGER else world.there
    for address in all_addresses():
        # Without the right the gate closes before any key is looked at: the table says so.
        if not address.has_row or address.gate in (OPEN_TO_ALL, None) or not opens(address.gate, who.actor):
            continue
        for method in ("get", "post"):
            # Reading only: a POST that writes is found here too.
            word = who.ask(method, address.path(side)).word
            if word not in {"404", "405"}:
                wrong[f"{method} {address.route}"] = word
    assert not wrong, wrong


@pytest.mark.parametrize("role", WALKERS)
def test_an_empty_form_is_never_a_fault(role: str, world: World) -> None:
    who, written, wrong = walker(world, role), committed()[role], {}
    for address in all_addresses():
        # What is open to all was sent by the others already.
        is_seen = role in LATER and address.gate in (OPEN_TO_ALL, None)
        if is_seen or written[address.route] in {"403", "404", "sign in"}:
            continue
        answer = who.ask("post", address.path(world.here), writes=True)
        if answer.is_fault:
            wrong[address.route] = answer.word
    assert not wrong, wrong
