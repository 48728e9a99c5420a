"""A question nobody has answered yet is the same page for everyone: it is drawn once, then only its keys change.

Kept in this process, for visitors only, a few dozen pages at most; nothing of a person ever enters it, because a
page with an answer, an error or a message is always drawn anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from vecu.core import comfort, once
from vecu.core.http import is_htmx

MOST = 64
KEYS = re.compile(r'(name="(csrfmiddlewaretoken|_once)" value=")[^"]*')
_drawn: dict[tuple[Any, ...], str] = {}


def may_share(request: HttpRequest) -> bool:
    """A plain look at a page by a visitor whom nothing is to be told."""
    signed_in: bool = request.actor.is_signed_in  # type: ignore[attr-defined]
    plain = request.method == "GET" and not request.GET and not is_htmx(request) and not signed_in
    return plain and not settings.DEBUG and not len(messages.get_messages(request))


def shared(request: HttpRequest, about: tuple[Any, ...], draw: Callable[[], HttpResponse]) -> HttpResponse:
    """The page drawn for `about` (all that changes it), with fresh keys in its forms."""
    look = (request.COOKIES.get(comfort.COOKIE, ""), get_language(), request.get_host(), timezone.localdate())
    key = (request.path, *look, *about)
    text = _drawn.get(key)
    if text is None:
        response = draw()
        if response.status_code == 200:
            if len(_drawn) >= MOST:
                _drawn.clear()
            _drawn[key] = response.content.decode()
        return response
    token = get_token(request)
    fresh = KEYS.sub(lambda found: found[1] + (token if found[2] == "csrfmiddlewaretoken" else once.new_key()), text)
    response = HttpResponse(fresh)
    patch_vary_headers(response, ["HX-Request"])
    return response
