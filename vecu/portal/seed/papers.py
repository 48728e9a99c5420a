"""Papers of the demo, as a phone sees them."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw


def scan(words: str) -> io.BytesIO:
    """A sheet with a border and one line."""
    image = Image.new("RGB", (1200, 850), "#fbf7ee")
    drawn = ImageDraw.Draw(image)
    drawn.rectangle((40, 40, 1160, 810), outline="#5b2350", width=6)
    drawn.text((280, 380), words, fill="#2b1a29", font_size=30)
    file = io.BytesIO()
    image.save(file, "JPEG")
    file.seek(0)
    return file
