"""Spreadsheets in and out, without harm either way.

In: CSV (comma, semicolon or tab; UTF-8, UTF-16 with a mark, or Windows-1252), XLSX and ODS, told apart by
their content and never by their name. Everything has a limit, so that a hostile file costs little and says why
it is refused. Out: every text stays a text when a spreadsheet opens it; nothing typed by a person becomes a
formula.
"""

from __future__ import annotations

import csv
import io
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree as SafeTree
from defusedxml.common import DefusedXmlException
from django.utils import timezone
from django.utils.translation import gettext as _
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from vecu.core.errors import Refused

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_PARTS = 2000
MAX_ROWS = 20_000
MAX_COLUMNS = 100
MAX_CELL = 5_000
SHEET_CELL = 32_767  # what a cell of a spreadsheet can hold
SHEET_NAME = 31

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
UNWANTED = ("Cc", "Cs", "Co", "Cn")  # control signs, halves of signs, signs that mean nothing
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODS_MIME = ODS_TYPE.decode()

Cell = str | int | float | date | datetime | None


@dataclass(frozen=True)
class Sheet:
    """A page of a spreadsheet: its name, its first line, its lines."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


@dataclass(frozen=True)
class Read:
    """What a file holds: its first line and the lines after it, each with its number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


# -- reading


def read_table(file: IO[bytes]) -> Read:
    """The first sheet of a CSV, XLSX or ODS file, every cell as text. Raises Refused with a sentence."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("too_big", _("This file is larger than 5 MB. Keep only the sheet to import, then send it again."))
    if not data.strip():
        raise Refused("empty", _("This file is empty."))
    lines: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in _numbered(data):
        if len(lines) > MAX_ROWS:
            raise Refused(
                "too_long",
                _("This file has more than %(max)s lines. Split it in two.") % {"max": f"{MAX_ROWS:,}"},
            )
        if len(cells) > MAX_COLUMNS:
            raise Refused("too_wide", _("Line %(line)s has more than 100 columns.") % {"line": number})
        clean = tuple(_clean(cell, number) for cell in cells)
        if any(clean):
            lines.append((number, clean))
    if not lines:
        raise Refused("empty", _("This file is empty."))
    (_first, header), *rows = lines
    width = len(header)
    return Read(header, tuple((number, (*row, *[""] * (width - len(row)))) for number, row in rows))


def _numbered(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    """Lines with their number, whatever the format; a broken file is refused, never an error."""
    try:
        if data.startswith(ZIP):
            yield from _zipped(data)
        elif data.startswith((OLD_EXCEL, *OTHER_KINDS)):
            raise Refused("wrong_kind", _wrong_kind())
        else:
            yield from _csv_lines(_decoded(data))
    except csv.Error as error:
        raise Refused("unreadable", _unreadable()) from error


def _zipped(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise Refused("too_big", _("Once unpacked, this file is too large to be a list of people."))
            names = {part.filename for part in parts}
            if "xl/workbook.xml" in names:
                yield from _xlsx_lines(data)
            elif "mimetype" in names and archive.read("mimetype").strip() == ODS_TYPE:
                with archive.open("content.xml") as content:
                    yield from _ods_lines(content)
            else:
                raise Refused("wrong_kind", _wrong_kind())
    except Refused:
        raise
    except DefusedXmlException as error:
        raise Refused(
            "unsafe", _("This file holds instructions that a list of people never needs. It was not read.")
        ) from error
    # The libraries raise whatever a broken archive makes them stumble on: all of it means the same here.
    except Exception as error:
        raise Refused("unreadable", _unreadable()) from error


def _xlsx_lines(data: bytes) -> Iterator[tuple[int, Sequence[str]]]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # What a file says of its own size may be a lie; without it, the lines are read as they come.
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            yield number, [_as_text(value) for value in _trimmed(row)]
    finally:
        book.close()


def _ods_lines(content: IO[bytes]) -> Iterator[tuple[int, Sequence[str]]]:
    """The lines of the first table. The empty lines that fill a sheet to its end are counted, not made."""
    number, tables = 0, 0
    for event, element in SafeTree.iterparse(content, events=("start", "end")):
        if event == "start":
            tables += element.tag == f"{TABLE}table"
            if tables > 1:
                return
        elif element.tag == f"{TABLE}table-row":
            cells = _ods_cells(element)
            repeat = _count(element.get(f"{TABLE}number-rows-repeated"))
            for _copy in range(min(repeat, MAX_ROWS + 2) if cells else 0):
                number += 1
                yield number, cells
            number += 0 if cells else repeat
            element.clear()


def _ods_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
            continue
        repeat = min(_count(cell.get(f"{TABLE}number-columns-repeated")), MAX_COLUMNS + 1)
        cells.extend([_ods_text(cell)] * repeat)
        if len(cells) > MAX_COLUMNS and any(cells[MAX_COLUMNS:]):
            break
    return list(_trimmed(cells))


def _ods_text(cell: Element) -> str:
    kind = cell.get(f"{OFFICE}value-type")
    if kind == "date":
        return (cell.get(f"{OFFICE}date-value") or "").partition("T")[0]
    if kind == "float":
        return _as_text(float(cell.get(f"{OFFICE}value") or 0))
    return "\n".join(_inner(paragraph) for paragraph in cell.findall(f"{TEXT}p"))


def _inner(paragraph: Element) -> str:
    """The text of a paragraph; several spaces are written as an element of their own."""
    parts = [paragraph.text or ""]
    for child in paragraph:
        if child.tag == f"{TEXT}s":
            parts.append(" " * min(_count(child.get(f"{TEXT}c")), MAX_CELL))
        elif child.tag in (f"{TEXT}line-break", f"{TEXT}tab"):
            parts.append("\n" if child.tag == f"{TEXT}line-break" else "\t")
        else:
            parts.append(_inner(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise Refused("wrong_kind", _wrong_kind())
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(
        "encoding",
        _("The accents of this file cannot be read. Save it as “CSV UTF-8” or as .xlsx, then send it again."),
    )


def _csv_lines(text: str) -> Iterator[tuple[int, Sequence[str]]]:
    """The separator is the one most used in the first line that holds something."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lstrip().startswith("<"):
        raise Refused("wrong_kind", _wrong_kind())
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    for row in reader:
        yield start, list(_trimmed(row))
        start = reader.line_num + 1


