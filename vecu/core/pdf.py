"""Our HTML and CSS as tagged PDF: attestations, attendance sheets, letters.

Everything a page needs comes from our own static files, asked as `STATIC + "core/css/paper.css"`, or is written in it
(`data:`): nothing is ever fetched from a network or read elsewhere on the disk, whatever the page says.
"""

from __future__ import annotations

import ctypes
import importlib
import io
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from PIL import ImageFile

from vecu.core.errors import Refused

# Never resolved: the name stands for our static files, so that style sheets may point to fonts beside them.
STATIC = "https://static.invalid/"
VARIANT = "pdf/ua-1"
INSTALL = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
LIBRARIES = (
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
)


class NotOurs(ValueError):
    """A page asked for something that is not one of our static files."""


def write(template: str, **context: Any) -> bytes:
    """The page as PDF/UA, in the language of the moment. Raises Refused when this machine cannot make PDFs."""
    html = render_to_string(template, {"static": STATIC, **context})
    engine, fetcher = _engine()
    return bytes(engine.HTML(string=html, base_url=STATIC, url_fetcher=fetcher).write_pdf(pdf_variant=VARIANT))


def attached(data: bytes, name: str) -> HttpResponse:
    """A PDF of ours to one reader, as a file to keep; held in no cache."""
    headers = {
        "Content-Disposition": f'attachment; filename="{slugify(name) or "document"}.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(data, content_type="application/pdf", headers=headers)


def missing_libraries() -> list[str]:
    """The system libraries without which no PDF can be made, by name; asked at start and by `manage.py check`."""
    return [names[0] for names in LIBRARIES if not any(_is_there(name) for name in names)]


def _is_there(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


@cache
def _engine() -> tuple[Any, Any]:
    """WeasyPrint, loaded by the first PDF only: it needs libraries of the system, and a second to start."""
    try:
        engine, urls = importlib.import_module("weasyprint"), importlib.import_module("weasyprint.urls")
    except OSError as error:
        raise Refused(
            "no_pdf",
            _(
                "This machine cannot make PDF files yet: a library is missing. Tell whoever looks after the server: "
                "install Pango (libpango), the guide says how. Nothing is lost; print the page meanwhile."
            ),
        ) from error
    # Loading it tells Pillow to take images cut short, for the whole process: what people send is read strictly.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    class Fetcher(urls.URLFetcher):  # type: ignore[misc,name-defined]
        """Our static files, and what is written in the page itself."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = found(url)
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            content = unpacked(path) if path.suffix == ".woff2" else path.read_bytes()
            return urls.URLFetcherResponse(url, content, {"Content-Type": kind})

    return engine, Fetcher(allowed_protocols={"data"}, allow_redirects=False)


@cache
def unpacked(font: Path) -> bytes:
    """A typeface of ours as WeasyPrint wants it: unpacked by each PDF anew, they took half of its time."""
    plain = io.BytesIO()
    importlib.import_module("fontTools.ttLib.woff2").decompress(io.BytesIO(font.read_bytes()), plain)
    return plain.getvalue()


def found(url: str) -> Path:
    """The static file an address stands for; anything else is refused."""
    if not url.startswith(STATIC):
        raise NotOurs(url)
    try:
        path = finders.find(url.removeprefix(STATIC).partition("?")[0])
    except SuspiciousFileOperation as error:
        raise NotOurs(url) from error
    if not isinstance(path, str) or not Path(path).is_file():
        raise NotOurs(url)
    return Path(path)
