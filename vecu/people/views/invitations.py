"""Accepting an invitation. Opening the link consumes nothing: mail scanners open links too."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature
from django.http import HttpResponse
from django.utils.translation import get_language

from vecu.core.access import public
from vecu.core.http import redirect, show, show_form
from vecu.people import actions
from vecu.people.forms import AcceptForm
from vecu.people.models import Invitation
from vecu.people.views import openings

COOKIE = openings.COOKIE
COOKIE_SECONDS = 3600


@public
def invitation_open(request: Any, token: str) -> HttpResponse:
    """Open to whoever holds the link: it is put away at once in a cookie, so that no address bar, history or
    Referer keeps it."""
    response = redirect(request, "invitation_accept")
    response.set_signed_cookie(
        COOKIE,
        token,
        max_age=COOKIE_SECONDS,
        path="/invitation/",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    response["Referrer-Policy"] = "no-referrer"
    return response


@public
def invitation_accept(request: Any) -> HttpResponse:
    """Open to whoever holds an invitation: says who invites; only the form sent takes the role."""
    invitation = held_invitation(request)
    if invitation is None:
        return show(request, "people/invitation_over.html", status=410 if request.method == "POST" else 200)
    if invitation.person is not None:
        return openings.account_open(request, invitation)
    is_known = actions.has_account(invitation)
    needs_sign_in = is_known and request.user.is_anonymous
    data = request.POST if request.method == "POST" else None
    form = AcceptForm(data, knows=request.user.is_authenticated)
    if request.method == "POST" and form.is_valid() and not needs_sign_in:
        return accept(request, invitation, form)
    return show_form(request, "people/invitation_accept.html", form, invitation=invitation, needs_sign_in=needs_sign_in)


def accept(request: Any, invitation: Invitation, form: AcceptForm) -> HttpResponse:
    """Whoever read the mail holds the address: they are signed in, as after a code."""
    language = (get_language() or "fr")[:2]
    person = actions.accept_invitation(invitation, actor=request.actor, language=language, **form.cleaned_data)
    return openings.enter(request, person)


def held_invitation(request: Any) -> Invitation | None:
    try:
        token = request.get_signed_cookie(COOKIE, max_age=COOKIE_SECONDS)
    except (KeyError, BadSignature):
        return None
    return actions.find_invitation(token)
