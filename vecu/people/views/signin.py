"""Pages around sign-in that allauth does not have."""

from __future__ import annotations

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from vecu.core.access import gate, public
from vecu.core.http import redirect, show
from vecu.people.actions import typed
from vecu.people.adapter import LATER_COOKIE
from vecu.people.policy import Can

LATER_SECONDS = 30 * 24 * 3600


@public
def no_sign_up(request: HttpRequest) -> HttpResponse:
    """Open to everyone: nobody signs up alone, so it only leads to the sign-in page."""
    return redirect(request, "account_login")


@gate(Can.SEE_OWN_DATA)
def second_factor(request: Any) -> HttpResponse:
    """Staff choose a passkey or an app before anything else; once given, go on."""
    onward = safe_next(request)
    if not request.needs_second_factor:
        return redirect(request, onward)
    has_one = is_mfa_enabled(request.user)
    return show(request, "people/second_factor.html", has_one=has_one, onward=onward)


@gate(Can.SEE_OWN_DATA)
def passkey_offer(request: Any) -> HttpResponse:
    """After a code by e-mail: next time could be simpler. Offered, never asked for again within a month."""
    onward = safe_next(request)
    if request.method == "POST":
        response = redirect(request, onward)
        response.set_cookie(
            LATER_COOKIE, "1", max_age=LATER_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
        )
        return response
    return show(request, "people/passkey_offer.html", onward=onward, user=request.user)


@gate(Can.SEE_OWN_DATA)
def typed_resume(request: Any) -> HttpResponse:
    """What was being typed when the session ended, shown again to its author with a button to send it."""
    found = typed.take(request.session.get(typed.SESSION_KEY), request.actor.person_id)
    request.session.pop(typed.SESSION_KEY, None)
    if found is None:
        return redirect(request, "today")
    path, fields = found
    shown = [value for name, values in fields.lists() for value in values if len(value) > 1 and name[:1] != "_"]
    hidden = [(name, value) for name, values in fields.lists() for value in values if name != "_once"]
    return show(request, "people/typed_resume.html", path=path, hidden=hidden, shown=shown)


def safe_next(request: HttpRequest) -> str:
    """Where the person was going, if it is here; else the first page."""
    target = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return str(resolve_url("today"))
