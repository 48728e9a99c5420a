"""What surrounds every page, drawn once for all who see the same, then filled with what is each reader's own.

Two readers who differ in language, menu or role never share a head; name, token and address are holes of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from vecu.core import help_lines as lines
from vecu.core.templatetags.ui.containers import token_of
from vecu.core.templatetags.ui.registry import library
from vecu.core.templatetags.ui.stencils import Hole, Stencil, place


@library.simple_tag(takes_context=True)
def header(context: Context) -> SafeString:
    """The head of every page: menu, account, language. Everything may be missing, on error pages."""
    frame, request = context.get("frame"), context.get("request")
    stencil = _header(
        *place(),
        nav=getattr(frame, "nav", ()),
        links=getattr(frame, "links", ()),
        role_label=getattr(frame, "role_label", ""),
        is_named=bool(getattr(frame, "person_label", "")),
        is_demo=getattr(frame, "is_demo", False),
        has_request=request is not None,
    )
    own = {
        "person_label": getattr(frame, "person_label", ""),
        "token": token_of(request) if request is not None else "",
        "address": request.get_full_path() if request is not None else "",
    }
    return stencil.fill(own.__getitem__)


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
    return _footer(*place(), is_demo=bool(is_demo))


@lru_cache(maxsize=512)
def _header(language: str, urlconf: str, **shape: Any) -> Stencil:
    holes = {name: Hole(name) for name in ("person_label", "token", "address")}
    return Stencil(render_to_string("core/ui/header.html", {"language": language, **shape, **holes}))


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
