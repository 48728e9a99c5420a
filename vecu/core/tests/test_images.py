"""Images are written anew, within limits."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from vecu.core import images, pdf
from vecu.core.errors import Refused
from vecu.core.tests.photos import photo


def reopened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def with_gps() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F] = "Phone of Nadia"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_it_works(kind: str) -> None:
    data = images.rewrite(photo(kind=kind, mode="P" if kind == "GIF" else "RGB"))
    assert reopened(data).size == (60, 40)
    assert images.content_type(data) in ("image/jpeg", "image/png")


def test_metadata_stay_behind() -> None:
    data = images.rewrite(photo(exif=with_gps(), comment=b"chez moi"))
    assert not reopened(data).getexif()
    assert b"Phone of Nadia" not in data and b"chez moi" not in data and b"Exif" not in data


def test_text_and_profile_of_a_png_stay_behind() -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "Nadia Benali")
    data = images.rewrite(photo(kind="PNG", mode="RGBA", pnginfo=info, icc_profile=b"Nadia profile" * 9))
    assert b"Nadia" not in data and reopened(data).info.keys() <= {"transparency"}


def test_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert reopened(images.rewrite(photo(size=(60, 40), exif=exif))).size == (40, 60)


def test_reduced_to_2000_pixels() -> None:
    assert reopened(images.rewrite(photo(size=(3000, 1500)))).size == (2000, 1000)


def test_transparency_is_kept() -> None:
    data = images.rewrite(photo(kind="PNG", mode="RGBA"))
    assert images.content_type(data) == "image/png" and reopened(data).mode == "RGBA"


def bomb(side: int = 30_000) -> io.BytesIO:
    """A tiny PNG that says it is 900 million pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return io.BytesIO(
        images.PNG_SIGN + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10**6)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        io.BytesIO(b"not an image"),
        io.BytesIO(b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        io.BytesIO(b"\xff\xd8\xff" + b"\0" * 500),
        io.BytesIO(b"GIF89a" + b"\xff" * 40),
        io.BytesIO(photo().read()[:200]),
        io.BytesIO(photo(kind="PNG").read()[:60]),
        photo(kind="TIFF"),
        photo(kind="BMP"),
    ],
    ids=lambda file: repr(file.getvalue()[:12]),
)
def test_what_is_no_image_is_refused(file: io.BytesIO) -> None:
    with pytest.raises(Refused, match="image_unreadable"):
        images.rewrite(file)


def test_an_image_cut_short_is_refused_after_a_pdf_was_made_too() -> None:
    """WeasyPrint asks Pillow to be lenient for the whole process."""
    pdf._engine.cache_clear()
    pdf._engine()
    with pytest.raises(Refused, match="image_unreadable"):
        images.rewrite(io.BytesIO(photo(kind="PNG").read()[:60]))


@pytest.mark.parametrize("side", [8_000, 30_000])
def test_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(Refused, match=r"image_too_large|image_unreadable"):
        images.rewrite(bomb(side))


def test_too_heavy_is_refused() -> None:
    with pytest.raises(Refused, match="image_too_heavy"):
        images.rewrite(io.BytesIO(b"\xff\xd8" + b"\0" * images.MAX_BYTES))
