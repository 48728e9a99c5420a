"""Answers, errors, headers; GET changes nothing."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.test import Client, RequestFactory
from django.utils import translation

from vecu.core import http, readonly
from vecu.core.tests.sample.models import Fact


class LabelForm(forms.Form):
    label = forms.CharField()


@pytest.fixture
def pages(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "page.html").write_text("<main>{{ label }}{{ form.label.value }}</main>")
    (tmp_path / "_part.html").write_text("<p>{{ label }}</p>")
    settings.TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [tmp_path]}]


def get(path: str = "/", **headers: str) -> Any:
    return RequestFactory().get(path, headers=headers)


def test_show_gives_the_page_or_the_fragment(pages: None) -> None:
    page = http.show(get(), "page.html", "_part.html", label="a")
    part = http.show(get(**{"HX-Request": "true"}), "page.html", "_part.html", label="a")
    assert (page.content, part.content) == (b"<main>a</main>", b"<p>a</p>")
    assert page["Vary"] == part["Vary"] == "HX-Request"
    assert http.show(get(**{"HX-Request": "true"}), "page.html", label="a").content == b"<main>a</main>"


def test_show_form_keeps_what_was_typed(pages: None) -> None:
    assert http.show_form(get(), "page.html", LabelForm()).status_code == 200
    assert http.show_form(get(), "page.html", LabelForm({"label": ""})).status_code == 422
    assert http.show_form(get(), "page.html", LabelForm({"label": "typed"})).status_code == 200


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("99", 3), ("x", 1), ("-1", 3), ("", 1), ("²", 1)])
def test_page_of_bears_any_number(asked: str, number: int) -> None:
    assert http.page_of(list(range(120)), get(f"/?page={asked}")).number == number


def test_the_way_back_never_leaves_the_site() -> None:
    assert http.way_back(get(Referer="http://testserver/demandes/")) == "http://testserver/demandes/"
    assert http.way_back(get(Referer="https://evil.example/")) == "/"
    assert http.way_back(get(Referer="javascript:alert(1)")) == "/"
    assert http.way_back(get()) == "/"


@pytest.mark.django_db
def test_a_refusal_is_told_with_its_sentence(bare_site: Client) -> None:
    response = bare_site.post("/facts/", {"then": "refused"})
    assert response.status_code == 409
    assert "C’est trop tard." in response.content.decode()


@pytest.mark.django_db
def test_private_headers(bare_site: Client) -> None:
    response = bare_site.get("/done/")
    assert response["Cache-Control"] == "no-store, private"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert len(response["X-Request-Id"]) == 16
    assert "Clear-Site-Data" not in response
    assert bare_site.post("/logout/")["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.django_db
def test_an_error_shows_the_help_lines_and_a_number_and_no_detail(bare_site: Client) -> None:
    response = bare_site.post("/facts/", {"then": "broken"})
    text = response.content.decode()
    assert response.status_code == 500
    assert "3114" in text and response["X-Request-Id"] in text
    assert "secret" not in text


@pytest.mark.django_db
def test_the_error_page_needs_neither_templates_nor_database(bare_site: Client, settings: Any) -> None:
    settings.TEMPLATES = []
    assert bare_site.get("/nowhere/").status_code == 404
    assert bare_site.post("/facts/", {"then": "denied"}).status_code == 403
    with translation.override("en"):
        assert "need help right now" in http.server_error(SimpleNamespace(id="<b>")).content.decode()  # type: ignore[arg-type]
        assert "&lt;b&gt;" in http.server_error(SimpleNamespace(id="<b>")).content.decode()  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_answers_a_button_says_so_when_it_is_opened_as_a_page(bare_site: Client) -> None:
    response = bare_site.get("/button/")
    assert response.status_code == 405 and response["Allow"] == "POST"
    assert "elle répond seulement à un bouton" in response.text


def test_csrf_failure_is_a_sentence(bare_site: Client) -> None:
    response = Client(enforce_csrf_checks=True, raise_request_exception=False).post("/facts/")
    assert response.status_code == 403


@pytest.mark.django_db
def test_a_get_that_writes_is_refused_by_the_wrapper(bare_site: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "vecu.core.readonly.ReadOnlyMiddleware"]
    assert bare_site.get("/done/").status_code == 200
    assert bare_site.post("/facts/").status_code == 303
    with pytest.raises(readonly.WroteOnRead), transaction.atomic():
        Client().get("/writes/")
    assert Fact.objects.count() == 1
