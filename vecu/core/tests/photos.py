"""Image files as phones make them."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def photo(size: tuple[int, int] = (60, 40), kind: str = "JPEG", mode: str = "RGB", **saved: Any) -> io.BytesIO:
    """An image file as a phone makes it."""
    file = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else (120, 60, 90, 128)[: len(mode)]).save(file, kind, **saved)
    file.seek(0)
    file.name = f"photo.{kind.lower()}"
    return file
