"""PDFs are tagged, ours alone, and never fetch anything."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from django.template import engines
from django.test import override_settings

from vecu.core import checks, pdf
from vecu.core.errors import Refused

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>Feuille</title>
<link rel="stylesheet" href="{{ static }}core/css/paper.css"></head>
<body><h1>Feuille d’émargement</h1><p>{{ words }}</p>{{ more }}</body></html>"""


def write(monkeypatch: pytest.MonkeyPatch, **context: Any) -> bytes:
    page = engines["django"].from_string(PAGE)
    monkeypatch.setattr(pdf, "render_to_string", lambda template, given: page.render(given))
    return pdf.write("page.html", **context)


def test_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    with pikepdf.open(io.BytesIO(write(monkeypatch, words="Œuvre"))) as made:
        assert made.Root.MarkInfo.Marked
        assert str(made.Root.Lang) == "fr"
        assert "/StructTreeRoot" in made.Root
        with made.open_metadata() as told:
            assert told["dc:title"] == "Feuille"
            assert told["pdfuaid:part"] == "1"
        fonts = {
            str(font.BaseFont) for font in made.objects if isinstance(font, pikepdf.Dictionary) and "/BaseFont" in font
        }
        assert any("Atkinson" in font for font in fonts) and any("Bricolage" in font for font in fonts)


@pytest.mark.parametrize(
    "url",
    [
        "https://ailleurs.example/x.png",
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        pdf.STATIC + "../config/settings/base.py",
        pdf.STATIC + "core/nothing.png",
        "https://static.invalid.example/core/icon.svg",
    ],
)
def test_nothing_else_is_fetched(url: str) -> None:
    with pytest.raises(pdf.NotOurs):
        pdf.found(url)
    with pytest.raises(pdf.NotOurs):
        pdf._engine()[1].fetch(url)


def test_our_files_are_found() -> None:
    assert pdf.found(pdf.STATIC + "core/css/paper.css?v=2").name == "paper.css"


def test_typefaces_are_unpacked_once() -> None:
    font = pdf.found(pdf.STATIC + "core/fonts/atkinson-hyperlegible-next-latin-wght-normal.woff2")
    assert pdf.unpacked(font).startswith(b"\x00\x01\x00\x00"), "TrueType, which WeasyPrint takes as it is"
    assert pdf.unpacked(font) is pdf.unpacked(font)


def test_a_page_that_asks_for_more_is_still_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sockets are closed in tests: a fetch would fail here."""
    assert write(monkeypatch, words='<img src="http://ailleurs.example/x.png">').startswith(b"%PDF")


def test_without_pango_it_is_said_at_start_and_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> Any:
        raise OSError(f"cannot load library {name}")

    monkeypatch.setattr(pdf.ctypes, "CDLL", gone)
    monkeypatch.setattr(pdf.importlib, "import_module", gone)
    pdf._engine.cache_clear()
    try:
        assert [problem.id for problem in checks.pdf_libraries()] == ["vecu.W002"]
        with pytest.raises(Refused) as refusal:
            pdf._engine()
        assert refusal.value.code == "no_pdf" and "Pango" in refusal.value.sentence
    finally:
        pdf._engine.cache_clear()


def test_a_machine_with_pango_is_told_nothing() -> None:
    assert list(checks.pdf_libraries()) == []


@override_settings(LANGUAGE_CODE="fr")
def test_it_is_served_as_a_file_to_keep() -> None:
    response = pdf.attached(b"%PDF-1.7", "Attestation n° 12 / É")
    assert response["Content-Disposition"] == 'attachment; filename="attestation-n-12-e.pdf"'
    assert response["Cache-Control"] == "no-store, private"
