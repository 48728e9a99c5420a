"""What awaits someone, in full, once signed in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible, visible
from vecu.core.http import page_of, redirect, show
from vecu.messaging import actions
from vecu.messaging.enums import NoticeKind
from vecu.messaging.models import Notice
from vecu.people.policy import Can


@gate(Can.SEE_NOTICES)
def notice_list(request: HttpRequest) -> HttpResponse:
    """The newest first, fifty a page."""
    rows = visible(Notice, request.actor).order_by("-created_at", "pk")
    page = page_of(rows.values_list("pk", "kind", "created_at", "read_at", "url_name"), request)
    told = [(pk, NoticeKind(kind), at, read_at is None, bool(name)) for pk, kind, at, read_at, name in page]
    new, seen = [row for row in told if row[3]], [row for row in told if not row[3]]
    return show(request, "messaging/notice_list.html", rows=page, groups=[rows for rows in (new, seen) if rows])


@require_POST
@gate(Can.SEE_NOTICES)
def notice_open(request: HttpRequest) -> HttpResponse:
    """Mark one as read and go to what it speaks of; by POST, because reading changes something."""
    try:
        key = UUID(request.POST.get("notice", ""))
    except ValueError as error:
        raise Http404 from error
    notice = actions.read_notice(get_visible(Notice, request.actor, pk=key), actor=request.actor)
    return redirect(request, _target(notice))


def _target(notice: Notice) -> str:
    args: list[Any] = [notice.url_key] if notice.url_key else []
    try:
        return reverse(notice.url_name, args=args)
    except NoReverseMatch:
        return reverse("notice_list")
