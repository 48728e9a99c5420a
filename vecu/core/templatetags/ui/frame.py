"""What surrounds every page, drawn once for all who see the same, then filled with what is each reader's own.

A stencil is drawn HTML with named holes. It is kept by everything that shaped it, so that two readers who differ
in language, menu or role never share one; what belongs to one reader alone (name, token, address) is only ever
poured into a hole, on each request.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.middleware.csrf import get_token
from django.template import Context
from django.template.loader import render_to_string
from django.urls import get_urlconf
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from vecu.core import help_lines as lines
from vecu.core.templatetags.ui.registry import library

HOLE = "\0"  # never in a page: a NUL is no character of HTML


class Stencil:
    """HTML with holes: `Stencil.draw(template, context, "name", …)`, then `fill(name=…)`."""

    def __init__(self, html: str) -> None:
        self._parts = html.split(HOLE)

    @classmethod
    def draw(cls, template: str, context: dict[str, Any], *holes: str) -> Stencil:
        marks = {name: mark_safe(f"{HOLE}{name}{HOLE}") for name in holes}  # noqa: S308 the name of a hole
        return cls(render_to_string(template, {**context, **marks}))

    def fill(self, **values: str) -> SafeString:
        """The page's own words, escaped here, in the holes."""
        safe = {name: escape(value) for name, value in values.items()}
        parts = [safe[part] if place % 2 else part for place, part in enumerate(self._parts)]
        return mark_safe("".join(parts))  # noqa: S308 drawn by a template, filled with escaped words


@library.simple_tag(takes_context=True)
def header(context: Context) -> SafeString:
    """The head of every page: menu, account, language. Everything may be missing, on error pages."""
    frame, request = context.get("frame"), context.get("request")
    stencil = _header(
        *_place(),
        nav=getattr(frame, "nav", ()),
        links=getattr(frame, "links", ()),
        role_label=getattr(frame, "role_label", ""),
        is_named=bool(getattr(frame, "person_label", "")),
        is_demo=getattr(frame, "is_demo", False),
        has_request=request is not None,
    )
    return stencil.fill(
        person_label=getattr(frame, "person_label", ""),
        token=get_token(request) if request is not None else "",
        address=request.get_full_path() if request is not None else "",
    )


@library.simple_tag
def head_links() -> SafeString:
    """Fonts, styles and scripts of every page."""
    return _head_links(settings.STATIC_URL)


@library.simple_tag
def help_lines() -> SafeString:
    """The calm line of every page: 15, 112, 114, 3114."""
    return _help_lines(get_language())


@library.simple_tag
def footer(is_demo: bool = False) -> SafeString:
    """The foot of every page."""
    return _footer(*_place(), is_demo=bool(is_demo))


def _place() -> tuple[str, str]:
    """What shapes words and addresses: the language, and the site's table of addresses."""
    return get_language() or "", get_urlconf() or settings.ROOT_URLCONF


@lru_cache(maxsize=512)
def _header(language: str, urlconf: str, **shape: Any) -> Stencil:
    return Stencil.draw("core/ui/header.html", {"language": language, **shape}, "person_label", "token", "address")


@lru_cache
def _head_links(static_url: str) -> SafeString:
    return render_to_string("core/ui/head_links.html")


@lru_cache
def _help_lines(language: str) -> SafeString:
    words = {"samu": lines.SAMU, "europe": lines.EUROPE, "deaf": lines.DEAF, "suicide": lines.SUICIDE}
    return render_to_string("core/ui/help_lines.html", words)


@lru_cache
def _footer(language: str, urlconf: str, is_demo: bool) -> SafeString:
    return render_to_string("core/ui/footer.html", {"is_demo": is_demo})
