"""Writing, receiving, seeing an image, reporting a line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from vecu.core import images
from vecu.core.access import gate, get_visible
from vecu.core.errors import Refused
from vecu.core.http import is_htmx, redirect, show, show_form
from vecu.messaging import actions, help_words, panels, warnings
from vecu.messaging.forms import MessageForm, ReportForm
from vecu.messaging.models import Message, Thread
from vecu.messaging.views.threads import back_of
from vecu.people.policy import Can

PAGE = "messaging/message_send.html"


@gate(Can.WRITE_MESSAGE)
def message_send(request: HttpRequest, pk: Any) -> HttpResponse:
    """Send, after the writer has looked again at what is unwise. The text is never lost, whatever the answer."""
    thread = get_visible(Thread, request.actor, pk=pk)
    form = MessageForm(request.POST or None, request.FILES or None)
    if "edit" in request.POST:
        return _composer(request, thread, MessageForm(initial={"body": request.POST.get("body", "")}))
    if not form.is_valid():
        return _composer(request, thread, form, status=422 if form.is_bound else 200)
    written = dict(form.cleaned_data)
    known = written.pop("acknowledged").split()
    last_at, now = thread.last_message_at, timezone.now()
    if seen := warnings.look_again(written["body"], acknowledged=known, last_at=last_at, now=now):
        return _composer(request, thread, form, status=422, seen=seen)
    try:
        actions.send_message(thread, actor=request.actor, **written)
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _composer(request, thread, form, status=409)
    return _sent(request, thread, written["body"])


@gate(Can.SEE_THREAD)
def message_list(request: HttpRequest, pk: Any) -> HttpResponse:
    """What came after the last message a page shows, as a fragment."""
    thread = get_visible(Thread, request.actor, pk=pk)
    after = request.GET.get("after", "")
    if not (after.isascii() and after.isdigit() and len(after) < 10):
        raise Http404
    panel = panels.news_panel(thread, request.actor, int(after), back=back_of(request))
    return show(request, "messaging/_messages.html", panel=panel)


@gate(Can.SEE_THREAD)
def message_image(request: HttpRequest, pk: Any) -> HttpResponse:
    """An image of one's own thread, as it was written anew: nothing in it can run."""
    message = get_visible(Message, request.actor, pk=pk, has_image=True)
    return images.served(bytes(message.image))


@gate(Can.REPORT_MESSAGE)
def message_report(request: HttpRequest, pk: Any) -> HttpResponse:
    """Report a line; the exchange may close in the same gesture."""
    message = get_visible(Message, request.actor, pk=pk)
    form = ReportForm(request.POST or None)
    back = back_of(request)
    if not form.is_valid():
        is_open = get_visible(Thread, request.actor, pk=message.thread_id).closed_at is None
        return show_form(request, "messaging/message_report.html", form, message=message, back=back, is_open=is_open)
    asked = form.cleaned_data
    actions.report_message(message, actor=request.actor, reason=asked["reason"], words=asked["words"])
    if asked["closes"]:
        actions.block(message.thread, actor=request.actor)
    messages.success(request, _("Your report has gone. You will be told here when it has an answer."))
    return redirect(request, back)


def _composer(
    request: HttpRequest, thread: Thread, form: MessageForm, *, status: int = 200, seen: Any = ()
) -> HttpResponse:
    """The exchange with what was typed still in it. In place, only the notes change: the image stays chosen too."""
    thread.refresh_from_db()
    panel = panels.thread_panel(thread, request.actor, back=back_of(request), form=form)
    kinds = " ".join(each.kind for each in seen)
    context = {"panel": panel, "form": form, "notes": warnings.notes_on(seen), "kinds": kinds}
    if not is_htmx(request):
        return show(request, PAGE, status=status, had_image=bool(request.FILES), **context)
    response = show(request, PAGE, "messaging/_composer.html", status=status, **context)
    for header in ("HX-Retarget", "HX-Reselect"):
        response.headers[header] = f"#{panel.dom_id}-notes"
    response.headers["HX-Reswap"] = "outerHTML"
    return response


def _sent(request: HttpRequest, thread: Thread, body: str) -> HttpResponse:
    """The exchange with the new message. The box of help lines is always in it, shown or hidden, for this answer only:

    the same status and the same page whatever was written, so that not even an access log can tell.
    """
    panel = panels.thread_panel(thread, request.actor, back=back_of(request))
    context = {"panel": panel, "sent": True, "help_shown": help_words.are_in(body)}
    return show(request, PAGE, "messaging/_thread.html", **context)
