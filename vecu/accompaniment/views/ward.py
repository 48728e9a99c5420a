"""The door of a ward: six answers on a shared computer, without an account. Open to whoever holds its link."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse

from vecu.accompaniment.actions import programmes, requests, triage
from vecu.accompaniment.enums import RequestSource
from vecu.accompaniment.forms.requests import WardForm
from vecu.accompaniment.views.wizard import may_send
from vecu.core.access import public
from vecu.core.http import redirect, show, show_form
from vecu.people.actions import throttles
from vecu.people.actor import PUBLIC

CALL_BY_KEY = "ward_call_by"


@public
def ward_request(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a peer for someone of the ward. Public: the link is the key, and shows nothing of anybody."""
    door = programmes.find_door(token)
    if door is None:
        return _closed(request)
    form = WardForm(request.POST or None)
    if not form.is_valid() or not may_send(request, form, throttles.FROM_WARD):
        return show_form(request, "accompaniment/ward_request.html", form, programme=door.programme)
    asked, _code = requests.receive_request(
        door.programme, actor=PUBLIC, source=RequestSource.WARD, asker=form.asker(), told=form.told(), door=door
    )
    triage.tell_ward(asked, "received")
    # The day of the call and nothing else: this computer is shared.
    request.session[CALL_BY_KEY] = {"door": str(door.pk), "at": asked.call_by.isoformat()}
    return redirect(request, "ward_done", token)


@public
def ward_done(request: HttpRequest, token: str) -> HttpResponse:
    """Received. Says nothing of the person: this screen is shared. Public: it says by when somebody calls."""
    door = programmes.find_door(token)
    if door is None:
        return _closed(request)
    told = request.session.get(CALL_BY_KEY) or {}
    is_of_here = told.get("door") == str(door.pk)
    return show(
        request,
        "accompaniment/ward_done.html",
        programme=door.programme,
        token=token,
        promise=programmes.promise(door.programme, call_by=datetime.fromisoformat(told["at"]) if is_of_here else None),
        has_reply=bool(door.reply_to),
    )


def _closed(request: HttpRequest) -> HttpResponse:
    """An unknown, closed or renewed link: a kind page with whom to call."""
    return show(request, "accompaniment/ward_closed.html", status=404, programmes=programmes.open_phones())
