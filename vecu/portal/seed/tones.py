"""Sounds of the demo: a few soft tones, made of sines alone, always the same bytes. Nobody speaks in them."""

from __future__ import annotations

import io
import math
import struct
import wave
from collections.abc import Sequence

RATE = 8000
LOUD = 6000


def tones(notes: Sequence[float] = (262.0, 330.0, 392.0), seconds: float = 0.4) -> bytes:
    """One note after another, each rising and fading, as a WAV file."""
    length = int(RATE * seconds)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for note in notes:
            heights = (
                math.sin(math.pi * at / length) * math.sin(2 * math.pi * note * at / RATE) for at in range(length)
            )
            file.writeframes(b"".join(struct.pack("<h", round(LOUD * height)) for height in heights))
    return out.getvalue()
