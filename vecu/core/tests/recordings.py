"""Sounds as recorders write them, with what they say of who spoke and where."""

from __future__ import annotations

import struct

TOLD = b"Nadia, chez elle, le 3 mars"
NOTE = b"\x00" * 4 + TOLD


def wav(seconds: int = 2) -> bytes:
    rate = 8000
    shape = struct.pack("<HHIIHH", 1, 1, rate, rate * 2, 2, 16)
    sound = b"".join(struct.pack("<h", at % 50 * 40) for at in range(rate * seconds))
    body = b"WAVE"
    for name, held in ((b"fmt ", shape), (b"LIST", b"INFOIART" + TOLD), (b"data", sound), (b"id3 ", TOLD)):
        body += name + struct.pack("<I", len(held)) + held + bytes(len(held) % 2)
    return b"RIFF" + struct.pack("<I", len(body)) + body


FRAME = b"\xff\xfb\x90\x64" + bytes(413)  # MPEG 1, layer III, 128 kb/s, 44,100 Hz: silence


def mp3(frames: int = 80) -> bytes:
    told = b"TIT2" + struct.pack(">I", len(TOLD)) + b"\0\0" + TOLD
    head = b"ID3\x04\0\0" + bytes([0, 0, len(told) >> 7, len(told) & 0x7F]) + told
    return head + FRAME * (frames // 2) + b"junk " + TOLD + FRAME * (frames // 2) + b"TAG" + TOLD.ljust(125, b"\0")


def opus(seconds: int = 2) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 4) + b"Test" + struct.pack("<II", 1, 600) + TOLD.ljust(600)
    packet = b"\xf8\xff\xfe"  # twenty milliseconds of silence
    pages = [_page(head, 0, 0, 2), _page(tags, 0, 1, 0)]
    for number in range(seconds):
        pages.append(_page(packet, (number + 1) * 48000 + 312, number + 2, 4 if number + 1 == seconds else 0, 50))
    return b"".join(pages)


def _page(packet: bytes, granule: int, number: int, flag: int, times: int = 1) -> bytes:
    table = bytes([255] * (len(packet) // 255) + [len(packet) % 255]) * times
    head = b"OggS\0" + bytes([flag]) + struct.pack("<qIII", granule, 7, number, 0) + bytes([len(table)]) + table
    page = head + packet * times
    return page[:22] + struct.pack("<I", ogg_sum(page)) + page[26:]


def ogg_sum(page: bytes) -> int:
    """As the standard says it, bit by bit: the field of the sum itself counts as zero."""
    found = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        found ^= byte << 24
        for _bit in range(8):
            found = (found << 1 ^ 0x04C11DB7 if found & 0x80000000 else found << 1) & 0xFFFFFFFF
    return found


def _box(name: bytes, *held: bytes) -> bytes:
    inside = b"".join(held)
    return struct.pack(">I", len(inside) + 8) + name + inside


def m4a(handler: bytes = b"soun", coding: bytes = b"mp4a") -> bytes:
    dates = struct.pack(">II", 3_700_000_001, 3_700_000_002)
    film = _box(b"mvhd", bytes(4) + dates + struct.pack(">II", 600, 1800) + bytes(80))
    names = _box(b"hdlr", bytes(8) + handler + bytes(12) + b"Phone of Nadia\0")
    table = _box(b"stbl", _box(b"stsd", bytes(4) + struct.pack(">I", 1) + _box(coding, bytes(28))))
    track = _box(b"trak", _box(b"tkhd", bytes(4) + dates + bytes(72)), _box(b"mdia", names, _box(b"minf", table)))
    said = _box(b"udta", _box(b"meta", NOTE))
    return _box(b"ftyp", b"M4A \0\0\0\0") + _box(b"moov", film, track, said) + _box(b"mdat", b"\x21\x10" * 400)
