"""Sounds people send, to be listened to: recognised by their content and written anew, without what a file says beside
the sound (who, where, when, a picture). Read by hand: no decoder meets the bytes here, only the reader's own player.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from vecu.core import mp4
from vecu.core.errors import Refused

MAX_BYTES = 10 * 1024 * 1024
LONGEST = 4 * 60 * 60  # seconds
MP3, OPUS, WAV, M4A = "audio/mpeg", "audio/ogg", "audio/wav", "audio/mp4"
ENDS = {MP3: "mp3", OPUS: "ogg", WAV: "wav", M4A: "m4a"}
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")

# MPEG audio, layer III: kilobits a second by index, for version 1 and for 2 and 2.5; samples a second by version.
RATES = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
FEWEST_FRAMES = 4
MOST_TRIES = 50_000  # places where a frame is looked for among what is none
MOST_PAGES = 50_000  # of Ogg: four hours have some fifteen thousand
OPUS_RATE = 48000
EMPTY_TAGS = b"OpusTags" + bytes(8)
MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


@dataclass(frozen=True)
class Sound:
    """What is kept of a file: its kind, its bytes written anew, how long it lasts."""

    kind: str
    data: bytes
    seconds: int


def rewrite(upload: IO[bytes]) -> Sound:
    """A fresh MP3, M4A, Opus or WAV; raises Refused with what to do."""
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise Refused("sound_too_heavy", _("This sound is over 10 MB. Save it as MP3 at 64 kb/s, or cut it in two."))
    try:
        sound = _recognised(data)
    except (struct.error, LookupError, ValueError, ArithmeticError) as error:
        raise _unreadable() from error
    if sound is None or not 0 < sound.seconds <= LONGEST:
        raise _unreadable()
    return sound


def served(request: HttpRequest, kind: str, data: bytes) -> HttpResponse:
    """A sound written by `rewrite`, to one reader: whole, or the part a player asks for. Kept in no cache."""
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'inline; filename="audio.{ENDS[kind]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store, private",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    asked = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if asked is None or not any(asked.groups()):
        return HttpResponse(data, content_type=kind, headers=headers)
    first, last = _span(asked[1], asked[2], len(data))
    if first > last:
        return HttpResponse(status=416, headers=headers | {"Content-Range": f"bytes */{len(data)}"})
    part = headers | {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return HttpResponse(data[first : last + 1], status=206, content_type=kind, headers=part)


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """The bytes asked for, both ends included; empty when there are none."""
    if not first:
        return max(0, size - int(last)), size - 1
    return int(first), min(int(last), size - 1) if last else size - 1


def _at_least_one(seconds: float) -> int:
    """Whole seconds; none when there is no sound at all."""
    return max(1, round(seconds)) if seconds > 0 else 0


def _unreadable() -> Refused:
    return Refused("sound_unreadable", _("This file could not be read as a sound. Send an MP3, M4A, Opus or WAV file."))


def _recognised(data: bytes) -> Sound | None:
    readers: dict[Callable[[bytes], Sound | None], bool] = {
        _wav: data[:4] == b"RIFF" and data[8:12] == b"WAVE",
        _opus: data[:4] == b"OggS",
        _m4a: data[4:8] == b"ftyp",
        _mp3: data[:3] == b"ID3" or _frame(data, 0) is not None,
    }
    return next((read(data) for read, fits in readers.items() if fits), None)


# -- WAV: the shape of the sound and the sound, no other chunk


def _wav(data: bytes) -> Sound | None:
    shape, sound, at = b"", b"", 12
    while at + 8 <= len(data) and not (shape and sound):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        held = data[at + 8 : at + 8 + size]
        shape = held[:40] if name == b"fmt " else shape
        sound = held if name == b"data" else sound
        at += 8 + size + size % 2
    coding, _channels, _rate, a_second, block, _bits = struct.unpack_from("<HHIIHH", shape)
    is_plain = coding == 1 or (coding == 0xFFFE and shape[24:26] == b"\x01\x00")
    if not is_plain or not 0 < block <= a_second:
        return None
    sound = sound[: len(sound) // block * block]
    body = b"WAVE" + _chunk(b"fmt ", shape) + _chunk(b"data", sound)
    return Sound(WAV, _chunk(b"RIFF", body), _at_least_one(len(sound) / a_second))


def _chunk(name: bytes, held: bytes) -> bytes:
    return name + len(held).to_bytes(4, "little") + held + bytes(len(held) % 2)


# -- MP3: its frames, whatever lies before, between and after


def _mp3(data: bytes) -> Sound | None:
    """Tags (ID3, APE, lyrics, pictures) lie outside the frames: what is no frame is left out.

    Four bytes of a picture may look like the head of a frame: the first of each run counts when another follows it.
    """
    out: list[bytes] = []
    at, seconds, tries, in_run = _after_tags(data), 0.0, 0, False
    while 0 <= at < len(data):
        found = _frame(data, at)
        if in_run := found is not None and (in_run or _follows(data, at + found[0])):
            out.append(data[at : at + found[0]])
            at, seconds = at + found[0], seconds + found[1]
            continue
        at, tries = data.find(b"\xff", at + 1), tries + 1
        if tries > MOST_TRIES:
            return None
    return Sound(MP3, b"".join(out), _at_least_one(seconds)) if len(out) >= FEWEST_FRAMES else None


def _after_tags(data: bytes) -> int:
    at = 0
    while data[at : at + 3] == b"ID3" and at + 10 <= len(data):
        size = 0
        for byte in data[at + 6 : at + 10]:
            size = size << 7 | byte & 0x7F
        at += 10 + size
    return at


def _follows(data: bytes, at: int) -> bool:
    return at == len(data) or _frame(data, at) is not None


def _frame(data: bytes, at: int) -> tuple[int, float] | None:
    """How many bytes and seconds the frame that begins here holds; None when none does, or it is cut."""
    head = data[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or head[1] >> 1 & 3 != 1:
        return None
    version, rate, pace = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in {0, 15} or pace == 3:
        return None
    a_second = SAMPLES[version][pace]
    held = 1152 if version == 3 else 576
    size = held // 8 * RATES[1 if version == 3 else 2][rate] * 1000 // a_second + (head[2] >> 1 & 1)
    return (size, held / a_second) if at + size <= len(data) else None


# -- Ogg: one stream of Opus, with an empty page of comments


def _opus(data: bytes) -> Sound | None:
    pages = list(_pages(data))
    if not pages or not pages[0][1].startswith(b"OpusHead") or len({page[0][14:18] for page in pages}) != 1:
        return None
    end = next((place for place, (head, _held) in enumerate(pages) if place and head[-1] < 255), 0)
    if not end or not pages[1][1].startswith(b"OpusTags"):
        return None
    first = pages[1][0]
    tags = (first[:26] + bytes([1, len(EMPTY_TAGS)]), EMPTY_TAGS)
    kept = [pages[0], tags, *pages[end + 1 :]]
    out = b"".join(_page(head, held, number) for number, (head, held) in enumerate(kept))
    skipped = int.from_bytes(pages[0][1][10:12], "little")
    last = int.from_bytes(pages[-1][0][6:14], "little", signed=True)
    return Sound(OPUS, out, _at_least_one((last - skipped) / OPUS_RATE))


def _pages(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Heads (with their table of lengths) and what they hold; raises when the file is cut or is something else."""
    at = read = 0
    while at < len(data):
        read += 1
        count = data[at + 26]
        start = at + 27 + count
        size = sum(data[at + 27 : start])
        if data[at : at + 5] != b"OggS\0" or start + size > len(data) or read > MOST_PAGES:
            raise ValueError("no page of Ogg")
        yield data[at:start], data[start : start + size]
        at = start + size


def _page(head: bytes, held: bytes, number: int) -> bytes:
    page = head[:18] + number.to_bytes(4, "little") + bytes(4) + head[26:] + held
    return page[:22] + _checked(page).to_bytes(4, "little") + page[26:]


def _checked(page: bytes) -> int:
    """The sum of an Ogg page: that of zlib, with each byte and the whole read the other way round."""
    turned = zlib.crc32(page.translate(MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)


# -- M4A


def _m4a(data: bytes) -> Sound | None:
    found = mp4.rewrite(data)
    return None if found is None else Sound(M4A, *found)
