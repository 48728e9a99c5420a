"""A signature: what was drawn, as strokes, or a name, typed by whoever cannot draw.

Drawn, it arrives as JSON, `[[x, y, x, y, …], …]`, in a frame of 600 by 200: numbers, not an image, so that there is
nothing to decode and nothing hidden in it. It is drawn again as an SVG path.
"""

from __future__ import annotations

import json
from itertools import pairwise

from django.utils.translation import gettext as _

from vecu.core.errors import Refused

WIDTH, HEIGHT = 600, 200
MOST_NUMBERS = 8000
SHORTEST = 40  # a point pressed by mistake is no signature
LONGEST_NAME = 120


def read(given: str) -> str:
    """What is kept: strokes written the shortest way, or the name without spaces around; else Refused."""
    text = given.strip()
    if text.startswith("["):
        return json.dumps(_strokes(text), separators=(",", ":"))
    if len(text) < 2 or not any(letter.isalpha() for letter in text):
        raise Refused("no_signature", _("Sign in the frame, or type your name."))
    if len(text) > LONGEST_NAME:
        raise Refused("long_signature", _("This name is too long: type your first and last name."))
    return " ".join(text.split())


def is_drawn(kept: str) -> bool:
    return kept.startswith("[")


def path_of(kept: str) -> str:
    """The strokes as the `d` of an SVG path; nothing for a typed name."""
    if not is_drawn(kept):
        return ""
    moves = []
    for stroke in json.loads(kept):
        points = [f"{x} {y}" for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        moves.append("M" + "L".join(points))
    return "".join(moves)


def _strokes(text: str) -> list[list[int]]:
    try:
        strokes = json.loads(text) if len(text) <= MOST_NUMBERS * 6 else None
        if not isinstance(strokes, list) or not all(isinstance(stroke, list) for stroke in strokes):
            raise ValueError(text[:1])
        cleaned = [_stroke(stroke) for stroke in strokes if len(stroke) >= 4]
    except (ValueError, RecursionError) as error:
        raise Refused(
            "strange_signature", _("This signature could not be read. Sign again, or type your name.")
        ) from error
    if any(len(stroke) % 2 for stroke in cleaned) or sum(map(len, cleaned)) > MOST_NUMBERS:
        raise Refused("strange_signature", _("This signature could not be read. Sign again, or type your name."))
    if sum(map(_length, cleaned)) < SHORTEST:
        raise Refused("no_signature", _("Sign in the frame, or type your name."))
    return cleaned


def _stroke(given: list[object]) -> list[int]:
    """x and y in turn, kept within the frame."""
    return [_number(value, HEIGHT if place % 2 else WIDTH) for place, value in enumerate(given)]


def _number(value: object, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e6 < value < 1e6:
        raise ValueError("not a number")
    return round(min(max(value, 0), most))


def _length(stroke: list[int]) -> float:
    points = list(zip(stroke[::2], stroke[1::2], strict=True))
    return sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(points))
