"""Sounds are recognised by their content, written anew without what they tell, and served in parts."""

from __future__ import annotations

import io
import random
import wave
from collections.abc import Callable

import pytest
from django.test import RequestFactory

from vecu.core import sounds
from vecu.core.errors import Refused
from vecu.core.tests import recordings
from vecu.core.tests.photos import photo

MADE = {
    sounds.WAV: (recordings.wav, 2),
    sounds.MP3: (recordings.mp3, 2),
    sounds.OPUS: (recordings.opus, 2),
    sounds.M4A: (recordings.m4a, 3),
}
each_kind = pytest.mark.parametrize("kind", MADE)


def written(data: bytes) -> sounds.Sound:
    return sounds.rewrite(io.BytesIO(data))


@each_kind
def test_what_it_tells_is_gone_and_the_sound_stays(kind: str) -> None:
    make, seconds = MADE[kind]
    sound = written(make())
    assert (sound.kind, sound.seconds) == (kind, seconds)
    assert b"Nadia" not in sound.data
    assert written(sound.data) == sound


def test_wav_plays_the_same_samples() -> None:
    with wave.open(io.BytesIO(written(recordings.wav()).data)) as file:
        assert file.getnframes() == 16_000


def test_mp3_holds_its_frames_and_nothing_else() -> None:
    assert written(recordings.mp3(80)).data == recordings.FRAME * 80


def test_a_picture_between_frames_is_no_sound() -> None:
    picture = b"APETAGEX" + recordings.FRAME[:4] + b"\x89PNG" * 200
    assert written(recordings.FRAME * 9 + picture + recordings.FRAME * 9).data == recordings.FRAME * 18


@pytest.mark.parametrize(("most", "kind"), [("sounds.MOST_PAGES", sounds.OPUS), ("mp4.MOST_BOXES", sounds.M4A)])
def test_a_file_cut_in_crumbs_is_refused(most: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"vecu.core.{most}", 3)
    with pytest.raises(Refused):
        written(MADE[kind][0]())


def test_read_again_it_is_the_same() -> None:
    upload = io.BytesIO(recordings.mp3())
    assert sounds.rewrite(upload) == sounds.rewrite(upload)


def test_opus_pages_follow_each_other_with_their_sums() -> None:
    data, at, numbers = written(recordings.opus()).data, 0, []
    while at < len(data):
        count = data[at + 26]
        size = 27 + count + sum(data[at + 27 : at + 27 + count])
        page = data[at : at + size]
        assert int.from_bytes(page[22:26], "little") == recordings.ogg_sum(page)
        numbers.append(int.from_bytes(page[18:22], "little"))
        at += size
    assert numbers == [0, 1, 2, 3]


def test_m4a_keeps_its_size_and_forgets_its_day() -> None:
    before, after = recordings.m4a(), written(recordings.m4a()).data
    assert len(after) == len(before) and after.count(b"udta") == 0 and after.count(b"free") == 1
    assert (3_700_000_001).to_bytes(4, "big") not in after


@pytest.mark.parametrize(
    "make",
    [
        lambda: b"",
        lambda: b"RIFF....WAVE",
        lambda: photo().getvalue(),
        lambda: b"%PDF-1.7 not a sound",
        lambda: b"ID3\x04\0\0\0\0\0\0" + b"nothing" * 90,
        lambda: recordings.FRAME,
        lambda: recordings.m4a(handler=b"vide"),
        lambda: recordings.m4a(coding=b"alac"),
        lambda: recordings.m4a() + b"\0\0\0\x08moof",  # in pieces: a player would stay silent
        lambda: recordings.m4a() + b"\0\0\0\x08stz2",
        lambda: recordings.opus().replace(b"OpusHead", b"\x01vorbis."),
        lambda: recordings.opus()[:-7],
    ],
)
def test_what_is_no_sound_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(Refused) as refused:
        written(make())
    assert refused.value.code == "sound_unreadable"


def test_over_ten_megabytes_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        written(bytes(sounds.MAX_BYTES + 1))
    assert refused.value.code == "sound_too_heavy"


@each_kind
def test_spoilt_bytes_are_a_sound_or_refused_never_a_fault(kind: str) -> None:
    draw, whole = random.Random(7), MADE[kind][0]()
    for _turn in range(120):
        spoilt = bytearray(whole)
        for _byte in range(4):
            spoilt[draw.randrange(min(len(spoilt), 700))] = draw.randrange(256)
        try:
            written(bytes(spoilt[: draw.randrange(1, len(spoilt))]))
        except Refused:
            continue


def test_a_long_run_of_almost_frames_ends_soon() -> None:
    with pytest.raises(Refused):
        written(b"ID3\x04\0\0\0\0\0\0" + b"\xff" * 2_000_000)


@pytest.mark.parametrize(
    ("asked", "status", "part", "said"),
    [
        ("", 200, slice(0, 10), None),
        ("bytes=0-1", 206, slice(0, 2), "bytes 0-1/10"),
        ("bytes=4-", 206, slice(4, 10), "bytes 4-9/10"),
        ("bytes=-3", 206, slice(7, 10), "bytes 7-9/10"),
        ("bytes=-30", 206, slice(0, 10), "bytes 0-9/10"),
        ("bytes=8-99", 206, slice(8, 10), "bytes 8-9/10"),
        ("bytes=10-", 416, slice(0, 0), "bytes */10"),
        ("bytes=5-2", 416, slice(0, 0), "bytes */10"),
        ("bytes=-0", 416, slice(0, 0), "bytes */10"),
        ("bytes=0-1,4-5", 200, slice(0, 10), None),
        ("bytes=-", 200, slice(0, 10), None),
        ("pages=1-2", 200, slice(0, 10), None),
    ],
)
def test_a_part_or_the_whole(asked: str, status: int, part: slice, said: str | None) -> None:
    request = RequestFactory().get("/", headers={"Range": asked} if asked else {})
    answer = sounds.served(request, sounds.MP3, b"0123456789")
    assert (answer.status_code, answer.content) == (status, b"0123456789"[part])
    assert answer.headers.get("Content-Range") == said
    assert answer.headers["Accept-Ranges"] == "bytes" and "no-store" in answer.headers["Cache-Control"]
