"""Pages open to everyone: what they say, with and without programmes, and what they keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import html

from tests.cast import make_cast, sign_in
from vecu.core import comfort as comforts
from vecu.core.help_lines import ALL

PAGES = ["/", "/aide/", "/confort/", "/mentions-legales/", "/vos-donnees/", "/accessibilite/", "/facile-a-lire/"]
PAGES += ["/plan-du-site/", "/ui/"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Any:
    from vecu.accompaniment.models import Programme
    from vecu.people.models import Organisation

    organisation = Organisation.objects.create(name="Comité du Val", kind="association", email="pairs@val.example")
    return Programme.objects.create(
        organisation=organisation, name="Parler à un pair", phone="01 99 00 12 34", is_open=True, call_working_days=4
    )


def words(response: Any) -> str:
    return " ".join(html.fromstring(response.content).text_content().split())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_works(client: Any, path: str, language: str) -> None:
    response = client.get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    assert f'<html lang="{language}"' in response.content.decode()


def test_home_states_the_clocks_of_the_programme(client: Any, programme: Any) -> None:
    page = words(client.get("/"))
    assert "Sous 4 jours ouvrés" in page
    assert "01 99 00 12 34" in page
    assert "pairs@val.example" in page


def test_home_is_open_to_whoever_works_here_too(client: Any, programme: Any) -> None:
    cast = make_cast()
    sign_in(client, cast.claire)
    assert "Les demandes ne sont pas encore ouvertes" not in words(client.get("/"))


def test_home_promises_nothing_when_nothing_is_open(client: Any, programme: Any) -> None:
    type(programme).objects.update(is_open=False)
    page = words(client.get("/"))
    assert "jours ouvrés" not in page
    assert "Les demandes ne sont pas encore ouvertes" in page
    assert "01 99 00 12 34" not in page


def test_home_promises_the_longest_delay_of_several_programmes(client: Any, programme: Any) -> None:
    type(programme).objects.create(
        organisation=programme.organisation, name="Autre", phone="01 99 00 45 67", is_open=True, call_working_days=1
    )
    page = words(client.get("/"))
    assert "Sous 4 jours ouvrés" in page
    assert "Vous appelle sous 1 jour ouvré" in page


def test_home_asks_the_database_once_whatever_the_number(client: Any, programme: Any) -> None:
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for number in range(10):
        type(programme).objects.create(
            organisation=programme.organisation, name=f"Autre {number}", phone="01 99 00 45 67", is_open=True
        )
    with CaptureQueriesContext(connection) as many:
        client.get("/")
    assert len(many) == len(few)


def test_help_shows_every_line(client: Any) -> None:
    hrefs = html.fromstring(client.get("/aide/").content).xpath("//main//ul//a/@href")
    assert hrefs == [line.href for line in ALL]


def test_help_reads_nothing_from_the_database(client: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        client.get("/aide/")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_calm_line(client: Any, path: str) -> None:
    aside = html.fromstring(client.get(path).content).xpath("//aside[@class='help']")[0]
    assert aside.xpath(".//a/@href") == ["tel:15", "tel:112", "sms:114", "tel:3114"]


CHOICES = {"text": "large", "spacing": "spaced", "font": "dyslexic", "theme": "dark", "motion": "still"}


def test_comfort_changes_the_next_pages(client: Any) -> None:
    response = client.post("/confort/", CHOICES, follow=True)
    root = html.fromstring(response.content)
    assert root.get("class") == "text-large spaced font-dyslexic still"
    assert root.get("data-theme") == "dark"
    assert "C’est fait" in words(response)
    cookie = client.cookies[comforts.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax"


def test_comfort_shows_the_choices_already_made(client: Any) -> None:
    client.post("/confort/", CHOICES)
    checked = html.fromstring(client.get("/confort/").content).xpath("//main//input[@checked]/@value")
    assert checked == list(CHOICES.values())


@pytest.mark.parametrize("value", ["", "enormous", "\x00", "é" * 3000])
def test_comfort_refuses_other_choices(client: Any, value: str) -> None:
    response = client.post("/confort/", CHOICES | {"text": value})
    assert response.status_code == 422
    assert "data-vecu-errors" in response.content.decode()
    assert response.content.decode().count("checked") == 4
    assert html.fromstring(response.content).xpath("//title/text()")[0].startswith("Erreur")


def test_catalogue_is_closed_on_real_instances(client: Any, settings: Any) -> None:
    settings.CATALOGUE = False
    assert client.get("/ui/").status_code == 404


def test_legal_notice_says_what_is_missing(client: Any, settings: Any) -> None:
    assert "n’a pas encore rempli" in words(client.get("/mentions-legales/"))
    settings.LEGAL = dict.fromkeys(("publisher", "director", "host", "contact"), "Comité du Val")
    assert "n’a pas encore rempli" not in words(client.get("/mentions-legales/"))


def test_lost_page_has_a_way_out(client: Any) -> None:
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page est introuvable" in words(response)
    assert html.fromstring(response.content).xpath("//main//a[@href='/']")


def test_language_switch_comes_back_to_the_page(client: Any) -> None:
    response = client.post("/langue/", {"language": "en", "next": "/aide/"}, follow=True)
    assert response.request["PATH_INFO"] == "/aide/"
    assert "Someone to talk to, now" in words(response)
