"""Hostile input into every field of every form each role can reach, and into every query.

Never a fault: a sentence, a refusal or a 400; what was typed comes back escaped. Each page is tried by the
first role that may open it: with each hostile value in all its fields at once, then field by field in a form otherwise
well filled, so that the value reaches the action.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import Resolver404, resolve

from tests.access.walk import ROLES, STRANGER, Walker, all_addresses, committed, taken_back, walker
from tests.access.world import World
from tests.faults.forms import ALONE, FREE, HOSTILE, MARKS, TEXTS, TYPED, Form, body, forms_of
from vecu.core import vault

pytestmark = pytest.mark.django_db
URLENCODED = "application/x-www-form-urlencoded"
# Names of query parameters that views read, and some that they do not.
QUERIES = (
    "after",
    "departement",
    "etape",
    "etat",
    "next",
    "page",
    "periode",
    "pour",
    "programme",
    "q",
    "role",
    "show",
    "vue",
)
VAGUE = ("Ce champ est obligatoire", "This field is required")
WALKING = [role for role in ROLES if role != STRANGER]


def pages(who: Walker, world: World) -> Iterator[tuple[str, str, bytes]]:
    """Name, address and HTML of each page of which this role is the first reader."""
    table = committed()
    before = WALKING[: WALKING.index(who.role)]
    for address in all_addresses():
        words = [table[role].get(address.route) for role in (*before, who.role)]
        if words.pop() != "200" or "200" in words:
            continue
        path = address.path(world.here)
        response = who.ask("get", path, writes=True).response
        if response is not None and response.get("Content-Type", "").startswith("text/html"):
            assert response.content, f"{address.name} answers nothing"
            yield address.name, path, response.content


def forms_met(who: Walker, world: World) -> Iterator[Form]:
    """The forms of these pages: the same address with the same fields is the same form."""
    met = set()
    for _name, path, page in pages(who, world):
        for form in forms_of(page, path):
            try:
                target = resolve(form.action.partition("?")[0]).url_name
            except Resolver404:
                raise AssertionError(f"a form of {path} goes nowhere: {form.action}") from None
            mark = (form.method, target, *sorted(form.fields))
            if mark not in met:
                met.add(mark)
                yield form


def send(who: Walker, form: Form, pairs: list[tuple[str, Any]]) -> str:
    """What is wrong with the answer, or nothing. Everything is taken back."""
    cookies = who.client.cookies.copy()
    try:
        with taken_back():
            if form.method == "get":
                response = who.client.get(f"{form.action.partition('?')[0]}?{body(pairs).decode()}")
            else:
                response = who.client.post(form.action, body(pairs), content_type=URLENCODED)
            if 300 <= response.status_code < 400 and response["Location"].startswith("/"):
                response = who.client.get(response["Location"])
        return fault_of(response)
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]
    finally:
        who.client.cookies = cookies
        vault.forget()


def fault_of(response: Any) -> str:
    if response.status_code >= 500:
        return str(response.status_code)
    if response.get("Content-Type", "").startswith("text/html"):
        text = response.content.decode()
        if any(mark in text for mark in MARKS):
            return "shown without being escaped"
        if any(sentence in text for sentence in VAGUE):
            return "an empty field does not say how to fill it"
    return ""


@pytest.mark.parametrize("role", WALKING)
def test_every_field_of_every_form(role: str, world: World) -> None:
    who, wrong = walker(world, role), {}
    for form in forms_met(who, world):
        for where, pairs in attempts(form):
            if fault := send(who, form, pairs):
                wrong[f"{form.method} {form.action} {where}"] = fault
    assert not wrong, wrong


def attempts(form: Form) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Each text in all fields at once; each odd number, date and key once, shifted by a field each time; then alone."""
    free = [name for name, kind in form.fields.items() if kind in FREE]
    is_bare = not free and len(form.fields) < 3  # a button
    for name in TEXTS if free else ("script", "surrogate"):
        yield f"all fields: {name}", form.sent(**dict.fromkeys(form.fields, HOSTILE[name]))
    typed = list(TYPED)
    for shift in (0,) if is_bare else range(0, len(typed), 3):
        each = {name: typed[(shift + place) % len(typed)] for place, name in enumerate(form.fields)}
        yield f"all fields: {each}", form.sent(**{name: HOSTILE[hostile] for name, hostile in each.items()})
    turn = cycle(ALONE)
    for name, kind in () if is_bare else form.fields.items():
        for hostile in [next(turn) for _ in range(2 if kind in FREE else 1)]:
            yield f"{name}: {hostile}", form.sent(**{name: HOSTILE[hostile]})


