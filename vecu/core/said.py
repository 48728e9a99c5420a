"""Short sentences made of numbers, codes and days: said once for each language, then remembered.

    @said
    def say_load(active: int, most: int) -> str: …

Never for anything of a person (a name, a typed word): what is remembered outlives the request.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import get_language, trans_real

MOST = 4096
Words = TypeVar("Words", bound=str)


def join_catalogues() -> None:
    """Django keeps the catalogue of each area apart and asks one after the other for every word: some twenty, for
    three hundred words a page. The words are looked up in one; how plurals agree stays each catalogue's own."""
    for language, _name in settings.LANGUAGES:
        words_of: Any = trans_real.translation(language)
        catalogue = words_of._catalog
        words = {key: word for one in reversed(catalogue._catalogs) for key, word in one.items() if type(key) is str}
        catalogue._catalogs.insert(0, words)
        catalogue._plurals.insert(0, catalogue._plurals[0])


def said(make: Callable[..., Words]) -> Callable[..., Words]:
    """The function, asked once for each language and set of values."""

    @lru_cache(maxsize=MOST)
    def kept(_language: str | None, *values: Hashable, **named: Hashable) -> Words:
        return make(*values, **named)

    @wraps(make)
    def say(*values: Hashable, **named: Hashable) -> Words:
        return kept(get_language(), *values, **named)

    return say
