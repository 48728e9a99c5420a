"""The frame is drawn once for all who see the same, and never shows one reader what belongs to another."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from lxml import html

from tests.cast import make_cast, sign_in
from vecu.core.templatetags.ui import frame as drawn
from vecu.portal import context

pytestmark = pytest.mark.django_db

SECRETS = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
WHO = ("claire", "youssef", "helene", "marc", "nadia", "solene", "delphine", "bertrand", "etienne")
KEPT = (drawn._header, drawn._footer, drawn._help_lines, drawn._head_links, context._menus, context._reading)


def forget() -> None:
    for kept in KEPT:
        kept.cache_clear()


def look(client: Client, path: str, language: str, comfort: str = "") -> tuple[str, str]:
    """The page around the content, and the same with its token taken out."""
    client.cookies["django_language"] = language
    client.cookies["comfort"] = comfort
    body = client.get(path).content
    tree = html.fromstring(body)
    for main in tree.xpath("//main"):
        main.getparent().remove(main)
    whole = html.tostring(tree, encoding="unicode")
    return whole, SECRETS.sub(b"", whole.encode()).decode()


def test_everyone_gets_their_own_frame_whoever_came_before() -> None:
    cast = make_cast()
    readers = {name: sign_in(Client(), person) for name, person in cast.people.items() if name in WHO}
    readers["nobody"] = Client()
    visits = [
        (name, path, language, comfort)
        for path in ("/aide/", "/plan-du-site/?de=ici")
        for language in ("fr", "en")
        for comfort in ("", "theme=dark&text=large")
        for name in readers
    ]
    alone = {}
    for name, *how in visits:
        forget()
        alone[(name, *how)] = look(readers[name], *how)[1]
    forget()
    for _round in range(2):
        for name, *how in [*visits, *reversed(visits)]:
            whole, same = look(readers[name], *how)
            assert same == alone[(name, *how)]
            for other, person in cast.people.items():
                assert (f"<b>{person.given_name}</b>" in whole) == (other == name)
    assert len(set(alone.values())) >= len(readers) * 2 * 2 * 2


def test_each_page_has_its_own_token_and_way_back() -> None:
    cast = make_cast()
    claire, marc = sign_in(Client(), cast.claire), sign_in(Client(), cast.marc)
    pages = [reader.get(path).content for reader in (claire, marc) for path in ("/aide/?a=1&b=2", "/aide/?b=3")]
    tokens = [set(SECRETS.findall(page)) for page in pages]
    assert all(len(found) >= 1 for found in tokens)
    assert len(set().union(*tokens)) == sum(map(len, tokens))
    assert b'name="next" value="/aide/?a=1&amp;b=2"' in pages[0]
    assert b'name="next" value="/aide/?b=3"' in pages[1]


def test_a_name_is_escaped_in_its_hole() -> None:
    cast = make_cast()
    cast.claire.given_name = "<script>x</script>\0token\0"
    cast.claire.save()
    page = sign_in(Client(), cast.claire).get("/aide/").content
    assert b"<script>x" not in page
    assert b"&lt;script&gt;x" in page


def test_signing_out_and_the_other_language_work_from_any_page(client: Any) -> None:
    cast = make_cast()
    sign_in(client, cast.helene)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    page = html.fromstring(strict.get("/aide/").content)
    for action, expected in (
        (page.xpath("//form[.//button[@value='en']]")[0], 302),
        (page.xpath("//form[contains(@action, 'deconnexion')]")[0], 302),
    ):
        fields = {box.get("name"): box.get("value") for box in action.xpath(".//input | .//button[@name]")}
        assert strict.post(action.get("action"), fields).status_code == expected
    assert "sessionid" not in {key for key, value in strict.cookies.items() if value.value}


def test_menus_follow_the_roles() -> None:
    cast = make_cast()
    links = {
        name: set(
            html.fromstring(sign_in(Client(), getattr(cast, name)).get("/aide/").content).xpath(
                "//header//nav//a/@href"
            )
        )
        for name in ("claire", "helene", "etienne")
    }
    assert "/demandes/" in links["claire"]
    assert "/demandes/" not in links["helene"] | links["etienne"]
    assert links["helene"] > links["etienne"]


@pytest.mark.parametrize("path", ["/aide/", "/plan-du-site/"])
def test_the_frame_asks_nothing_more_of_the_database(path: str, django_assert_num_queries: Any) -> None:
    """Session, account, person with roles and sealed name; the key that opens the name, when not in memory."""
    cast = make_cast()
    reader = sign_in(Client(), cast.marc)
    reader.get(path)
    with django_assert_num_queries(3):
        reader.get(path)
