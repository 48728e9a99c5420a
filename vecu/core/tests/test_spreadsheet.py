"""Files of strangers in, texts of strangers out."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from vecu.core import spreadsheet
from vecu.core.errors import Refused
from vecu.core.spreadsheet import Sheet

HEADER = ["prénom", "ville"]
ROWS = [["Hélène", "Nîmes"], ["Zoé", "L’Haÿ"]]
WANTED = ((2, ("Hélène", "Nîmes")), (3, ("Zoé", "L’Haÿ")))
texts = st.text(st.characters(codec="utf-8"), max_size=40)
dangerous = st.builds(lambda start, rest: start + rest, st.sampled_from([*"=+-@\t\r\n＝", " =", "\u00a0="]), texts)


def read(data: bytes) -> spreadsheet.Read:
    return spreadsheet.read_table(io.BytesIO(data))


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(data)
    assert caught.value.sentence
    return caught.value.code


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_csv_of_any_habit_is_read(separator: str, encoding: str) -> None:
    text = "\r\n".join(separator.join(row) for row in [HEADER, *ROWS])
    found = read(text.encode(encoding))
    assert found.header == tuple(HEADER)
    assert found.rows == WANTED


@pytest.mark.parametrize("write", [spreadsheet.write_xlsx, spreadsheet.write_ods])
def test_workbooks_are_read_back(write: Any) -> None:
    found = read(write(Sheet("Pairs", HEADER, ROWS), Sheet("Aide", ["autre"], [["feuille"]])))
    assert (found.header, found.rows) == (tuple(HEADER), WANTED)


@pytest.mark.parametrize("write", [spreadsheet.write_xlsx, spreadsheet.write_ods])
def test_numbers_and_dates_become_plain_texts(write: Any) -> None:
    found = read(write(Sheet("x", ["a", "b", "c"], [[1960, 1.5, date(2024, 2, 29)]])))
    assert found.rows == ((2, ("1960", "1.5", "2024-02-29")),)


def test_lines_keep_the_number_they_have_in_the_file() -> None:
    found = read(b'a;b\n\n"deux\nlignes";x\n\nfin;y\n')
    assert [(number, row[0]) for number, row in found.rows] == [(3, "deux\nlignes"), (6, "fin")]


def test_short_lines_are_filled_and_control_signs_dropped() -> None:
    assert read("a;b;c\n\x07x\u200b;\n".encode()).rows == ((2, ("x\u200b", "", "")),)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b";;\n;;\n", "empty"),
        (b"%PDF-1.7 ...", "wrong_kind"),
        (b"\x89PNG\r\n\x1a\n", "wrong_kind"),
        (spreadsheet.OLD_EXCEL + b"rest", "wrong_kind"),
        (b"a;b\0c", "wrong_kind"),
        (b"<html><script>alert(1)</script>", "wrong_kind"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"a;\xe9\x81", "encoding"),
        (b"\xff\xfe\x00", "encoding"),
        (b'a;b\n"x"y;z\n', "unreadable"),
        (b"a;" + b"x" * 5001, "too_much_text"),
        (b"a\n" + b"x\n" * 20_001, "too_long"),
        (b";" * 100 + b"x", "too_wide"),
        (b"x" * (spreadsheet.MAX_BYTES + 1), "too_big"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    assert refusal(data) == code


def zipped(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_bombs_are_refused_before_they_unfold() -> None:
    big = zipped({"xl/workbook.xml": b"0" * (spreadsheet.MAX_UNPACKED_BYTES + 1)})
    assert len(big) < spreadsheet.MAX_BYTES
    started = time.perf_counter()
    assert refusal(big) == "too_big"
    assert time.perf_counter() - started < 2


def test_entities_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert refusal(zipped({"mimetype": spreadsheet.ODS_TYPE, "content.xml": laughs})) == "unsafe"


def test_other_archives_are_refused() -> None:
    assert refusal(zipped({"word/document.xml": b"<x/>"})) == "wrong_kind"
    assert refusal(zipped({"mimetype": spreadsheet.ODS_TYPE, "content.xml": b"<x>"})) == "unreadable"


def test_a_million_repeated_lines_and_columns_cost_nothing() -> None:
    body = (
        '<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        "<t:table><t:table-row><t:table-cell><x:p>nom</x:p></t:table-cell>"
        '<t:table-cell t:number-columns-repeated="16383"/></t:table-row>'
        '<t:table-row t:number-rows-repeated="1000000"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
        "<t:table-row><t:table-cell><x:p>Zoé<x:s x:c='2'/>B</x:p></t:table-cell></t:table-row></t:table></o:d>"
    )
    found = read(zipped({"mimetype": spreadsheet.ODS_TYPE, "content.xml": body.encode()}))
    assert found.rows == ((1000002, ("Zoé  B",)),)


def test_an_xlsx_that_lies_about_its_size_is_read() -> None:
    book = Workbook()
    book.active.append(["a"])
    book.active.append(["x"])
    book.active.cell(row=1048576, column=1, value="")
    out = io.BytesIO()
    book.save(out)
    assert read(out.getvalue()).rows == ((2, ("x",)),)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(texts, dangerous), min_size=1, max_size=5))
def test_no_csv_cell_starts_like_a_formula(cells: list[str]) -> None:
    data = spreadsheet.write_csv(["h"] * len(cells), [cells]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))
    for cell in rows[1]:
        assert not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))
        assert cell[:1] not in ("\t", "\r", "\n")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(texts, dangerous), min_size=1, max_size=5))
def test_no_xlsx_cell_is_a_formula(cells: list[str]) -> None:
    data = spreadsheet.write_xlsx(Sheet("x", ["h"] * len(cells), [cells]))
    for cell in load_workbook(io.BytesIO(data)).active[2]:
        assert cell.data_type != "f"
        assert cell.value is None or isinstance(cell.value, str)


@settings(max_examples=60, deadline=None)
@given(st.lists(dangerous, min_size=1, max_size=3))
def test_no_ods_cell_has_a_formula(cells: list[str]) -> None:
    data = spreadsheet.write_ods(Sheet("x", ["h"] * len(cells), [cells]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = archive.read("content.xml").decode()
    assert "formula" not in content


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(st.sampled_from(["+33 1 99 00 12 34", "-5", "=1+1", "@nom", "O’Neil"]), texts),
        min_size=1,
        max_size=4,
    )
)
def test_what_goes_out_comes_back_cleaned(cells: list[str]) -> None:
    cells = ["x", *cells]
    found = read(spreadsheet.write_csv([f"c{i}" for i in range(len(cells))], [cells]))
    assert found.rows[0][1] == tuple(spreadsheet._clean(cell, 1) for cell in cells)


def test_numbers_stay_numbers() -> None:
    assert spreadsheet.write_csv(["n"], [[-5]]) == b'\xef\xbb\xbf"n"\r\n"-5"\r\n'
    cell = load_workbook(io.BytesIO(spreadsheet.write_xlsx(Sheet("x", ["n"], [[-5]])))).active["A2"]
    assert (cell.value, cell.data_type) == (-5, "n")