@pytest.mark.parametrize("role", WALKING)
def test_every_query(role: str, world: World) -> None:
    who, wrong, turn = walker(world, role), {}, cycle(HOSTILE)
    for name, path, _page in list(pages(who, world)):
        for _ in range(2):
            hostile = next(turn)
            pairs = [(query, HOSTILE[hostile]) for query in QUERIES] + [("page", HOSTILE[hostile])]
            if fault := send(who, Form(path, "get", False), pairs):
                wrong[f"{name} {hostile}"] = fault
    assert not wrong, wrong


# -- files


def bomb() -> bytes:
    """A spreadsheet of a few hundred kilobytes which says it is two hundred megabytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", "<sheetData>" + " " * 200_000_000)
    return file.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
FILES = {
    "nothing in it": ("vide.xlsx", b""),
    "wrong magic": ("photo.png", b"MZ\x90\x00 not an image"),
    "page named as a sheet": ("liste.xlsx", b"<!doctype html><script>alert(1)</script>"),
    "drawing with a script": ("dessin.svg", SVG),
    "polyglot": ("image.gif", b"GIF89a/*\x00\x00*/=alert(1)//" + b"\x00" * 64),
    "cut zip": ("liste.xlsx", b"PK\x03\x04" + b"\x00" * 200),
    "csv with nul": ("liste.csv", b"Pr\xe9nom;Nom;T\xe9l\xe9phone;V\xe9cu\r\na\x00b;=1+1;x;y\r\n"),
    "name with a quote and a line": ('a";\r\nX-Header: 1.png', b"\x89PNG\r\n\x1a\n"),
    "name as a path": ("../../../etc/passwd", b"root"),
    "virus": ("eicar.xlsx", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"),
}


@pytest.mark.parametrize("name", [*FILES, "bomb"])
def test_every_upload(name: str, world: World) -> None:
    file_name, data = FILES[name] if name != "bomb" else ("bombe.xlsx", bomb())
    tried = []
    for role in ("helene", "claire"):
        who = walker(world, role)
        for form in [form for _n, path, page in uploading(who, world) for form in forms_of(page, path)]:
            for field, kind in form.fields.items():
                if kind == "file":
                    tried.append(form.action)
                    file = SimpleUploadedFile(file_name, data)
                    answer = who.ask("post", form.action, {**dict(form.usual), field: file}, writes=True)
                    assert not answer.is_fault, f"{form.action}: {answer.word}"
                    # A line may be kept without its file; a file that is not what it says is refused.
                    assert answer.word in {"400", "409", "413", "422"} or "csv" in name, f"{form.action}: {answer.word}"
    assert len(set(tried)) >= 2, "a thread takes images and the import takes spreadsheets"


def uploading(who: Walker, world: World) -> list[tuple[str, str, bytes]]:
    """Pages with a field for a file."""
    wanted = {"exchange", "message_send", "peer_import", "page_add"}
    found = []
    for address in all_addresses():
        if address.name in wanted:
            response = who.ask("get", address.path(world.here), writes=True).response
            if response is not None and b'type="file"' in response.content:
                found.append((address.name, address.path(world.here), response.content))
    return found


# -- headers


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_HOST": "evil.example"},
        {"HTTP_HOST": "localhost:99999999"},
        {"HTTP_HOST": "a\r\nb"},
        {"HTTP_HOST": ""},
        {"HTTP_X_FORWARDED_FOR": "::1, " * 500, "HTTP_X_FORWARDED_HOST": "evil.example"},
        {"HTTP_COOKIE": "sessionid=" + "x" * 100_000},
        {"HTTP_COOKIE": "vecu_comfort=\x00; django_language=../../etc; =;;=;"},
        {"HTTP_ACCEPT_LANGUAGE": "fr-" + "x" * 5_000},
        {"HTTP_REFERER": "javascript:alert(1)"},
        {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "\x00"},
    ],
    ids=lambda headers: next(iter(headers)) + str(len(next(iter(headers.values())))),
)
def test_headers(headers: dict[str, str], client: Any) -> None:
    client.raise_request_exception = False
    for path in ("/", "/demander/", "/compte/connexion/", "/nulle-part/"):
        response = client.get(path, **headers)
        assert response.status_code < 500
        assert b"evil.example" not in response.content


def test_a_body_beyond_the_limit_is_refused(client: Any) -> None:
    response = client.post("/confort/", body([("text", "x" * 10_000_000)]), content_type=URLENCODED)
    assert response.status_code == 400
