"""Images written anew: decoded within limits, turned upright, reduced, saved without anything but the picture."""

from __future__ import annotations

import io
import struct
from typing import IO

from django.http import HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from vecu.core.errors import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_SIDE = 2000
READ = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 82
# Decoders meet hostile bytes: whatever they raise, it is not an image that can be shown.
UNREADABLE = (
    *(UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, OSError, ValueError),
    *(SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, AttributeError, struct.error, MemoryError),
)
PNG_SIGN = b"\x89PNG\r\n\x1a\n"


def rewrite(upload: IO[bytes]) -> bytes:
    """A fresh JPEG, or PNG when it has transparency, of the first frame; raises Refused with what to do."""
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("image_too_heavy", _("This image is over 10 MB. Send a smaller one, or take the photo again."))
    try:
        return _encode(_decode(data))
    except Refused:
        raise
    except UNREADABLE as error:
        raise Refused(
            "image_unreadable", _("This file could not be read as an image. Send a JPEG, PNG, WebP or GIF image.")
        ) from error


def content_type(data: bytes) -> str:
    """Of an image written by `rewrite`."""
    return "image/png" if data.startswith(PNG_SIGN) else "image/jpeg"


def served(data: bytes) -> HttpResponse:
    """An image written by `rewrite`, to one reader: kept nowhere, and nothing in it can run."""
    kind = content_type(data)
    headers = {
        "Content-Disposition": f'inline; filename="image.{kind.partition("/")[2]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


def _decode(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=READ) as image:
        # The header tells the size before a single pixel is decoded.
        if image.width * image.height > MAX_PIXELS:
            raise Refused("image_too_large", _("This image is too large. Send a smaller one."))
        image.draft("RGB", (MAX_SIDE, MAX_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((MAX_SIDE, MAX_SIDE))
        has_alpha = upright.has_transparency_data
        return upright.convert("RGBA" if has_alpha else "RGB")


def _encode(image: Image.Image) -> bytes:
    # A new canvas: comments, profiles, positions and dates stay with the old one.
    fresh = Image.new(image.mode, image.size)
    fresh.paste(image)
    out = io.BytesIO()
    if fresh.mode == "RGBA":
        fresh.save(out, "PNG", optimize=False)
    else:
        fresh.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
