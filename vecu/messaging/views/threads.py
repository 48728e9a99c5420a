"""A thread as a whole: read, settings, leaving, blocking. The page that shows it is accompaniment's."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.core.access import gate, get_visible
from vecu.core.http import redirect, show
from vecu.messaging import actions, panels
from vecu.messaging.forms import SettingsForm
from vecu.messaging.models import Thread
from vecu.people.policy import Can


def back_of(request: HttpRequest) -> str:
    """The page of ours these fragments stand in, else the first page after sign-in."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else resolve_url(settings.LOGIN_REDIRECT_URL)


@require_POST
@gate(Can.SEE_THREAD)
def thread_read(request: HttpRequest, pk: Any) -> HttpResponse:
    """Say that one has read, up to a message one was shown."""
    thread = get_visible(Thread, request.actor, pk=pk)
    up_to = request.POST.get("up_to", "")
    shown = int(up_to) if up_to.isascii() and up_to.isdigit() and len(up_to) < 10 else None
    actions.mark_read(thread, actor=request.actor, up_to=shown)
    return redirect(request, back_of(request))


@gate(Can.SEE_THREAD)
def thread_settings(request: HttpRequest, pk: Any) -> HttpResponse:
    """First name and « lu »: what one agrees to show."""
    thread = get_visible(Thread, request.actor, pk=pk)
    back = back_of(request)
    if request.method == "POST":
        form = SettingsForm(request.POST)
        if form.is_valid():
            actions.show_first_name(thread, actor=request.actor, on=form.cleaned_data["shows_first_name"])
            actions.show_reading(thread, actor=request.actor, on=form.cleaned_data["shows_reading"])
            messages.success(request, _("Your choice is kept."))
            return redirect(request, back)
    panel = panels.news_panel(thread, request.actor, thread.last_number, back=back)
    chosen = {"shows_first_name": panel.me.shows_first_name, "shows_reading": panel.me.shows_reading}
    return show(request, "messaging/thread_settings.html", panel=panel, form=SettingsForm(initial=chosen), back=back)


@gate(Can.SEE_THREAD)
def thread_leave(request: HttpRequest, pk: Any) -> HttpResponse:
    """Out at once, without a reason."""
    thread = get_visible(Thread, request.actor, pk=pk)
    if request.method != "POST":
        return show(request, "messaging/thread_leave.html", thread=thread, back=back_of(request))
    actions.leave(thread, actor=request.actor)
    messages.success(request, _("You have left this exchange. Nobody will ask you why."))
    return redirect(request, settings.LOGIN_REDIRECT_URL)


@gate(Can.SEE_THREAD)
def thread_block(request: HttpRequest, pk: Any) -> HttpResponse:
    """Close the exchange and never be put in touch with this person again."""
    thread = get_visible(Thread, request.actor, pk=pk)
    if request.method != "POST":
        return show(request, "messaging/thread_block.html", thread=thread, back=back_of(request))
    actions.block(thread, actor=request.actor)
    messages.success(request, _("This exchange is closed. This person can no longer write to you."))
    return redirect(request, back_of(request))
