"""A ward, a faculty, a researcher asks for peers: one page behind a link, without an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from vecu.core.access import public
from vecu.core.errors import Refused
from vecu.core.http import redirect, show, show_form
from vecu.missions import actions
from vecu.missions.forms import MissionForm
from vecu.peers.forms.inputs import accepted
from vecu.people.actions import throttles
from vecu.people.actor import PUBLIC


@public
def mission_ask(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for peers. Public: the link is the key, and shows nothing of anybody."""
    door = actions.find_door(token)
    if door is None:
        return show(request, "missions/mission_closed.html", status=404)
    form = MissionForm(request.POST or None)
    if form.is_valid() and _may_send(request, form):
        receive = actions.receive_mission
        if accepted(form, lambda: receive(door.organisation, actor=PUBLIC, door=door, **form.told())):
            return redirect(request, "mission_asked", token)
    return show_form(request, "missions/mission_ask.html", form, organisation=door.organisation, door=door)


@public
def mission_asked(request: HttpRequest, token: str) -> HttpResponse:
    """Received. Public: the same for everyone who asked."""
    door = actions.find_door(token)
    if door is None:
        return show(request, "missions/mission_closed.html", status=404)
    return show(request, "missions/mission_asked.html", organisation=door.organisation, token=token)


def _may_send(request: HttpRequest, form: Any) -> bool:
    """Counted for the network it comes from; when too much comes, said above what was typed."""
    try:
        throttles.count_sent(throttles.FROM_WARD, request.META["REMOTE_ADDR"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True
