"""Signing in with a professional account held elsewhere (OpenID Connect), and linking one.

These forms carry no one-time key: the provider is spoken to outside any transaction, and what a browser asked
serves once by itself.
"""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vecu.core import openid
from vecu.core.access import gate, get_visible, public
from vecu.core.http import redirect, show
from vecu.people import actions, context
from vecu.people.middleware import STAFF_WHOLE
from vecu.people.models import OutsideAccount, Person, User
from vecu.people.policy import Can
from vecu.people.views.signin import safe_next

PENDING = "openid"
SIGN_IN, LINK = "sign_in", "link"
LINK_PATH = "outside_account_list"
log = structlog.get_logger("vecu.people")


@public
@require_POST
def outside_sign_in(request: Any, provider: str) -> HttpResponse:
    """Open to everyone, as sign-in is: leads to the provider, which alone can answer for somebody."""
    found = _provider(provider)
    if request.user.is_authenticated:
        return redirect(request, "today")
    return _leave(request, found, SIGN_IN, safe_next(request))


@gate(Can.SEE_OWN_DATA)
@require_POST
def outside_account_link(request: Any, provider: str) -> HttpResponse:
    """Prove at the provider which account there is mine. The list asked for a proof here just before."""
    found = _provider(provider)
    if is_reauthentication_required(request, app=""):
        return redirect(request, LINK_PATH)
    return _leave(request, found, LINK, reverse(LINK_PATH))


@public
@require_GET
def outside_return(request: Any, provider: str) -> HttpResponse:
    """Where the provider sends browsers back. Open to everyone; without what this browser asked, nothing happens."""
    found = _provider(provider)
    pending = request.session.pop(PENDING, None)
    try:
        proof = openid.finish(found, pending, request.GET.dict(), _return_url(request, provider))
    except openid.NotProven as error:
        return _explain(request, found, error.code)
    if pending["purpose"] == LINK:
        return _link(request, found, proof, pending)
    user = None if request.user.is_authenticated else actions.open_with(proof)
    if user is None:
        return _explain(request, found, "not_linked")
    return _enter(request, user, found, proof, pending)


@gate(Can.SEE_OWN_DATA)
def outside_account_list(request: Any) -> HttpResponse:
    """My professional accounts that open this one."""
    if not settings.OIDC_PROVIDERS:
        raise Http404
    raise_if_reauthentication_required(request, app="")
    return show(request, "people/outside_account_list.html", lines=context.outside_lines(request.actor))


@gate(Can.SEE_OWN_DATA)
@require_POST
def outside_account_unlink(request: Any, pk: Any) -> HttpResponse:
    actions.unlink_outside_account(get_visible(OutsideAccount, request.actor, pk=pk), actor=request.actor)
    messages.success(request, _("This account no longer opens yours."))
    return redirect(request, LINK_PATH)


def _provider(name: str) -> openid.Provider:
    try:
        found: openid.Provider = settings.OIDC_PROVIDERS[name]
    except KeyError as error:
        raise Http404 from error
    return found


def _return_url(request: HttpRequest, provider: str) -> str:
    return request.build_absolute_uri(reverse("outside_return", args=[provider]))


def _leave(request: Any, provider: openid.Provider, purpose: str, onward: str) -> HttpResponse:
    """A page that goes on by itself: a form may not be answered by a redirect to another site (form-action)."""
    try:
        url, pending = openid.begin(provider, _return_url(request, provider.name), max_age=STAFF_WHOLE)
    except openid.NotProven as error:
        return _explain(request, provider, error.code)
    request.session[PENDING] = pending | {"purpose": purpose, "onward": onward, "user": request.user.pk}
    response = show(request, "people/outside_sign_in.html", label=context.label_of(provider), url=url)
    response.headers["Refresh"] = f"0;url={url}"
    return response


def _link(request: Any, provider: openid.Provider, proof: openid.Proof, pending: dict[str, Any]) -> HttpResponse:
    """Only for whoever asked, still signed in, in this very session."""
    if not request.user.is_authenticated or request.user.pk != pending["user"]:
        return _explain(request, provider, "not_asked")
    person = get_visible(Person, request.actor, Can.SEE_OWN_DATA, pk=request.actor.person_id)
    actions.link_outside_account(person, proof, actor=request.actor)
    messages.success(request, _("Done. Next time, this account opens yours."))
    return redirect(request, LINK_PATH)


def _enter(
    request: Any, user: User, provider: openid.Provider, proof: openid.Proof, pending: dict[str, Any]
) -> HttpResponse:
    """Through allauth's own stages, so that closed accounts and the second proof are treated as ever."""
    extra = {"second_factor": True} if proof.has_second_factor else {}
    record_authentication(request, user, method="openid", provider=provider.name, **extra)
    return perform_login(request, Login(user=user, redirect_url=pending["onward"]))


def _explain(request: Any, provider: openid.Provider, code: str) -> HttpResponse:
    """What happened and another way in; the log has the exact reason."""
    log.warning("openid.refused", rule=code, provider=provider.name)
    sentence = context.why_not_proven(code, context.label_of(provider))
    status = 503 if code == "unreachable" else 403
    return show(request, "people/outside_refused.html", status=status, sentence=sentence)
