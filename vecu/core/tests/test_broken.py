"""The database away or its disk full: a sentence, what was typed, the help lines; one effect once it is back."""

from __future__ import annotations

import errno
import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, InterfaceError, OperationalError
from django.test import Client
from django.utils import translation
from psycopg import errors

from vecu.core import broken, once
from vecu.core.tables import OnceKey
from vecu.core.tests.sample.models import Fact

TYPED = '\nBonjour <b>Léa</b> & "vous",\nje n’ai pas fini.'


def caused(error: Exception, cause: Exception | None = None) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OperationalError("database or disk is full"), "full"),
        (caused(OperationalError("x"), errors.DiskFull()), "full"),
        (OSError(errno.ENOSPC, "No space left on device"), "full"),
        (OperationalError("unable to open database file"), "away"),
        (OperationalError("disk I/O error"), "away"),
        (caused(OperationalError("x"), errors.AdminShutdown()), "away"),
        (caused(OperationalError("x"), errors.CannotConnectNow()), "away"),
        (caused(OperationalError("x"), errors.TooManyConnections()), "away"),
        (caused(OperationalError("server closed the connection"), errors.OperationalError()), "away"),
        (caused(InterfaceError("the connection is closed"), errors.InterfaceError()), "away"),
        (caused(OperationalError("x"), errors.QueryCanceled()), ""),
        (OperationalError("no such table: x"), ""),
        (IntegrityError("disk is full of them"), ""),
        (OSError(errno.ENOENT, "x"), ""),
        (RuntimeError("disk is full"), ""),
        (None, ""),
    ],
)
def test_what_an_error_says_of_the_database(error: BaseException | None, kind: str) -> None:
    assert broken.kind_of(error) == kind


@pytest.mark.django_db
@pytest.mark.parametrize(("then", "said"), [("full", "est plein"), ("away", "moins d’une minute")])
def test_what_was_typed_comes_back_and_is_recorded_once(bare_site: Client, then: str, said: str) -> None:
    key = once.new_key()
    response = bare_site.post("/facts/?a=1&b=2", {"_once": key, "label": TYPED, "then": then})
    text = response.content.decode()
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert said in text and "3114" in text and text.count("<h1") == 1
    assert not Fact.objects.exists() and not OnceKey.objects.exists()
    assert TYPED.strip() not in text, "not escaped"
    # The button sends the same form, to the same address, under the same key.
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', text)}
    areas = re.findall(r'<textarea [^>]*name="(\w+)"[^>]*>\n(.*?)</textarea>', text, re.DOTALL)
    fields |= {name: html.unescape(value) for name, value in areas}
    assert fields == {"_once": key, "label": TYPED, "then": then}
    assert 'action="/facts/?a=1&amp;b=2"' in text
    for _press in range(2):
        assert bare_site.post("/facts/", fields | {"then": ""}).status_code == 303
    assert Fact.objects.get().label == TYPED


@pytest.mark.django_db
def test_a_fragment_is_given_where_a_fragment_was_asked(bare_site: Client) -> None:
    response = bare_site.post("/facts/", {"label": TYPED, "then": "away"}, headers={"HX-Request": "true"})
    text = response.content.decode()
    assert 'role="alert"' in text and "<textarea" in text and "<html" not in text


@pytest.mark.django_db
def test_a_page_that_was_only_read_is_to_be_loaded_again(rf: Any) -> None:
    text = broken.away(rf.get("/facts/?q=x"), broken.AWAY).content.decode()
    assert "Rechargez" in text and "<form" not in text and "envoyer" not in text


@pytest.mark.parametrize("path", ["/compte/connexion/", "/facts/", "/nowhere/"])
def test_a_password_is_never_written_back(rf: Any, path: str) -> None:
    response = broken.away(rf.post(path, {"login": "lea@exemple.example", "password": "s3cret"}), broken.AWAY)
    text = response.content.decode()
    assert "s3cret" not in text and "<form" not in text and "Revenez en arrière" in text


@pytest.mark.django_db
def test_a_file_must_be_chosen_again(rf: Any, bare_site: Client) -> None:
    request = rf.post("/facts/", {"label": "x", "file": SimpleUploadedFile("a.txt", b"a")})
    assert "Le fichier devra être choisi de nouveau" in broken.away(request, broken.FULL).content.decode()


def test_in_english_too(rf: Any) -> None:
    with translation.override("en"):
        text = broken.away(rf.get("/"), broken.FULL).content.decode()
    assert '<html lang="en">' in text and "The disk of our machine is full" in text
