"""HTML drawn once, with named holes filled on each request: the frame of pages, the rows of long lists.

A stencil is kept by everything that shaped it (its template, the language, the table of addresses), and what
belongs to one reader or one row is only ever poured into a hole, escaped. A hole cannot be asked anything: a
template of rows has no `if` on its row, so that no row's answer is kept for the next one.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial
from html import escape
from typing import Any, NoReturn
from uuid import UUID

from django.conf import settings
from django.template import TemplateSyntaxError
from django.template.loader import render_to_string
from django.urls import get_urlconf, reverse
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from vecu.core.templatetags.ui.registry import library

ANY = UUID(int=0)
MARK = "\0"  # never in a page: a NUL is no character of HTML


class Hole:
    """The place of a word to come."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __html__(self) -> str:
        return f"{MARK}{self._name}{MARK}"

    def __str__(self) -> str:
        return self.__html__()

    def __bool__(self) -> NoReturn:
        raise TemplateSyntaxError(f"{self._name} is filled later: nothing may depend on it here")


class Holes:
    """Stands for a row: each of its attributes is a hole."""

    def __getitem__(self, name: str) -> Hole:
        return Hole(name)


class Stencil:
    """`Stencil(html)` has a hole where html has one; `fill(values)` gives the page's HTML."""

    def __init__(self, html: str) -> None:
        parts = html.split(MARK)
        self._texts, self._names = parts[::2], parts[1::2]

    def fill(self, value_of: Any) -> SafeString:
        """What stands between the holes, and in each what `value_of(name)` gives, escaped unless it is HTML."""
        parts = [self._texts[0]]
        for name, text in zip(self._names, self._texts[1:], strict=True):
            value = value_of(name)
            kind = type(value)
            # The same as conditional_escape, which first looks for words to be translated later.
            if kind is not SafeString:
                value = escape(value) if kind is str else conditional_escape(value)
            parts += (value, text)
        return SafeString("".join(parts))  # drawn by a template, filled with escaped words


@library.simple_tag
def rows(items: Iterable[Any], template: str) -> SafeString:
    """Each item in a copy of the template, which names its attributes `{{ row.name }}` and asks them nothing."""
    stencil = _row(template, *place())
    return mark_safe("".join(stencil.fill(partial(getattr, item)) for item in items))  # noqa: S308 filled above


def filled(template: str, item: Any) -> SafeString:
    """One item in a copy of the template: a part of a row that some rows have and others have not."""
    return _row(template, *place()).fill(partial(getattr, item))


def place() -> tuple[str, str]:
    """What shapes words and addresses: the language, and the site's table of addresses."""
    return get_language() or "", get_urlconf() or settings.ROOT_URLCONF


@lru_cache(maxsize=256)
def address(name: str, language: str, urlconf: str) -> tuple[str, str]:
    """What stands before and after the key in the address of a row."""
    before, after = reverse(name, args=[ANY], urlconf=urlconf).split(str(ANY))
    return before, after


@lru_cache(maxsize=256)
def _row(template: str, language: str, urlconf: str) -> Stencil:
    return Stencil(render_to_string(template, {"row": Holes()}))
