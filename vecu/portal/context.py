"""The frame around every page: who is signed in, where they may go, how they like to read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from vecu.core import comfort
from vecu.core.comfort import Comfort
from vecu.people.actor import PUBLIC, Actor
from vecu.people.enums import STAFF_ROLES, Role
from vecu.people.models import Person
from vecu.people.policy import Can


@dataclass(frozen=True)
class Place:
    """A place of the menu: its address by name, its words, and the right that opens it (None: everyone)."""

    name: str
    label: str | Promise
    can: Can | None = None


@dataclass(frozen=True)
class Item:
    url: str
    label: str | Promise
    current: bool
    count: int = 0


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
    Place("alert_list", _("Alerts"), Can.SEE_ALERTS),
    Place("figures", _("Figures"), Can.SEE_FIGURES),
)
MEMBER_MENU = (
    Place("today", _("Today")),
    Place("my_peer", _("My commitment"), Can.SET_LIMITS),
    Place("notice_list", _("Messages for me")),
    Place("help", _("Get help now")),
)
ACCOUNT_LINKS = (
    Place("notice_list", _("Messages for me")),
    Place("own_data", _("My data")),
    Place("report_list", _("Reported messages"), Can.HANDLE_REPORT),
    Place("duty_page", _("Duty and crisis path"), Can.MANAGE_DUTY),
    Place("programme_list", _("Programmes and ward links"), Can.MANAGE_PROGRAMME),
    Place("member_list", _("Team and roles"), Can.MANAGE_MEMBERS),
    Place("organisation_detail", _("Organisation and sites"), Can.MANAGE_ORGANISATION),
    Place("journal_list", _("Journal of readings"), Can.READ_JOURNAL),
)


@dataclass(frozen=True)
class Frame:
    nav: list[Item]
    links: list[Item]
    person_label: str
    role_label: str
    theme: str
    comfort: str
    is_demo: bool


def frame(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a fragment or a download pays nothing for it."""
    return {"frame": SimpleLazyObject(lambda: build(request))}


def build(request: HttpRequest) -> Frame:
    actor: Actor = getattr(request, "actor", PUBLIC)
    reading = Comfort.from_cookie(request.COOKIES.get(comfort.COOKIE, ""))
    person = Person.objects.filter(pk=actor.person_id).first() if actor.person_id else None
    if not actor.is_signed_in:
        menu = PUBLIC_MENU
    elif actor.roles & STAFF_ROLES:
        menu = STAFF_MENU
    else:
        menu = MEMBER_MENU
    return Frame(
        nav=_items(menu, actor, request.path),
        links=_items(ACCOUNT_LINKS, actor, request.path) if actor.is_signed_in else [],
        person_label=person.given_name if person is not None else "",
        role_label=", ".join(str(Role(role).label) for role in sorted(actor.roles)) if actor.is_signed_in else "",
        theme=reading.data_theme,
        comfort=reading.classes,
        is_demo=settings.DEMO,
    )


def _items(places: tuple[Place, ...], actor: Actor, path: str) -> list[Item]:
    found = []
    for place in places:
        if place.can is None or actor.may(place.can):
            url = reverse(place.name)
            found.append(Item(url, place.label, current=path == url or (url != "/" and path.startswith(url))))
    return found
