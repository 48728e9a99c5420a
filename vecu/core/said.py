"""Short sentences made of numbers, codes and days: said once for each language, then remembered.

    @said
    def say_load(active: int, most: int) -> str: …

Never for anything of a person (a name, a typed word): what is remembered outlives the request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import TypeVar

from django.utils.translation import get_language

MOST = 4096
Words = TypeVar("Words", bound=str)


def said(make: Callable[..., Words]) -> Callable[..., Words]:
    """The function, asked once for each language and set of values."""

    @lru_cache(maxsize=MOST)
    def kept(_language: str | None, *values: Hashable, **named: Hashable) -> Words:
        return make(*values, **named)

    @wraps(make)
    def say(*values: Hashable, **named: Hashable) -> Words:
        return kept(get_language(), *values, **named)

    return say
