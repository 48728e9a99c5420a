"""A sound in an MP4 file, as telephones record it: what is not sound is blanked where it stands, so that nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

# The boxes of a file that plays sound; a box of any other name is blanked.
KEPT = {
    *(b"ftyp", b"moov", b"mdat", b"mvhd", b"trak", b"tkhd", b"edts", b"elst", b"mdia", b"mdhd", b"hdlr", b"minf"),
    *(b"smhd", b"dinf", b"dref", b"stbl", b"stsd", b"stts", b"stsc", b"stsz", b"stco", b"co64", b"sgpd", b"sbgp"),
}
FOLDERS = {b"moov", b"trak", b"edts", b"mdia", b"minf", b"stbl"}
DATED = {b"mvhd", b"tkhd", b"mdhd"}
# Its sound is in pieces, or measured in a table that is not kept: nothing would be heard.
SILENT = {b"moof", b"stz2"}
HEAD = 8
DEEPEST = 8
MOST_BOXES = 10_000

Box = tuple[bytes, int, int]  # its name, where what it holds starts, where it ends


def rewrite(data: bytes) -> tuple[bytes, int] | None:
    """The file with nothing but its sound, and its seconds; None when there is a picture, or no sound players know."""
    fresh = bytearray(data)
    boxes = list(islice(_walk(fresh, 0, len(fresh)), MOST_BOXES + 1))
    if len(boxes) > MOST_BOXES:
        return None
    names = [name for name, _start, _end in boxes]
    kinds = [bytes(fresh[start + 8 : start + 12]) for name, start, _end in boxes if name == b"hdlr"]
    codings = [bytes(fresh[start + 12 : start + 16]) for name, start, _end in boxes if name == b"stsd"]
    if (
        SILENT & set(names)
        or b"mdat" not in names
        or kinds != [b"soun"]
        or codings != [b"mp4a"]
        or names.count(b"mvhd") != 1
    ):
        return None
    for name, start, end in boxes:
        if name in DATED:
            long = 8 if fresh[start] else 4
            _blank(fresh, start + 4, start + 4 + 2 * long)
        elif name == b"hdlr":
            _blank(fresh, start + 24, end)  # what the recorder calls itself
        elif name == b"dref":
            _blank(fresh, start + 20, end)  # « in this file », and nothing else
        elif name not in KEPT:
            fresh[start - 4 : start] = b"free"
            _blank(fresh, start, end)
    return bytes(fresh), _seconds(fresh, next(start for name, start, _end in boxes if name == b"mvhd"))


def _walk(data: bytearray, at: int, end: int, depth: int = 0) -> Iterator[Box]:
    while at < end:
        size, name, head = int.from_bytes(data[at : at + 4], "big"), bytes(data[at + 4 : at + 8]), HEAD
        if size == 0:
            size = end - at
        # A box of more than four gigabytes has no business here, nor one that leaves its folder.
        if size < head or at + size > end or depth > DEEPEST:
            raise ValueError("no box of MP4")
        yield name, at + head, at + size
        if name in FOLDERS:
            yield from _walk(data, at + head, at + size, depth + 1)
        at += size


def _blank(data: bytearray, start: int, end: int) -> None:
    if end > len(data):
        raise ValueError("a box is cut")
    data[start:end] = bytes(max(0, end - start))


def _seconds(data: bytearray, start: int) -> int:
    """As the head of the film says: its units a second, and how many; none when it does not know."""
    at, size = (start + 20, 8) if data[start] else (start + 12, 4)
    pace = int.from_bytes(data[at : at + 4], "big")
    length = int.from_bytes(data[at + 4 : at + 4 + size], "big")
    return max(1, round(length / pace)) if length else 0
