"""The frame around every page: who is signed in, where they may go, how they like to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_urlconf, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from vecu.core import comfort, jobs
from vecu.core.access import Scope
from vecu.core.comfort import Comfort
from vecu.people.actor import PUBLIC, Actor
from vecu.people.enums import STAFF_ROLES, Role
from vecu.people.middleware import NOBODY
from vecu.people.policy import Can, scope_of


@dataclass(frozen=True)
class Place:
    """A place of the menu: its address by name, its words, and the right that opens it (None: everyone)."""

    name: str
    label: str | Promise
    can: Can | None = None


@dataclass(frozen=True)
class Item:
    url: str
    label: str
    current: bool = False


PUBLIC_MENU = (
    Place("home", _("Meet a peer")),
    Place("help", _("Get help now")),
    Place("easy_read", _("Easy to read")),
)
STAFF_MENU = (
    Place("today", _("Today")),
    Place("request_list", _("Requests"), Can.SEE_REQUESTS),
    Place("pair_list", _("Pairs in touch"), Can.FOLLOW_PAIR),
    Place("peer_list", _("Peers"), Can.SEE_PEERS),
    Place("application_list", _("Applications"), Can.SEE_APPLICATIONS),
    Place("gathering_list", _("Agenda"), Can.RUN_GATHERINGS),
    Place("training_list", _("Training"), Can.MANAGE_TRAINING),
    Place("alert_list", _("Alerts"), Can.SEE_ALERTS),
    Place("figures", _("Figures"), Can.SEE_FIGURES),
)
MEMBER_MENU = (
    Place("today", _("Today")),
    Place("my_peer", _("My commitment"), Can.SET_LIMITS),
    Place("own_gatherings", _("My appointments"), Can.JOIN_GATHERINGS),
    Place("own_training", _("My training"), Can.ASK_EQUIVALENCE),
    Place("notice_list", _("Messages for me")),
    Place("help", _("Get help now")),
)
ACCOUNT_LINKS = (
    Place("notice_list", _("Messages for me")),
    Place("own_gatherings", _("My appointments"), Can.JOIN_GATHERINGS),
    Place("own_training", _("My training")),
    Place("own_hours", _("My hours and my expenses"), Can.CLAIM_EXPENSES),
    Place("own_missions", _("What I am asked"), Can.ANSWER_MISSION),
    Place("own_data", _("My data")),
    Place("mission_list", _("Missions"), Can.MANAGE_MISSIONS),
    Place("claim_list", _("Expenses"), Can.KEEP_ACCOUNTS),
    Place("report_list", _("Reported messages"), Can.HANDLE_REPORT),
    Place("duty_page", _("Duty and crisis path"), Can.MANAGE_DUTY),
    Place("programme_list", _("Programmes and ward links"), Can.MANAGE_PROGRAMME),
    Place("recruitment_settings", _("How we recruit"), Can.MANAGE_RECRUITMENT),
    Place("member_list", _("Team and roles"), Can.MANAGE_MEMBERS),
    Place("site_start", _("A new site starts"), Can.MANAGE_ORGANISATION),
    Place("organisation_detail", _("Organisation and sites"), Can.MANAGE_ORGANISATION),
    Place("journal_list", _("Journal of readings"), Can.READ_JOURNAL),
    Place("retention_board", _("What is erased, and when"), Can.READ_JOURNAL),
)


@dataclass(frozen=True)
class Frame:
    """What `core/base.html` needs. `nav` and `links` are the same objects for all who have the same menu."""

    nav: tuple[Item, ...]
    links: tuple[Item, ...]
    person_label: str
    role_label: str
    theme: str
    comfort: str
    is_demo: bool
    is_unrelayed: bool  # said to those who work here, on every page: nothing leaves any more


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment or a download pays nothing for it."""
    return {"frame": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> Frame:
    actor: Actor = getattr(request, "actor", PUBLIC)
    theme, classes = _reading(request.COOKIES.get(comfort.COOKIE, ""))
    menus = _menus(get_language() or "", get_urlconf() or settings.ROOT_URLCONF, actor.roles, actor.is_signed_in)
    return Frame(
        nav=_marked(menus.nav, request.path),
        links=menus.links,
        person_label=getattr(request, "me", NOBODY).given_name if actor.is_signed_in else "",
        role_label=menus.role_label,
        theme=theme,
        comfort=classes,
        is_demo=settings.DEMO,
        is_unrelayed=bool(actor.roles & STAFF_ROLES) and not jobs.worker_is_alive(),
    )


@dataclass(frozen=True)
class Menus:
    nav: tuple[Item, ...]
    links: tuple[Item, ...]
    role_label: str


@lru_cache(maxsize=256)
def _menus(language: str, urlconf: str, roles: frozenset[Role], is_signed_in: bool) -> Menus:
    """The places open to these roles, in this language: nothing of who they are, so that it may be kept."""
    if not is_signed_in:
        return Menus(_items(PUBLIC_MENU, roles, is_signed_in), (), "")
    nav = _items(STAFF_MENU if roles & STAFF_ROLES else MEMBER_MENU, roles, is_signed_in)
    role_label = ", ".join(str(Role(role).label) for role in sorted(roles))
    return Menus(nav, _items(ACCOUNT_LINKS, roles, is_signed_in), role_label)


def _items(places: tuple[Place, ...], roles: frozenset[Role], is_signed_in: bool) -> tuple[Item, ...]:
    return tuple(
        Item(reverse(place.name), str(place.label))
        for place in places
        if place.can is None or scope_of(roles, place.can, is_signed_in=is_signed_in) > Scope.NONE
    )


def _marked(nav: tuple[Item, ...], path: str) -> tuple[Item, ...]:
    """The place one is in says so."""
    return tuple(replace(item, current=True) if _is_in(path, item.url) else item for item in nav)


def _is_in(path: str, url: str) -> bool:
    return path == url or (url != "/" and path.startswith(url))


@lru_cache(maxsize=256)
def _reading(cookie: str) -> tuple[str, str]:
    chosen = Comfort.from_cookie(cookie)
    return chosen.data_theme, chosen.classes
