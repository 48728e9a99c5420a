"""The sign of Vécu, drawn by the server: two voices on one line, and the V of two strokes that meet."""

from __future__ import annotations

from functools import cache
from random import Random

from django.utils.html import format_html
from django.utils.safestring import SafeString

from vecu.core.templatetags.ui.registry import library, one_of

SHAPES = ("banner", "cover", "join")
BANNER_BARS = 120
BANNER_STEP = 12
COVER_BARS = 6
JOIN = SafeString(
    '<svg class="duo duo-join" viewBox="0 0 78 60" stroke-width="10" aria-hidden="true" focusable="false">'
    '<path class="voice-a" d="M17 8l19 42"/><path class="voice-b" d="M61 8l-17 38"/></svg>'
)


@library.simple_tag
def duo(shape: str = "banner", seed: int = 7) -> SafeString:
    """Decoration only: `banner` across the page, `cover` a small motif, `join` the V between two cards."""
    one_of("duo", "shape", shape, SHAPES)
    if shape == "join":
        return JOIN
    return banner(seed) if shape == "banner" else cover(seed)


@library.simple_tag
def brand() -> SafeString:
    """The logo: two strokes that meet."""
    return SafeString(
        '<svg viewBox="0 0 32 32" fill="none" stroke-width="6" stroke-linecap="round" aria-hidden="true" focusable="false">'
        '<path class="voice-a" d="M6 6l9.6 20.5"/><path class="voice-b" d="M26 6l-7.4 16"/></svg>'
    )


@cache
def banner(seed: int) -> SafeString:
    """Phrases of uneven length which answer each other; while one speaks, the other breathes."""
    draw = Random(seed)  # noqa: S311 a drawing
    above, below, speaking, left = [], [], True, 0
    phrase = 1
    for index in range(BANNER_BARS):
        if left == 0:
            speaking = not speaking if index else True
            phrase = left = draw.randint(16, 24) if speaking else draw.randint(12, 17)
        place = 1 - abs(2 * (phrase - left + 0.5) / phrase - 1)
        loud = round((24 + 44 * place) * draw.uniform(0.72, 1.18))
        quiet = draw.randint(2, 7)
        x = BANNER_STEP * index + BANNER_STEP // 2
        above.append(f"M{x} 93v-{loud if speaking else quiet}")
        below.append(f"M{x} 107v{quiet if speaking else loud}")
        left -= 1
    return format_html(
        '<svg class="duo duo-banner" viewBox="0 0 1440 200" stroke-width="5.5" aria-hidden="true" focusable="false">'
        '<path class="voice-a" d="{}"/><path class="voice-b" d="{}"/></svg>',
        "".join(above),
        "".join(below),
    )


@cache
def cover(seed: int) -> SafeString:
    draw = Random(seed)  # noqa: S311 a drawing
    places = [20 + 32 * index for index in range(COVER_BARS)]
    above = "".join(f"M{x} 90v-{draw.choice((14, 26, 40, 58, 70))}" for x in places)
    below = "".join(f"M{x} 110v{draw.choice((10, 18, 22, 46, 60))}" for x in places)
    return format_html(
        '<svg class="duo" viewBox="0 0 200 200" stroke-width="17" aria-hidden="true" focusable="false">'
        '<path class="voice-a" d="{}"/><path class="voice-b" d="{}"/></svg>',
        above,
        below,
    )
