"""Words that recall the help lines to the writer, and to nobody else.

The list is open (`static/messaging/help_words.json`), a draft until a clinician signs it. It decides nothing: the
message is sent as it is, at once; nothing is stored, counted, logged or told. Such a list misses the gravest
sentences and sees some that are not: that is why it may only ever show a box to the person who writes.

`static/messaging/composer.js` does the same in the browser, from the same list, without a request.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "static" / "messaging" / "help_words.json"


def are_in(text: str) -> bool:
    """Whether the box of help lines is shown to the writer of this text."""
    plain = f" {plain_words(text)} "
    for phrase in phrases()["unless"]:
        plain = plain.replace(f" {phrase} ", " · ")
    return any(f" {phrase} " in plain for phrase in phrases()["phrases"])


def plain_words(text: str) -> str:
    """Lower case, no accents, only letters, digits and single spaces."""
    text = unicodedata.normalize("NFKD", text.lower().replace("œ", "oe"))
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"[\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]", "", text)).strip()


@cache
def phrases() -> dict[str, Any]:
    """The list as it is published."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))
