"""Three gates, all closed by default: the URL, the rows, the verb.

`core` knows neither roles nor rights: an actor is anything with `scope(can) -> Scope`. The one table of who may
do what is `vecu/people/policy.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from functools import cache, wraps
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import urlencode

from vecu.core.errors import Denied
from vecu.core.prepared import Asked, Seen, SeenRows

M = TypeVar("M", bound=Model)
View = Callable[..., HttpResponse]
IDENTIFIER = re.compile(r"[0-9]{1,9}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

# Views of others, closed by their own rules. Each prefix says why it is let through.
EXEMPT_MODULES = (
    "allauth.",  # sign-in pages: public or protected by allauth itself, throttled
    "django.views.i18n",  # language switch: public, writes a cookie only
    "django.contrib.staticfiles.",  # files of the development server
    "django.views.static",
)


class Scope(IntEnum):
    """How far a right reaches, from nothing to everything."""

    NONE = 0
    OWN = 1
    ASSIGNED = 2
    ORGANISATION = 3
    ALL = 4


class Actor(Protocol):
    """Who acts: a person in an organisation, the public, or the system."""

    @property
    def user_id(self) -> int | None: ...

    @property
    def person_id(self) -> UUID | None: ...

    @property
    def organisation_id(self) -> UUID | None: ...

    @property
    def is_signed_in(self) -> bool: ...

    def scope(self, can: Any) -> Scope: ...


def gate(can: Any) -> Callable[[View], View]:
    """Open a view to whoever has `can` in some scope; others sign in first, or get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor: Actor = request.actor  # type: ignore[attr-defined]
            if actor.scope(can) == Scope.NONE:
                if not actor.is_signed_in:
                    return HttpResponseRedirect(sign_in_url(way_here(request)))
                raise Denied(str(can))
            return view(request, *args, **kwargs)

        guarded.gate = can  # type: ignore[attr-defined]
        return guarded

    return decorate


def sign_in_url(back_to: str) -> str:
    """Where one signs in, to come back to `back_to`. (Not `django.contrib.auth.views`: it needs the models first.)"""
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back_to})}"


def way_here(request: HttpRequest) -> str:
    """The address to come back to after signing in. Of its questions only identifiers stay: what was looked for may
    name somebody, or what they live with, and this address goes from page to page."""
    kept = QueryDict(mutable=True)
    for name, values in request.GET.lists():
        if identifiers := [value for value in values if IDENTIFIER.fullmatch(value)]:
            kept.setlist(name, identifiers)
    return f"{request.path}?{kept.urlencode()}" if kept else request.path


def public(view: View) -> View:
    """Open a view to everyone, signed in or not. Say in its docstring why that is safe."""
    view.gate = "public"  # type: ignore[attr-defined]
    return view


class GateMiddleware:
    """Refuse every view which carries neither `@gate` nor `@public`: forgetting means closed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: Any, kwargs: Any) -> None:
        if not is_gated(view):
            raise Denied(f"{view.__module__}.{getattr(view, '__name__', view)} has no gate")


def is_gated(view: View) -> bool:
    module = getattr(view, "__module__", "") or ""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        module = view_class.__module__
    return (
        hasattr(view, "gate")
        or module.startswith(EXEMPT_MODULES)
        or (settings.DEBUG and module == "django.views.debug")
    )


def visible(model: type[M], actor: Actor, can: Any = None) -> QuerySet[M]:
    """The rows of `model` this actor may see (or act on with `can`). The only door to rows in views and forms."""
    return model._default_manager.visible_to(actor, can)  # type: ignore[attr-defined,no-any-return]


def get_visible(model: type[M], actor: Actor, can: Any = None, **lookup: Any) -> M:
    """One visible row, or 404: hidden and missing are the same answer."""
    try:
        if lookup.keys() == {"pk"}:
            row = _row_of(model, can).first(actor, pk=lookup["pk"])
        else:
            row = visible(model, actor, can).filter(**lookup).first()
    except (ValueError, ValidationError) as error:
        raise Http404 from error
    if row is None:
        raise Http404(model._meta.model_name)
    return row


def require(actor: Actor, can: Any, obj: Model | None = None) -> None:
    """First line of every action: the actor may, and this row is within reach. Raises Denied."""
    scope = actor.scope(can)
    if scope == Scope.NONE:
        raise Denied(str(can))
    if obj is None or scope == Scope.ALL:
        return
    if not _key_of(type(obj), can).rows(actor, pk=obj.pk):
        raise Denied(f"{can} on {obj._meta.model_name}")


# What nearly every page and every action asks, written once for each kind of row and each right.


@cache
def _row_of(model: type[M], can: Any) -> SeenRows[M]:
    own = can if can is not None else model._default_manager.all().reading  # type: ignore[attr-defined]
    return SeenRows(own, model, lambda actor: _asked(model, actor, own))


@cache
def _key_of(model: type[Model], can: Any) -> Seen:
    return Seen(can, lambda actor: _asked(model, actor, can).values_list("pk"))


def _asked(model: type[M], actor: Actor, can: Any) -> QuerySet[M]:
    return visible(model, actor, can).filter(pk=Asked("pk", model._meta.pk)).order_by()
