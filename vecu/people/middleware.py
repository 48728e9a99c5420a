"""Who is asking: one frozen actor per request, and the rules of a session.

Staff roles count only when this session gave a second factor (a code of an app, a recovery code, a passkey); the
demo's one-click entry counts as one. A session ends after some time without anything done, and after a fixed time
in any case; what was being typed is kept, sealed for its author (`vecu.people.actions.typed`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.db.models import IntegerField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode

from vecu.core import vault
from vecu.core.access import EXEMPT_MODULES, way_here
from vecu.core.crypto import Ciphertext, open_value
from vecu.core.prepared import Asked, Prepared, PreparedRows
from vecu.people.actions import typed
from vecu.people.actor import PUBLIC, Actor
from vecu.people.enums import STAFF_ROLES, Role
from vecu.people.models import Person, User

MINUTE, DAY = 60, 24 * 3600
STAFF_IDLE, OTHERS_IDLE = 15 * MINUTE, 30 * MINUTE
STAFF_WHOLE, OTHERS_WHOLE = 12 * 3600, 7 * DAY
SEEN_EVERY = MINUTE  # the session row is written at most once a minute

ORGANISATION_KEY = "organisation"
DEMO_KEY = "demo"
SEEN_KEY = "seen_at"
SIGNED_IN_KEY = "signed_in_at"

# Pages open to staff who have not given their second factor yet; sign-in pages and public pages are too.
BEFORE_SECOND_FACTOR = frozenset({"second_factor", "organisation_switch"})

# The person of an account, with every role they ever had, oldest organisation first.
ACCOUNT = Prepared(
    lambda: (
        Person.objects.filter(user_id=Asked("user_id", IntegerField()), erased_at=None)
        .order_by("memberships__started_on", "memberships__created_at")
        .values_list(
            "pk",
            "vault_id",
            "given_name",
            "memberships__organisation_id",
            "memberships__organisation__name",
            "memberships__role",
            "memberships__started_on",
            "memberships__ended_on",
        )
    )
)


USER = PreparedRows(User, lambda: User.objects.filter(pk=Asked("user_id", IntegerField())))


class Accounts(AuthenticationBackend):
    """allauth's, but for how the account of a session is read."""

    def get_user(self, user_id: int) -> User | None:
        user = USER.first(user_id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


@dataclass(frozen=True)
class Place:
    """An organisation in which the person signed in has roles today."""

    organisation_id: UUID
    name: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Me:
    """The person signed in. The first name stays sealed until a page shows it."""

    person_id: UUID | None = None
    vault_id: UUID | None = None
    sealed_name: Ciphertext | None = None
    places: tuple[Place, ...] = ()

    @property
    def given_name(self) -> str:
        if self.vault_id is None or self.sealed_name is None:
            return ""
        return str(open_value(Person, "given_name", self.person_id, None, self.vault_id, self.sealed_name))


NOBODY = Me()


class ActorMiddleware:
    """Set `request.actor`, `request.me` and `request.places`; end sessions that lasted too long; ask for the second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.places, request.actor, request.needs_second_factor = (), PUBLIC, False
        request.me = NOBODY
        if not request.user.is_authenticated:
            return self.get_response(request)
        me = who(request.user.pk)
        is_staff = any(place.roles & STAFF_ROLES for place in me.places)
        if _is_over(request, is_staff):
            return _ask_again(request, me.person_id)
        request.me, request.places = me, me.places
        request.needs_second_factor = is_staff and not has_second_factor(request)
        request.actor = _actor(request, me.person_id, me.places)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        with vault.along(me.vault_id):
            return self.get_response(request)

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Staff without a second factor are led to it, whatever they came for."""
        if not request.needs_second_factor or _is_open_before(view):
            return None
        onward = way_here(request) if request.method == "GET" else "/"
        target = f"{reverse('second_factor')}?{urlencode({'next': onward})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": target})
        return redirect(target)


def has_second_factor(request: Any) -> bool:
    """This session gave more than one proof: an authenticator code, a recovery code, a passkey, or two factors at a
    provider whose operator here counts them."""
    if settings.DEMO and request.session.get(DEMO_KEY):
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" or record.get("second_factor") is True for record in records)


def _is_open_before(view: Any) -> bool:
    if getattr(view, "gate", None) == "public" or getattr(view, "__name__", "") in BEFORE_SECOND_FACTOR:
        return True
    view_class = getattr(view, "view_class", None)
    module = view_class.__module__ if view_class else getattr(view, "__module__", "")
    return bool(module.startswith(EXEMPT_MODULES))


def who(user_id: int) -> Me:
    """One query: the person of this account and the roles in force today."""
    today = timezone.localdate()
    rows = ACCOUNT.rows(user_id=user_id)
    if not rows:
        return NOBODY
    found: dict[UUID, tuple[str, set[Role]]] = {}
    for *_person, organisation_id, name, role, started_on, ended_on in rows:
        if organisation_id and started_on <= today and (ended_on is None or ended_on > today):
            found.setdefault(organisation_id, (name, set()))[1].add(Role(role))
    places = tuple(Place(pk, name, frozenset(roles)) for pk, (name, roles) in found.items())
    person_id, vault_id, sealed_name = rows[0][:3]
    return Me(person_id, vault_id, sealed_name, places)


def _actor(request: Any, person_id: UUID | None, places: Iterable[Place]) -> Actor:
    """The actor in the organisation chosen for this session, else the first one."""
    chosen = request.session.get(ORGANISATION_KEY)
    place = next((place for place in places if str(place.organisation_id) == chosen), None)
    place = place or next(iter(places), None)
    roles = place.roles if place else frozenset()
    if request.needs_second_factor:
        roles = roles - STAFF_ROLES
    return Actor(
        user_id=request.user.pk,
        person_id=person_id,
        organisation_id=place.organisation_id if place else None,
        roles=roles,
        is_signed_in=person_id is not None,
    )


def _is_over(request: Any, is_staff: bool) -> bool:
    """Too long without anything done, or too long in all. The demo has nothing to protect."""
    session, now = request.session, time.time()
    if settings.DEMO and session.get(DEMO_KEY):
        return False
    signed_in, seen = session.get(SIGNED_IN_KEY), session.get(SEEN_KEY)
    if signed_in is None or seen is None:
        session[SIGNED_IN_KEY], session[SEEN_KEY] = now, now
        return False
    if now - signed_in > (STAFF_WHOLE if is_staff else OTHERS_WHOLE):
        return True
    if now - seen > (STAFF_IDLE if is_staff else OTHERS_IDLE):
        return True
    if now - seen > SEEN_EVERY:
        session[SEEN_KEY] = now
    return False


def _ask_again(request: Any, person_id: UUID | None) -> HttpResponse:
    """End the session and lead to sign-in; a form sent too late waits, sealed, for its author."""
    kept = typed.keep(request, person_id)
    logout(request)
    if kept is not None:
        request.session[typed.SESSION_KEY] = kept
    target = reverse("typed_resume") if kept is not None else way_here(request)
    response = redirect_to_login(target, login_url=f"{reverse('account_login')}?reason=idle")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": response["Location"]})
    return response


def count_added_authenticator(sender: Any, request: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Setting up an app or a passkey proved it was in hand: the session need not ask again at once."""
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        record_authentication(
            request, user, method="mfa", type=authenticator.type, id=authenticator.pk, reauthenticated=True
        )
