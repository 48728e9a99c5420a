"""Proofs people send (a diploma, a receipt): an image or a PDF, recognised by its content and written anew.

What is kept holds the pages and nothing else: no author, place, date of the file, script, attached file, nor action
that starts by itself. It is served as a file to keep, never opened within the site.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO, Any

import pikepdf
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from vecu.core import images
from vecu.core.errors import Refused

MAX_PAGES = 40
PDF_SIGN = b"%PDF-"
SIGN_WITHIN = 1024  # a few bytes may come before it
DEEPEST = 60
# Who made the file, with what and when; what runs, and what travels inside.
DROPPED = (
    *("/Metadata", "/PieceInfo", "/LastModified", "/AA", "/OpenAction", "/JS", "/XFA"),
    *("/EF", "/AF", "/EmbeddedFiles", "/Collection"),
)
ACTIONS = {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/URI", "/Rendition"}
JPEG_START, JPEG_SCAN, JPEG_ADOBE, JPEG_COMMENT = b"\xff\xd8", 0xDA, 0xEE, 0xFE
JPEG_APPS = range(0xE1, 0xF0)
ENDS = {b"%PDF": "pdf", b"\x89PNG": "png"}


def rewrite(upload: IO[bytes]) -> bytes:
    """A fresh PDF or image; raises Refused with what to do."""
    start = upload.read(SIGN_WITHIN)
    upload.seek(0)
    if PDF_SIGN not in start:
        return images.rewrite(upload)
    data = upload.read(images.MAX_BYTES + 1)
    if len(data) > images.MAX_BYTES:
        raise Refused("file_too_heavy", _("This file is over 10 MB. Send a lighter one, or a photo of the page."))
    return _fresh_pdf(data)


def end_of(data: bytes) -> str:
    """« pdf », « png » or « jpg », of something written by `rewrite`."""
    return ENDS.get(data[:4], "jpg")


def attached(data: bytes, name: str) -> HttpResponse:
    """Something written by `rewrite`, to one reader: a file to keep, which opens nothing here and stays in no cache."""
    end = end_of(data)
    kind = {"pdf": "application/pdf", "png": "image/png"}.get(end, "image/jpeg")
    headers = {
        "Content-Disposition": f'attachment; filename="{slugify(name) or "document"}.{end}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


def _fresh_pdf(data: bytes) -> bytes:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return _rewritten(pdf)
    except pikepdf.PasswordError as error:
        raise Refused(
            "pdf_locked", _("This PDF asks for a password. Send it without one, or a photo of it.")
        ) from error
    except (pikepdf.PdfError, ValueError, TypeError, RuntimeError, RecursionError, OverflowError) as error:
        raise Refused(
            "pdf_unreadable", _("This PDF could not be read. Print it again as PDF, or send a photo of it.")
        ) from error


def _rewritten(pdf: pikepdf.Pdf) -> bytes:
    if not 0 < len(pdf.pages) <= MAX_PAGES:
        raise Refused("pdf_too_long", _("This PDF has no page, or more than 40. Send only the page that proves it."))
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    if "/Names" in pdf.Root and "/JavaScript" in pdf.Root.Names:
        del pdf.Root.Names["/JavaScript"]
    for found in pdf.objects:
        _clean(found)
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _clean(found: Any, depth: int = 0) -> None:
    """This object and those written inside it; those that stand apart have their own turn."""
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        for key in [key for key, value in found.items() if key in DROPPED or _acts(value)]:
            del found[key]
        if isinstance(found, pikepdf.Stream) and found.get("/Filter") == pikepdf.Name.DCTDecode:
            _clean_photo(found)
    for inner in _inside(found) if depth < DEEPEST else ():
        _clean(inner, depth + 1)


def _acts(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in ACTIONS


def _inside(found: Any) -> Iterator[Any]:
    if isinstance(found, pikepdf.Array):
        inner = list(found)
    elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        inner = [value for _key, value in found.items()]
    else:
        return
    for one in inner:
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            yield one


def _clean_photo(stream: pikepdf.Stream) -> None:
    """A photo inside a PDF keeps the place where it was taken: that part of it goes."""
    raw = stream.read_raw_bytes()
    if raw.startswith(JPEG_START):
        stream.write(_bare_jpeg(raw), filter=pikepdf.Name.DCTDecode)


def _bare_jpeg(raw: bytes) -> bytes:
    """Without its notes (position, date, camera, comments); colours (Adobe) and picture stay."""
    out, at = [JPEG_START], 2
    while at + 4 <= len(raw) and raw[at] == 0xFF and raw[at + 1] != JPEG_SCAN:
        kind, size = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4], "big") + 2
        if (kind not in JPEG_APPS or kind == JPEG_ADOBE) and kind != JPEG_COMMENT:
            out.append(raw[at : at + size])
        at += size
    return b"".join([*out, raw[at:]])
