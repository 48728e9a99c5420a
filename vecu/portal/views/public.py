"""Pages open to everyone. None of them shows a row that belongs to a person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.accompaniment.models import Programme
from vecu.core import comfort as comforts
from vecu.core import help_lines
from vecu.core.access import public, visible
from vecu.core.comfort import Comfort
from vecu.core.http import redirect, show, show_form
from vecu.core.templatetags.ui.registry import icon_names
from vecu.people.actor import PUBLIC
from vecu.portal.forms import ComfortForm, SampleForm, SearchForm


@public
def home(request: HttpRequest) -> HttpResponse:
    """The first page: who is behind, four doors, what happens after a request by each programme's own clocks."""
    programmes = open_programmes()
    return show(
        request,
        "portal/home.html",
        programmes=programmes,
        only=programmes[0] if len(programmes) == 1 else None,
        clocks=slowest_clocks(programmes),
    )


@public
def help_page(request: HttpRequest) -> HttpResponse:
    """Every help line with what to expect. Reads nothing from the database."""
    return show(
        request,
        "portal/help.html",
        urgent=help_lines.URGENT,
        listening=help_lines.LISTENING,
        checked_on=help_lines.CHECKED_ON,
    )


@public
def comfort(request: HttpRequest) -> HttpResponse:
    """Reading comfort: kept in a cookie of this device, never in the database."""
    current = Comfort.from_cookie(request.COOKIES.get(comforts.COOKIE, ""))
    form = ComfortForm(request.POST or None, initial=asdict(current))
    if not form.is_valid():
        return show_form(request, "portal/comfort.html", form)
    messages.success(request, _("Done: the pages now look this way on this device."))
    response = redirect(request, "comfort")
    response.set_cookie(
        comforts.COOKIE,
        form.comfort().cookie,
        max_age=comforts.MAX_AGE,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


@public
def legal_notice(request: HttpRequest) -> HttpResponse:
    """Who publishes this site and who holds its data."""
    return show(request, "portal/legal.html", legal=settings.LEGAL)


@public
def privacy(request: HttpRequest) -> HttpResponse:
    """What is written down about people, who reads it, how long it is kept, what they may ask."""
    programmes = open_programmes()
    longest = max((programme.keep_months for programme in programmes), default=None)
    return show(request, "portal/privacy.html", programmes=programmes, keep_months=longest)


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement: what was tested, what was not, whom to tell."""
    return show(request, "portal/accessibility.html", programmes=open_programmes())


@public
def easy_read(request: HttpRequest) -> HttpResponse:
    """The same things in easy-to-read French (FALC) or plain English."""
    return show(request, "portal/easy.html")


@public
def site_map(request: HttpRequest) -> HttpResponse:
    """Every page open to everyone."""
    return show(request, "portal/site_map.html")


@public
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every component in every variant, for those who build pages. Not on real instances."""
    if not settings.CATALOGUE:
        raise Http404
    now = timezone.now()
    return show(
        request,
        "core/catalogue.html",
        now=now,
        day=timezone.localdate(now),
        moment=now - timedelta(days=3),
        sample=_("You can stop at any time, without giving a reason."),
        sample_form=SampleForm(prefix="sample"),
        wrong_form=SampleForm({}, prefix="wrong"),
        search_form=SearchForm(),
        tabs=[("To call", "#a", 3, False), ("To match", "#b", 6, True), ("Ended", "#c", None, False)],
        rows=Paginator(range(120), 50).page(2),
        icons=sorted(icon_names()),
    )


def open_programmes() -> list[Programme]:
    """The programmes which take requests, the same for whoever looks. Twenty at most: more needs a search page."""
    rows = visible(Programme, PUBLIC).filter(is_open=True).select_related("organisation").order_by("name")
    return list(rows[:20])


def slowest_clocks(programmes: list[Programme]) -> dict[str, int]:
    """What is promised to everyone is the longest delay of any open programme."""
    names = ("call_working_days", "first_contact_days", "ring_back_days")
    return {name: max((getattr(programme, name) for programme in programmes), default=0) for name in names}
