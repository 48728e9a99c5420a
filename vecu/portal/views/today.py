"""« Aujourd’hui »: what waits for me, the late things first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from vecu.core.access import gate
from vecu.core.http import show
from vecu.people.policy import Can


@gate(Can.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """One first screen for everyone: each role sees its own part."""
    return show(request, "portal/today.html", now=timezone.now())
