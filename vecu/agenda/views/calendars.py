"""The address of one's calendar, and what calendars read there."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from vecu.agenda import actions, calendar
from vecu.agenda.actions.calendars import feed_of
from vecu.agenda.models import CalendarFeed
from vecu.core.access import gate, get_visible, public, visible
from vecu.core.http import redirect, show
from vecu.people.models import Person
from vecu.people.policy import Can


@require_safe
@public
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Public because calendars cannot sign in: the secret in the address stands for its owner. It gives dates and
    towns only, and a wrong one answers as any page that does not exist."""
    feed = feed_of(token)
    if feed is None:
        raise Http404
    actions.note_read(feed)
    with translation.override(feed.language):
        body = calendar.feed(feed.person_id)
    headers = {
        "Content-Disposition": 'inline; filename="vecu.ics"',
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@gate(Can.JOIN_GATHERINGS)
def calendar_address(request: HttpRequest) -> HttpResponse:
    """Make or renew the address: shown in this answer only, for nothing but a hash of it is kept."""
    address = ""
    if request.method == "POST":
        person = get_visible(Person, request.actor, Can.JOIN_GATHERINGS, pk=request.actor.person_id)
        language = translation.get_language() or "fr"
        _feed, token = actions.make_address(person, actor=request.actor, language=language[:2])
        address = f"{settings.PUBLIC_URL.rstrip('/')}{reverse('calendar_feed', args=[token])}"
    feed = visible(CalendarFeed, request.actor).first()
    return show(request, "agenda/calendar_address.html", feed=feed, address=address)


@require_POST
@gate(Can.JOIN_GATHERINGS)
def calendar_remove(request: HttpRequest) -> HttpResponse:
    feed = visible(CalendarFeed, request.actor).first()
    if feed is not None:
        actions.remove_address(feed, actor=request.actor)
        messages.success(request, _("No calendar reads your dates any more."))
    return redirect(request, "own_gatherings")
