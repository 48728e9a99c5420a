"""Enter the demo as someone, in one click. These addresses exist only where settings say DEMO (see core.checks)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from vecu.core.access import public
from vecu.core.http import redirect, show
from vecu.people.middleware import DEMO_KEY
from vecu.portal import demo as world


@public
def demo(request: HttpRequest) -> HttpResponse:
    """Who is who in the demo: every person is invented."""
    return show(request, "portal/demo.html", groups=world.doors())


@require_POST
@public
def enter_as(request: HttpRequest) -> HttpResponse:
    """Open a session as one of the invented people. Counts as a second factor, in the demo only."""
    user = world.user_of(request.POST.get("person", ""))
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[DEMO_KEY] = True
    return redirect(request, "today")
