"""Following a request with its receipt code, and stopping it in one step. Open to everyone: the code is the key."""

from __future__ import annotations

import time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vecu.accompaniment.actions import requests, triage
from vecu.accompaniment.enums import RequestState
from vecu.accompaniment.forms.asking import ReceiptForm
from vecu.accompaniment.models import SupportRequest
from vecu.accompaniment.views.wizard import RECEIPT_SHOWN_SECONDS, SENT_KEY, may_open
from vecu.core.access import public, visible
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.people.actor import Actor
from vecu.people.policy import Can

FOLLOWED_KEY = "ask_followed"
FOLLOWED_SECONDS = 900


@public
def ask_follow(request: HttpRequest) -> HttpResponse:
    """Type the code, see where the request stands; signed in, no code is asked. Public: wrong codes are counted
    and slowed down."""
    found = _followed(request)
    if found is not None and request.method != "POST":
        return _show_state(request, found)
    form = ReceiptForm(request.POST or None)
    if not form.is_valid():
        return show_form(request, "accompaniment/ask_follow.html", form)
    try:
        found = requests.find_by_receipt(form.cleaned_data["code"], network=request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error("code", ValidationError(refusal.sentence, code=refusal.code))
        return show(request, "accompaniment/ask_follow.html", form=form)
    if found is None:
        form.add_error("code", _("No request has this code. Check the sixteen digits, or call us."))
        # Answered 200, so that the wrong try stays counted: a refusal would undo it.
        return show(request, "accompaniment/ask_follow.html", form=form)
    request.session[FOLLOWED_KEY] = {"request": str(found.pk), "at": int(time.time())}
    return redirect(request, "ask_follow")


def _show_state(request: HttpRequest, found: SupportRequest) -> HttpResponse:
    """Where it stands, in words; nothing of what was told."""
    return show(
        request,
        "accompaniment/ask_follow.html",
        asked=found,
        programme=found.programme,
        is_late=found.state == RequestState.RECEIVED and found.call_by < timezone.now(),
        is_over=found.state == RequestState.CLOSED,
        may_open=may_open(found),
    )


@public
@require_POST
def ask_withdraw(request: HttpRequest) -> HttpResponse:
    """Stop the request, in one step and without a reason. Public: needs a code typed a moment ago."""
    found = _followed(request)
    if found is None:
        messages.info(request, _("Type your code again: the page stayed open for too long."))
        return redirect(request, "ask_follow")
    triage.withdraw_request(found, actor=requests.holder(found))
    messages.success(request, _("It is done: your request has ended, nobody will call you about it."))
    return redirect(request, "today" if _is_own(request, found) else "ask_follow")


@public
@require_POST
def ask_open(request: HttpRequest) -> HttpResponse:
    """Have the link that opens one's space sent to the address given. Public: needs a request sent or a code typed a
    moment ago; says the same whatever the address is."""
    found = followed_or_sent(request)
    if found is None:
        messages.info(request, _("Type your code again: the page stayed open for too long."))
        return redirect(request, "ask_follow")
    requests.offer_opening(found, network=request.META["REMOTE_ADDR"])
    messages.success(request, _("A message is on its way to the address you gave. Open it within seven days."))
    return redirect(request, "ask_done" if request.session.get(SENT_KEY) else "ask_follow")


@public
@require_POST
def ask_leave(request: HttpRequest) -> HttpResponse:
    """Forget the receipt in this browser: for a computer that others use. Public: it only forgets."""
    for key in (FOLLOWED_KEY, SENT_KEY):
        request.session.pop(key, None)
    return redirect(request, "home")


def followed_or_sent(request: HttpRequest) -> SupportRequest | None:
    """The request this browser may speak for: its code was typed here, it was sent from here, or it is one's own."""
    return _followed(request) or _just_sent(request)


def _followed(request: HttpRequest) -> SupportRequest | None:
    """The request whose code was typed here less than a quarter of an hour ago, else one's own."""
    followed = request.session.get(FOLLOWED_KEY)
    if followed and time.time() - followed["at"] <= FOLLOWED_SECONDS:
        return requests.followed(followed["request"])
    return _own(request)


def _just_sent(request: HttpRequest) -> SupportRequest | None:
    sent = request.session.get(SENT_KEY)
    is_fresh = sent and time.time() - sent["at"] < RECEIPT_SHOWN_SECONDS
    return requests.followed(sent["request"]) if is_fresh else None


def _own(request: HttpRequest) -> SupportRequest | None:
    """The request under way of whoever is signed in, the newest first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if actor.person_id is None:
        return None
    mine = visible(SupportRequest, actor, Can.ASK_CHANGE).filter(person_id=actor.person_id).standing()
    found: SupportRequest | None = mine.select_related("programme__organisation").order_by("-received_at").first()
    return found


def _is_own(request: HttpRequest, found: SupportRequest) -> bool:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.person_id is not None and actor.person_id == found.person_id