def _clean(text: str, number: int) -> str:
    """One cell: composed accents, no control characters, no spaces around, our own escape taken back."""
    if len(text) > MAX_CELL:
        raise Refused("too_much_text", _("Line %(line)s: a cell holds more than 5,000 characters.") % {"line": number})
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    text = text[1:] if text.startswith("'") and _is_formula_like(text[1:]) else text
    if not text.isprintable():
        text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in UNWANTED)
    return text.replace("\u00a0", " ").strip()


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(value)


def _trimmed(row: Sequence[Any]) -> Sequence[Any]:
    """Without the empty cells at the end."""
    end = len(row)
    while end and row[end - 1] in (None, ""):
        end -= 1
    return row[:end]


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else 1


def _wrong_kind() -> str:
    return _("This is not a spreadsheet Vécu can read. Save it as .xlsx, .ods or .csv, then send it again.")


def _unreadable() -> str:
    return _("This file is damaged: it could not be read to the end. Open it, save it again, then send it.")


# -- writing


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV that French spreadsheets open well: semicolons, every cell quoted, UTF-8 with its mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([escaped(cell) for cell in header])
    writer.writerows([escaped(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def write_xlsx(*sheets: Sheet) -> bytes:
    """A workbook whose texts are texts, even those that look like a formula."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name[:SHEET_NAME])
        page.freeze_panes = "A2"
        for place, title in enumerate(sheet.header):
            page.column_dimensions[_letters(place)].width = max(14, min(44, len(title) + 4))
        page.append([_xlsx_cell(page, title, bold=True) for title in sheet.header])
        for row in sheet.rows:
            page.append([_xlsx_cell(page, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_ods(*sheets: Sheet) -> bytes:
    """The same for LibreOffice."""
    book = OpenDocumentSpreadsheet()
    for sheet in sheets:
        page = OdfTable(name=sheet.name[:SHEET_NAME])
        for row in [sheet.header, *sheet.rows]:
            line = TableRow()
            for value in row:
                line.addElement(_ods_cell(value))
            page.addElement(line)
        book.spreadsheet.addElement(page)
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def escaped(cell: Cell) -> str:
    """A cell of a CSV: a text a spreadsheet would compute gets an apostrophe in front."""
    if not isinstance(cell, str):
        return _plain(cell)
    text = _printable(cell)
    return f"'{text}" if _is_formula_like(text) else text


def _is_formula_like(text: str) -> bool:
    """Whether a spreadsheet could take it for a formula, leading spaces, tabs and line ends included."""
    return text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(FORMULA_STARTS)


def _printable(text: str) -> str:
    """Without the characters that the formats cannot hold."""
    kept = (sign for sign in text if sign in "\t\n\r" or unicodedata.category(sign) not in ("Cc", "Cs"))
    return "".join(kept).replace("\ufffe", "").replace("\uffff", "")[: SHEET_CELL - 1]


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return timezone.localtime(cell).strftime("%Y-%m-%d %H:%M") if timezone.is_aware(cell) else str(cell)
    return str(cell)


def _xlsx_cell(page: Any, value: Cell, *, bold: bool = False) -> Any:
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value).replace(tzinfo=None)
    cell = WriteOnlyCell(page, value=_printable(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        # Without these two a text that starts with = is stored as a formula, or becomes one when edited.
        cell.data_type = "s"
        cell.quotePrefix = _is_formula_like(value)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def _ods_cell(value: Cell) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        cell = TableCell(valuetype="float", value=str(value))
    elif isinstance(value, date) and not isinstance(value, datetime):
        cell = TableCell(valuetype="date", datevalue=value.isoformat())
    else:
        cell = TableCell(valuetype="string")
    for line in (_printable(value) if isinstance(value, str) else _plain(value)).split("\n"):
        cell.addElement(P(text=line))
    return cell


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, left = divmod(place - 1, 26)
        letters = chr(65 + left) + letters
    return letters
