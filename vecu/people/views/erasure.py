"""Asking to be erased; and, for data officers, what is kept until when."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vecu.core import retention
from vecu.core.access import gate, get_visible, visible
from vecu.core.http import redirect, show
from vecu.people import actions, erasures
from vecu.people.models import ErasureRequest
from vecu.people.policy import Can
from vecu.people.views.own import own_person


@gate(Can.SEE_OWN_DATA)
def erasure_ask(request: Any) -> HttpResponse:
    """What goes, what stays and why; then the button."""
    person = own_person(request)
    if request.method == "POST":
        actions.ask_erasure(person, actor=request.actor)
        messages.success(request, _("Your request is noted. You have seven days to change your mind."))
        return redirect(request, "erasure_ask")
    return show(
        request,
        "people/erasure_ask.html",
        fates=erasures.preview(person),
        erasure=visible(ErasureRequest, request.actor).pending().first(),
    )


@gate(Can.SEE_OWN_DATA)
def erasure_cancel(request: Any) -> HttpResponse:
    erasure = get_visible(ErasureRequest, request.actor)
    if request.method == "POST":
        actions.cancel_erasure(erasure, actor=request.actor)
        messages.success(request, _("Nothing will be erased. Everything stays as it was."))
    return redirect(request, "own_data")


@gate(Can.READ_JOURNAL)
def retention_board(request: Any) -> HttpResponse:
    """Every clock: what it keeps, for how long, what then, and how many rows wait."""
    return show(request, "people/retention_board.html", clocks=retention.board())
