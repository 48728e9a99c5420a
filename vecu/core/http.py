"""How pages answer: whole page or fragment, forms, redirects, errors, and headers of private pages."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from typing import Any

import structlog
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, OperationalError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.template import TemplateDoesNotExist
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from vecu.core import broken
from vecu.core.errors import Denied, Refused
from vecu.core.logs import set_request_id

log = structlog.get_logger("vecu.http")
View = Callable[[HttpRequest], HttpResponse]
PAGE_SIZE = 50


# -- answers of views


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def show(
    request: HttpRequest, page: str, /, fragment: str | None = None, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render the fragment for htmx when there is one, the whole page otherwise."""
    template = fragment if fragment is not None and is_htmx(request) else page
    response = HttpResponse(render_to_string(template, context, request), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def show_form(
    request: HttpRequest, page: str, /, form: BaseForm, *, fragment: str | None = None, **context: Any
) -> HttpResponse:
    """Show a form; 422 once it was sent and is not valid, with everything typed still in it."""
    status = 422 if form.is_bound and not form.is_valid() else 200
    return show(request, page, fragment, status=status, form=form, **context)


def redirect(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Go to a named page, an object's page or a path, by GET; htmx is told by its own header."""
    url = resolve_url(to, *args, **kwargs)
    if is_htmx(request):
        return HttpResponse(status=200, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url, status=303)


def page_of(queryset: Any, request: HttpRequest, size: int = PAGE_SIZE) -> Page[Any]:
    """The page asked by `?page=`; a number that makes no sense gives the nearest page."""
    return Paginator(queryset, size).get_page(request.GET.get("page"))


def way_back(request: HttpRequest) -> str:
    """The page the person came from if it is ours, else the first page."""
    referer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if referer and is_ours else "/"


# -- refusals and errors


def refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """A rule said no: the sentence, and a way back."""
    context = {"code": refusal.code, "back": way_back(request)}
    return _error(request, "refused", 409, refusal.sentence, fragment="core/errors/_refused.html", **context)


def already_sent(request: HttpRequest) -> HttpResponse:
    """The same form came twice and its first answer was no redirection."""
    sentence = gettext("This was already sent: it was recorded once, you have nothing to do again.")
    context = {"code": "already_sent", "back": way_back(request)}
    return _error(request, "already_sent", 409, sentence, fragment="core/errors/_refused.html", **context)


COLLISIONS = {"40P01", "40001", "55P03"}  # deadlock, serialisation, lock not available
TAKEN = "23505"  # another wrote the same between our looking and our writing


def is_collision(error: Exception) -> bool:
    """Two writers stood in each other's way and the database let one go: trying again is right, and tells the second
    of two who asked for the same thing at once what it tells whoever comes later."""
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, IntegrityError):
        return state == TAKEN or "UNIQUE constraint failed" in str(error)
    return isinstance(error, OperationalError) and (state in COLLISIONS or "database is locked" in str(error))


def collided(request: HttpRequest) -> HttpResponse:
    """Too many writers at once, even after trying again: nothing was recorded."""
    sentence = gettext("Many people are writing at this moment and yours was not recorded. Send it again.")
    context = {"code": "collided", "back": way_back(request)}
    return _error(request, "refused", 503, sentence, fragment="core/errors/_refused.html", **context)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "400", 400, gettext("This request could not be read."))


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "403", 403, gettext("This page is not open to you."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "404", 404, gettext("This page does not exist, or is no longer open to you."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = gettext("This form was open for too long. Go back, reload the page and send it again.")
    return _error(request, "csrf", 403, sentence, back=way_back(request))


def only_a_button(request: HttpRequest, refused: HttpResponseNotAllowed) -> HttpResponse:
    """An address that does something was opened as a page, from a history or a link kept: nothing happens."""
    sentence = gettext("Nothing is read at this address: it only answers a button. Nothing was done.")
    response = _error(request, "404", 405, sentence, back=way_back(request))
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor template: the help lines are shown whatever is broken."""
    kind = broken.kind_of(sys.exc_info()[1])
    return broken.away(request, kind) if kind else broken.server_error(request)


def _error(
    request: HttpRequest, stem: str, status: int, sentence: str, fragment: str | None = None, **context: Any
) -> HttpResponse:
    """The page of an error; if even that fails, the plain text with the help lines."""
    try:
        return show(request, f"core/errors/{stem}.html", fragment, status=status, sentence=sentence, **context)
    except TemplateDoesNotExist:
        return HttpResponse(BARE.replace("{sentence}", escape(sentence)), status=status)
    except Exception:  # the way out of a fault cannot itself fault: logged, then the page that needs nothing
        log.exception("error_page_failed", page=stem)
        response = broken.server_error(request)
        response.status_code = status
        return response


# -- middlewares


class RequestIdMiddleware:
    """Gives each request a number, which the error page shows and the logs and the journal carry."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        set_request_id(request.id)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            set_request_id("")
        response.headers["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        return response


PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb", "browsing-topics")
)
LOGOUT = "account_logout"


class PrivateMiddleware:
    """Headers of private pages; turns Refused and Denied into pages."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            response = only_a_button(request, response)
        # Pages say it themselves when they may be kept; silence means private.
        response.headers.setdefault("Cache-Control", "no-store, private")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        match = request.resolver_match
        if match is not None and match.url_name == LOGOUT and request.method == "POST":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refused):
            log.info("refused", rule=exception.code, view=_view_name(request))
            return refused(request, exception)
        if is_collision(exception):
            log.warning("collided", view=_view_name(request))
            request.has_collided = True  # type: ignore[attr-defined]
            return collided(request)
        if kind := broken.kind_of(exception):
            log.error("database_away", kind=kind, view=_view_name(request))
            return broken.away(request, kind)
        if isinstance(exception, Denied):
            log.warning("denied", right=str(exception), view=_view_name(request))
            return denied(request, exception)
        return None


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


BARE = """<!doctype html>
<html><head><meta charset="utf-8"><title>Vécu</title></head><body><p role="alert">{sentence}</p></body></html>"""
